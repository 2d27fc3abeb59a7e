package dev.weir.einsum.analysis;

import dev.weir.einsum.analysis.Dependences.Edge;
import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Tensor;
import java.util.List;
import java.util.stream.Stream;

/**
 * How often the fibers of one tensor along one rank are swept over, in every mapping: the longest
 * chain of Einsums that write or read them, each of which must wait until the one before it has
 * been everywhere.
 */
final class FiberSweeps {

  private final RankFamily family;
  private final Dependences dependences;
  private final SweepTimes times;
  private final List<Einsum> einsums;

  FiberSweeps(RankFamily family, Dependences dependences, SweepTimes times) {
    this.family = family;
    this.dependences = dependences;
    this.times = times;
    this.einsums = dependences.cascade().einsums();
  }

  /** With what the cascade's Einsums themselves write and read. */
  int asWritten(Tensor tensor) {
    boolean[] touching = new boolean[einsums.size()];
    for (int place = 0; place < touching.length; place++) {
      touching[place] = touches(einsums.get(place), tensor);
    }
    return longest(touching);
  }

  /**
   * When no whole fiber is kept from one sweep to the next: then what a sweep needs at a step is
   * computed again, from the tensor on. Partial results, a few to a tile, are kept.
   */
  int computedAgain(Tensor tensor) {
    boolean[] needing = new boolean[einsums.size()];
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int place = 0; place < needing.length; place++) {
        if (!needing[place] && needs(place, tensor, needing)) {
          needing[place] = true;
          changed = true;
        }
      }
    }
    for (int place = 0; place < needing.length; place++) {
      Einsum einsum = einsums.get(place);
      needing[place] &= family.isIteratedWholeBy(einsum) || touches(einsum, tensor);
    }
    return longest(needing);
  }

  private boolean needs(int place, Tensor tensor, boolean[] needing) {
    return einsums.get(place).reads().stream().anyMatch(access -> isAlong(access, tensor))
        || times.into(place).stream()
            .anyMatch(edge -> needing[edge.producer()] && isPassedOn(edge));
  }

  private boolean isPassedOn(Edge edge) {
    Tensor carrier = dependences.cascade().tensorsByName().get(edge.access().tensor());
    Access output = einsums.get(edge.producer()).output();
    return family.isStepwise(output, carrier) && family.isStepwise(edge.access(), carrier);
  }

  private int longest(boolean[] sweeping) {
    SweepTimes ofTensor = new SweepTimes(family, dependences, place -> sweeping[place]);
    int last = 0;
    for (int place = 0; place < sweeping.length; place++) {
      if (sweeping[place]) {
        last = Math.max(last, ofTensor.earliest(place));
      }
    }
    return (last + 1) / 2;
  }

  private boolean touches(Einsum einsum, Tensor tensor) {
    return Stream.concat(einsum.reads().stream(), Stream.of(einsum.output()))
        .anyMatch(access -> isAlong(access, tensor));
  }

  private boolean isAlong(Access access, Tensor tensor) {
    return access.tensor().equals(tensor.name())
        && family.hasSteps(tensor.ranks())
        && family.isAlongFibers(access, tensor);
  }
}
