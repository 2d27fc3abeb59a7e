package dev.weir.mapper.arch;

import dev.weir.einsum.analysis.OperationKind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Processing elements that repeat along axes.
 *
 * @param name its name
 * @param axes its axes
 * @param operations what a processing element can do, and at which cost
 * @param variants other ways to do some of these, in the order of the file
 * @param reads levels that it reads operands from
 * @param writes levels that it writes results to; one of another unit's levels stands here only
 *     when there is a link to it
 */
public record ComputeUnit(
    UnitName name,
    List<Axis> axes,
    Map<OperationKind, OperationCost> operations,
    List<OperationVariant> variants,
    Set<LevelName> reads,
    Set<LevelName> writes) {

  public ComputeUnit {
    axes = List.copyOf(axes);
    operations = Map.copyOf(operations);
    variants = List.copyOf(variants);
    reads = Set.copyOf(reads);
    writes = Set.copyOf(writes);
  }

  /** A unit with one way to do each operation. */
  public ComputeUnit(
      UnitName name,
      List<Axis> axes,
      Map<OperationKind, OperationCost> operations,
      Set<LevelName> reads,
      Set<LevelName> writes) {
    this(name, axes, operations, List.of(), reads, writes);
  }

  public Optional<OperationVariant> variant(VariantName wanted) {
    return variants.stream().filter(variant -> variant.name().equals(wanted)).findFirst();
  }

  /** The unit as it is for a compute that chooses some of its variants. */
  public ComputeUnit choosing(List<VariantName> chosen) {
    if (chosen.isEmpty()) {
      return this;
    }
    Map<OperationKind, OperationCost> costs = new EnumMap<>(operations);
    chosen.forEach(
        name -> variant(name).ifPresent(variant -> costs.put(variant.of(), variant.cost())));
    return new ComputeUnit(name, axes, costs, variants, reads, writes);
  }

  public Optional<Axis> axis(AxisName wanted) {
    return axes.stream().filter(axis -> axis.name().equals(wanted)).findFirst();
  }

  /** Area of one processing element, without its registers; empty when a part is not known. */
  public Optional<Double> squareMillimetres() {
    Optional<Double> area = Optional.of(0.0);
    for (OperationCost operation : operations.values()) {
      area = area.flatMap(sum -> operation.squareMillimetres().map(part -> sum + part));
    }
    return area;
  }

  /** Processing elements; an OpenCL index space has more than fit a {@code long}. */
  public double instances() {
    return axes.stream().mapToDouble(Axis::instances).reduce(1, (a, b) -> a * b);
  }
}
