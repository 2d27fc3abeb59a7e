package dev.weir.opencl.validate;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.eval.Slice;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * A smaller workload whose outputs are some of those of a large one: a few coordinates of each rank
 * that is parallel and whose coordinates mean nothing but a place in tensors.
 *
 * @param chosen coordinates kept of each sampled rank, ascending
 * @param shapes of the smaller workload
 */
record Sample(Map<RankName, List<Long>> chosen, Shapes shapes) {

  /** Samples a workload; ranks with at most so many coordinates stay whole. */
  static Sample of(Cascade cascade, Shapes shapes, int most) {
    Map<RankName, List<Long>> chosen = new HashMap<>();
    Map<RankName, Long> smaller = new HashMap<>();
    Set<RankName> outer = new LinkedHashSet<>();
    cascade.partitions().forEach(split -> outer.add(split.outer()));
    for (RankName rank : ranks(cascade)) {
      if (outer.contains(rank)) {
        continue;
      }
      long shape = shapes.of(rank);
      boolean isSampled =
          shape > most
              && new PlaceOnly(rank, cascade).holds()
              && Slice.whyNotParallel(rank, cascade).isEmpty();
      if (isSampled) {
        chosen.put(rank, spread(shape, most));
      }
      smaller.put(rank, isSampled ? most : shape);
    }
    return new Sample(
        chosen, chosen.isEmpty() ? shapes : Shapes.complete(smaller, cascade.partitions()));
  }

  /** First, last and evenly between: the last ones stand in tails. */
  private static List<Long> spread(long shape, int most) {
    return LongStream.range(0, most)
        .map(i -> most == 1 ? shape - 1 : i * (shape - 1) / (most - 1))
        .boxed()
        .toList();
  }

  private static Set<RankName> ranks(Cascade cascade) {
    Set<RankName> ranks = new TreeSet<>(cascade.ranks());
    cascade.tensors().forEach(tensor -> ranks.addAll(tensor.ranks()));
    cascade.einsums().forEach(einsum -> ranks.addAll(einsum.iterationSpace()));
    for (Partition split : cascade.partitions()) {
      ranks.addAll(List.of(split.parent(), split.inner()));
    }
    return ranks;
  }

  /** The inputs of the smaller workload. */
  Map<TensorName, DenseTensor> select(Cascade cascade, Map<TensorName, DenseTensor> inputs) {
    Map<TensorName, DenseTensor> selected = new HashMap<>();
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.INPUT) {
        DenseTensor whole = inputs.get(tensor.name());
        long[] shape = ReferenceEvaluator.shape(tensor, shapes);
        DenseTensor part = new DenseTensor(shape, tensor.empty());
        Coordinates.forEach(shape, at -> part.set(whole.get(original(tensor, at)), at));
        selected.put(tensor.name(), part);
      }
    }
    return selected;
  }

  /** Where a point of a tensor of the smaller workload is in the large one. */
  long[] original(Tensor tensor, long[] coordinate) {
    List<Long> original = new ArrayList<>();
    for (int i = 0; i < coordinate.length; i++) {
      List<Long> kept = chosen.get(tensor.ranks().get(i));
      original.add(kept == null ? Long.valueOf(coordinate[i]) : kept.get((int) coordinate[i]));
    }
    return original.stream().mapToLong(Long::longValue).toArray();
  }
}
