package dev.weir.einsum.eval;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Stop;
import dev.weir.einsum.ir.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Ends an iteration when its condition holds: the newest generation stands for the last one. */
final class EarlyStop {

  /** An iterative tensor, the axis of its generations, and its axes along loops outside. */
  private record Iterated(DenseTensor values, int generations, List<Axis> outside) {}

  /** A rank of a tensor and where its coordinate is in the point. */
  private record Axis(int rank, int slot) {}

  private final PointCompiler.HoldsAt condition;
  private final int slot;
  private final long last;
  private final List<Iterated> tensors = new ArrayList<>();

  EarlyStop(Stop stop, ExecutionOrder.Steps steps, PointCompiler compiler) {
    this.condition = compiler.condition(stop.condition());
    this.slot = compiler.slot(steps.rank());
    this.last = compiler.shapes().of(steps.rank());
    for (Tensor tensor : compiler.cascade().tensors()) {
      boolean iterates = tensor.generations().equals(Optional.of(steps.rank()));
      if (iterates && steps.written().contains(tensor.name())) {
        tensors.add(
            new Iterated(
                compiler.tensor(tensor.name()),
                tensor.ranks().indexOf(steps.rank()),
                axes(tensor, steps.outside(), compiler)));
      }
    }
  }

  private static List<Axis> axes(Tensor tensor, Set<RankName> outside, PointCompiler compiler) {
    return outside.stream()
        .filter(tensor.ranks()::contains)
        .map(rank -> new Axis(tensor.ranks().indexOf(rank), compiler.slot(rank)))
        .toList();
  }

  /** Whether the iteration is over after the step in the point. */
  boolean after(long[] point) {
    if (!condition.at(point)) {
      return false;
    }
    tensors.forEach(tensor -> keepAsLast(tensor, point));
    return true;
  }

  private void keepAsLast(Iterated tensor, long[] point) {
    double[] values = tensor.values.array();
    int stride = tensor.values.stride(tensor.generations);
    int distance = Math.toIntExact((last - point[slot] - 1) * stride);
    for (int place = 0; place < values.length; place++) {
      boolean isNewest = coordinate(tensor.values, tensor.generations, place) == point[slot] + 1;
      if (isNewest && isHere(tensor, place, point)) {
        values[place + distance] = values[place];
      }
    }
  }

  private static boolean isHere(Iterated tensor, int place, long[] point) {
    return tensor.outside.stream()
        .allMatch(axis -> coordinate(tensor.values, axis.rank, place) == point[axis.slot]);
  }

  private static long coordinate(DenseTensor tensor, int rank, int place) {
    return place / tensor.stride(rank) % tensor.extent(rank);
  }
}
