package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Evaluates a cascade point by point in double precision, exactly as its Einsums read: no schedule,
 * no shortcut. Running time is the number of points of all iteration spaces.
 */
public final class ReferenceEvaluator {

  private final Cascade cascade;
  private final Shapes shapes;
  private final Map<TensorName, DenseTensor> tensors;
  private final PointEvaluator point;

  private ReferenceEvaluator(Cascade cascade, Shapes shapes, Map<TensorName, DenseTensor> inputs) {
    this.cascade = cascade;
    this.shapes = shapes;
    this.tensors = new HashMap<>(inputs);
    this.point = new PointEvaluator(cascade, shapes, tensors);
  }

  /**
   * Evaluates all Einsums.
   *
   * @param inputs values of every input tensor; not modified
   * @return every tensor of the cascade by name, inputs included
   */
  public static Map<TensorName, DenseTensor> evaluate(
      Cascade cascade, Shapes shapes, Map<TensorName, DenseTensor> inputs) {
    ReferenceEvaluator evaluator = new ReferenceEvaluator(cascade, shapes, inputs);
    evaluator.allocate();
    evaluator.run();
    return Map.copyOf(evaluator.tensors);
  }

  private void allocate() {
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.INPUT) {
        continue;
      }
      long[] shape =
          tensor.ranks().stream()
              .mapToLong(r -> shapes.of(r) + (tensor.generations().equals(Optional.of(r)) ? 1 : 0))
              .toArray();
      tensors.put(tensor.name(), new DenseTensor(shape, tensor.empty()));
    }
  }

  /** Neighbouring Einsums that iterate along the same rank advance together, one step at a time. */
  private void run() {
    List<Einsum> einsums = cascade.einsums();
    int next = 0;
    while (next < einsums.size()) {
      Optional<RankName> iterated = iteratedRank(einsums.get(next));
      int end = next + 1;
      while (iterated.isPresent()
          && end < einsums.size()
          && iteratedRank(einsums.get(end)).equals(iterated)) {
        end++;
      }
      List<Einsum> together = einsums.subList(next, end);
      if (iterated.isPresent()) {
        for (long step = 0; step < shapes.of(iterated.get()); step++) {
          point.moveTo(iterated.get(), step);
          together.forEach(einsum -> evaluate(einsum, Set.of(iterated.get())));
        }
      } else {
        together.forEach(einsum -> evaluate(einsum, Set.of()));
      }
      next = end;
    }
  }

  private Optional<RankName> iteratedRank(Einsum einsum) {
    return einsum.iterationSpace().stream().filter(cascade.iterativeRanks()::contains).findFirst();
  }

  private void evaluate(Einsum einsum, Set<RankName> fixed) {
    List<RankName> ranks = new ArrayList<>(einsum.iterationSpace());
    ranks.removeAll(fixed);
    // An inner part is as long as its outer part says, so outer parts come first.
    ranks.sort(Comparator.comparing(rank -> partitionOfInner(rank).isPresent()));
    visit(einsum, ranks, 0, new HashSet<>());
  }

  private void visit(Einsum einsum, List<RankName> ranks, int depth, Set<List<Long>> written) {
    if (depth == ranks.size()) {
      contribute(einsum, written);
      return;
    }
    RankName rank = ranks.get(depth);
    long shape =
        partitionOfInner(rank)
            .map(split -> shapes.innerShape(split, point.coordinate(split.outer())))
            .orElse(shapes.of(rank));
    for (long coordinate = 0; coordinate < shape; coordinate++) {
      point.moveTo(rank, coordinate);
      visit(einsum, ranks, depth + 1, written);
    }
  }

  private void contribute(Einsum einsum, Set<List<Long>> written) {
    if (einsum.condition().isPresent() && !point.holds(einsum.condition().get())) {
      return;
    }
    OptionalDouble value = point.evaluate(einsum.value());
    if (value.isEmpty()) {
      return;
    }
    DenseTensor output = tensors.get(einsum.output().tensor());
    long[] at = point.coordinates(einsum.output());
    boolean first = written.add(Arrays.stream(at).boxed().toList());
    double number = value.getAsDouble();
    output.set(first ? number : einsum.reduction().combine(output.get(at), number), at);
  }

  private Optional<Partition> partitionOfInner(RankName rank) {
    return cascade.partitions().stream().filter(split -> split.inner().equals(rank)).findFirst();
  }
}
