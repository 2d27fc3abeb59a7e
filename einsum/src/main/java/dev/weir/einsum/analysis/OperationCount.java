package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Operations of a whole cascade for given shapes: those of a point ({@link Operations}) times the
 * points ({@link PointCount}). Whether values are absent depends on data and is left out, as for
 * hardware that does not skip them.
 *
 * @param einsums one entry an Einsum, in the order of the cascade
 */
public record OperationCount(List<OfEinsum> einsums) {

  /**
   * Operations of one Einsum.
   *
   * @param einsum the tensor that it writes; an initial Einsum and its iteration share it
   * @param points size of its iteration space
   * @param operations how many of each kind; kinds that do not occur are missing
   */
  public record OfEinsum(
      TensorName einsum, PointCount points, Map<OperationKind, Long> operations) {

    public OfEinsum {
      operations = Map.copyOf(operations);
    }
  }

  public OperationCount {
    einsums = List.copyOf(einsums);
  }

  /** Counts a cascade. */
  public static OperationCount of(Cascade cascade, Shapes shapes) {
    List<OfEinsum> counts = new ArrayList<>();
    PartlyWritten partly = new PartlyWritten(cascade);
    for (Einsum einsum : cascade.einsums()) {
      PointCount own = PointCount.of(einsum, cascade, shapes);
      PointCount points =
          new PointCount(own.points(), own.whyUpperBound().or(() -> partly.whyLess(einsum)));
      Map<OperationKind, Long> operations = new EnumMap<>(OperationKind.class);
      Operations.perPoint(einsum, cascade)
          .forEach(
              (kind, count) ->
                  operations.put(kind, Math.multiplyExact(count.longValue(), points.points())));
      counts.add(new OfEinsum(einsum.output().tensor(), points, operations));
    }
    return new OperationCount(counts);
  }

  /** All Einsums together, by kind. */
  public Map<OperationKind, Long> totals() {
    Map<OperationKind, Long> totals = new EnumMap<>(OperationKind.class);
    for (OfEinsum einsum : einsums) {
      einsum.operations().forEach((kind, count) -> totals.merge(kind, count, Math::addExact));
    }
    return Map.copyOf(totals);
  }

  /** Kinds of which the total is an upper bound, since some Einsum that needs them has one. */
  public Set<OperationKind> upperBounds() {
    return einsums.stream()
        .filter(einsum -> einsum.points().whyUpperBound().isPresent())
        .flatMap(einsum -> einsum.operations().keySet().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * All operations as one number, a multiply-accumulate counting two as in the speed of machines.
   */
  public long weighted() {
    return totals().entrySet().stream()
        .mapToLong(
            entry ->
                entry.getKey() == OperationKind.MULTIPLY_ACCUMULATE
                    ? Math.multiplyExact(2, entry.getValue())
                    : entry.getValue())
        .reduce(0, Math::addExact);
  }

  /** Whether no condition made a number an upper bound. */
  public boolean isExact() {
    return einsums.stream().allMatch(einsum -> einsum.points().whyUpperBound().isEmpty());
  }
}
