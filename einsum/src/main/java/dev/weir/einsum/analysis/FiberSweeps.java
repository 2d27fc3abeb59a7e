package dev.weir.einsum.analysis;

import dev.weir.einsum.analysis.Dependences.Edge;
import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often the fibers of one tensor along one rank are swept over, in every mapping: the longest
 * chain of Einsums that write or read them, each of which must wait until the one before it has
 * been everywhere.
 */
final class FiberSweeps {

  private final Dependences dependences;
  private final SweepTimes times;
  private final BitSet whole = new BitSet();
  private final Map<TensorName, BitSet> touching = new HashMap<>();

  FiberSweeps(RankFamily family, Dependences dependences, SweepTimes times) {
    this.dependences = dependences;
    this.times = times;
    Map<TensorName, Tensor> tensors = dependences.cascade().tensorsByName();
    List<Einsum> einsums = dependences.cascade().einsums();
    for (int place = 0; place < einsums.size(); place++) {
      Einsum einsum = einsums.get(place);
      whole.set(place, times.isWhole(place));
      List<Access> accesses = new ArrayList<>(einsum.reads());
      accesses.add(einsum.output());
      for (Access access : accesses) {
        Tensor tensor = tensors.get(access.tensor());
        if (family.hasSteps(tensor.ranks()) && family.isAlongFibers(access, tensor)) {
          touching.computeIfAbsent(tensor.name(), _ -> new BitSet()).set(place);
        }
      }
    }
  }

  /** With what the cascade's Einsums themselves write and read. */
  int asWritten(TensorName tensor) {
    return longest(touching(tensor));
  }

  /**
   * Of an input, when no whole fiber is kept from one sweep to the next: then what a sweep needs at
   * a step is computed again, from the input on. Partial results, a few to a tile, are kept.
   */
  int computedAgain(TensorName input) {
    BitSet needing = (BitSet) touching(input).clone();
    Deque<Integer> waiting = new ArrayDeque<>(needing.stream().boxed().toList());
    while (!waiting.isEmpty()) {
      for (Edge edge : dependences.outOf(waiting.poll())) {
        if (!needing.get(edge.reader()) && isPassedOn(edge)) {
          needing.set(edge.reader());
          waiting.add(edge.reader());
        }
      }
    }
    needing.and(whole);
    needing.or(touching(input));
    return longest(needing);
  }

  private boolean isPassedOn(Edge edge) {
    return times.into(edge.reader()).contains(edge)
        && times.written(edge.producer(), 1) == 1
        && times.available(edge, 1) == 1;
  }

  private BitSet touching(TensorName tensor) {
    return touching.getOrDefault(tensor, new BitSet());
  }

  private int longest(BitSet sweeping) {
    SweepTimes ofTensor = times.relativeTo(sweeping::get);
    return (sweeping.stream().map(ofTensor::earliest).max().orElse(0) + 1) / 2;
  }
}
