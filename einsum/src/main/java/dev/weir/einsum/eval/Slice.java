package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Evaluates only some coordinates of ranks that are parallel, at the cost of those coordinates: two
 * heads and three queries of a workload too large to evaluate whole. A rank is parallel where no
 * value at one coordinate depends on a value at another.
 */
public final class Slice {

  /** Values, or why there are none. */
  public sealed interface Outcome {

    /**
     * Values at the chosen coordinates.
     *
     * @param outputs output tensors; place i of a sliced rank is the i-th chosen coordinate
     */
    record Evaluated(Map<TensorName, DenseTensor> outputs) implements Outcome {
      public Evaluated {
        outputs = Map.copyOf(outputs);
      }
    }

    /**
     * A rank that cannot be sliced.
     *
     * @param rank which
     * @param reason what makes its coordinates depend on each other
     */
    record Refused(RankName rank, String reason) implements Outcome {}
  }

  private Slice() {}

  /**
   * Evaluates a slice.
   *
   * @param shapes of the whole
   * @param inputs the whole inputs; not modified
   * @param chosen coordinates for each rank to be sliced; the other ranks stay whole
   */
  public static Outcome evaluate(
      Cascade cascade,
      Shapes shapes,
      Map<TensorName, DenseTensor> inputs,
      Map<RankName, List<Long>> chosen) {
    for (Map.Entry<RankName, List<Long>> entry : chosen.entrySet()) {
      Optional<String> reason =
          outside(entry.getKey(), entry.getValue(), shapes)
              .or(() -> whyNotParallel(entry.getKey(), cascade));
      if (reason.isPresent()) {
        return new Outcome.Refused(entry.getKey(), reason.get());
      }
    }
    SliceRewriter rewriter = new SliceRewriter(cascade, shapes, chosen);
    List<Einsum> einsums = cascade.einsums().stream().map(rewriter::rewrite).toList();
    Map<TensorName, DenseTensor> sliced = new HashMap<>(rewriter.tables());
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.INPUT) {
        sliced.put(tensor.name(), select(inputs.get(tensor.name()), tensor, chosen));
      }
    }
    Map<TensorName, DenseTensor> values =
        ReferenceEvaluator.evaluate(cascade, einsums, sliceOf(shapes, cascade, chosen), sliced);
    Map<TensorName, DenseTensor> outputs = new HashMap<>();
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.OUTPUT) {
        outputs.put(tensor.name(), values.get(tensor.name()));
      }
    }
    return new Outcome.Evaluated(outputs);
  }

  private static Optional<String> outside(RankName rank, List<Long> chosen, Shapes shapes) {
    return chosen.stream()
        .filter(coordinate -> coordinate < 0 || coordinate >= shapes.of(rank))
        .findFirst()
        .map(c -> "coordinate " + c + " is outside its shape of " + shapes.of(rank));
  }

  /** Why coordinates of a rank cannot be evaluated alone; nothing when they can. */
  public static Optional<String> whyNotParallel(RankName rank, Cascade cascade) {
    if (!cascade.stops().isEmpty()) {
      return Optional.of("an iteration stops when values of all of it say so");
    }
    if (cascade.iterativeRanks().contains(rank)) {
      return Optional.of("it is iterative: each step needs the one before");
    }
    for (Partition split : cascade.partitions()) {
      if (List.of(split.parent(), split.outer(), split.inner()).contains(rank)) {
        return Optional.of("it belongs to the partition of " + split.parent());
      }
    }
    if (ShapeUses.isUsed(rank, cascade)) {
      return Optional.of("its shape is used as a number");
    }
    Map<TensorName, Tensor> tensors = cascade.tensorsByName();
    for (Einsum einsum : cascade.einsums()) {
      if (einsum.reducedRanks().contains(rank)) {
        return Optional.of("Einsum " + einsum.output().tensor() + " reduces it");
      }
      Optional<String> reason = SliceRewriter.whyNotRewritable(einsum, rank, tensors);
      if (reason.isPresent()) {
        return reason;
      }
    }
    return Optional.empty();
  }

  private static Shapes sliceOf(Shapes shapes, Cascade cascade, Map<RankName, List<Long>> chosen) {
    Map<RankName, Long> all = new HashMap<>();
    cascade.tensors().stream()
        .flatMap(tensor -> tensor.ranks().stream())
        .forEach(rank -> all.put(rank, shapes.of(rank)));
    cascade.einsums().stream()
        .flatMap(einsum -> einsum.iterationSpace().stream())
        .forEach(rank -> all.put(rank, shapes.of(rank)));
    for (Partition split : cascade.partitions()) {
      all.put(split.parent(), shapes.of(split.parent()));
      all.put(split.inner(), shapes.of(split.inner()));
    }
    ShapeUses.all(cascade).forEach(rank -> all.put(rank, shapes.of(rank)));
    chosen.forEach((rank, coordinates) -> all.put(rank, (long) coordinates.size()));
    return Shapes.complete(all, cascade.partitions());
  }

  private static DenseTensor select(
      DenseTensor whole, Tensor tensor, Map<RankName, List<Long>> chosen) {
    long[] shape = whole.shape();
    for (int i = 0; i < shape.length; i++) {
      List<Long> coordinates = chosen.get(tensor.ranks().get(i));
      shape[i] = coordinates == null ? shape[i] : coordinates.size();
    }
    DenseTensor slice = new DenseTensor(shape, whole.empty());
    long[] at = new long[shape.length];
    double[] values = slice.array();
    for (int place = 0; place < values.length; place++) {
      int rest = place;
      for (int i = 0; i < shape.length; i++) {
        long coordinate = rest / slice.stride(i);
        rest %= slice.stride(i);
        List<Long> coordinates = chosen.get(tensor.ranks().get(i));
        at[i] = coordinates == null ? coordinate : coordinates.get((int) coordinate);
      }
      values[place] = whole.get(at);
    }
    return slice;
  }

  /** Whether an access moves along a rank of its tensor by that rank's own variable alone. */
  static boolean isAligned(Access access, Tensor tensor, RankName rank) {
    for (int i = 0; i < tensor.ranks().size(); i++) {
      if (tensor.ranks().get(i).equals(rank)
          && !access.indices().get(i).equals(new Index.Coordinate(rank))) {
        return false;
      }
    }
    return true;
  }
}
