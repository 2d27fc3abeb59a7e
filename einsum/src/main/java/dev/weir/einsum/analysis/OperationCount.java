package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Operations of a whole cascade for given shapes: those of a point ({@link Operations}) times the
 * points that are there as far as coordinates tell ({@link PresentPoints}). Whether values are the
 * empty one depends on data and is left out, as for hardware that does not skip them.
 *
 * @param einsums one entry an Einsum, in the order of the cascade
 */
public record OperationCount(List<OfEinsum> einsums) {

  /**
   * Operations of one Einsum.
   *
   * @param einsum the tensor that it writes; an initial Einsum and its iteration share it
   * @param points at how many points its value is computed
   * @param operations how many of each kind; kinds that do not occur are missing
   */
  public record OfEinsum(
      TensorName einsum, PointCount points, Map<OperationKind, Long> operations) {

    public OfEinsum {
      operations = Map.copyOf(operations);
    }
  }

  /**
   * Adds up.
   *
   * @throws ArithmeticException when a total does not fit 64 bits
   */
  public OperationCount {
    einsums = List.copyOf(einsums);
    weighted(einsums);
  }

  /**
   * Counts a cascade.
   *
   * @throws ArithmeticException when a number does not fit 64 bits
   */
  public static OperationCount of(Cascade cascade, Shapes shapes) {
    List<OfEinsum> counts = new ArrayList<>();
    PresentPoints present = new PresentPoints(cascade, shapes);
    PackedFactors packed = PackedFactors.of(cascade);
    for (int at = 0; at < cascade.einsums().size(); at++) {
      Einsum einsum = cascade.einsums().get(at);
      PointCount there = points(at, einsum, present);
      Optional<String> whyLess =
          Operations.areUpperBound(einsum, packed)
              ? Optional.of("points at which the cheaper branch of a selection runs need less")
              : Optional.empty();
      PointCount points = new PointCount(there.points(), there.whyUpperBound().or(() -> whyLess));
      Map<OperationKind, Long> operations = new EnumMap<>(OperationKind.class);
      Operations.perPoint(einsum, packed)
          .forEach(
              (kind, count) ->
                  operations.put(kind, Math.multiplyExact(count.longValue(), points.points())));
      counts.add(new OfEinsum(einsum.output().tensor(), points, operations));
    }
    return new OperationCount(counts);
  }

  private static PointCount points(int at, Einsum einsum, PresentPoints present) {
    PresentPoints.OfEinsum points = present.of(at);
    Presence counted = new Presence(points.computed().may(), points.complete().must());
    Presence space = Presence.exactly(points.scope().points());
    return present
        .counter()
        .upTo(
            List.of(present.isStopped(at) ? counted.atMost() : counted, points.iterated(), space),
            points.scope().variables(),
            PointCount.whyUnknown(einsum).or(() -> present.whyLess(at)));
  }

  /** All Einsums together, by kind. */
  public Map<OperationKind, Long> totals() {
    return totals(einsums);
  }

  private static Map<OperationKind, Long> totals(List<OfEinsum> einsums) {
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
    return weighted(einsums);
  }

  private static long weighted(List<OfEinsum> einsums) {
    return totals(einsums).entrySet().stream()
        .mapToLong(
            entry ->
                entry.getKey() == OperationKind.MULTIPLY_ACCUMULATE
                    ? Math.multiplyExact(2, entry.getValue())
                    : entry.getValue())
        .reduce(0, Math::addExact);
  }

  /** Whether no number is an upper bound. */
  public boolean isExact() {
    return einsums.stream().allMatch(einsum -> einsum.points().whyUpperBound().isEmpty());
  }
}
