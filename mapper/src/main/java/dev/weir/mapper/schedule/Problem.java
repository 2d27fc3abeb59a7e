package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ComputeUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that a reader of a schedule needs: what is computed, how, on what, how large.
 *
 * @param cascade what is computed
 * @param schedule how
 * @param architecture on what
 * @param shapes shape of every rank, those that the schedule binds included
 */
public record Problem(
    Cascade cascade, Schedule schedule, Architecture architecture, Shapes shapes) {

  /**
   * Puts the parts together; shapes that the schedule decides come from it. One that it binds to a
   * name that does not exist is left out, for {@link Legality} to find at its place.
   *
   * @param workload shapes of the unpartitioned ranks; not modified
   */
  public static Problem of(
      Cascade cascade, Schedule schedule, Architecture architecture, Map<RankName, Long> workload) {
    Map<RankName, Long> given = new HashMap<>(workload);
    schedule
        .shapes()
        .forEach(
            (rank, size) ->
                evaluate(size, schedule.parameters(), workload)
                    .ifPresent(shape -> given.put(rank, shape)));
    return new Problem(cascade, schedule, architecture, cascade.shapes(given));
  }

  /**
   * The same with other values for some parameters. Shapes that the schedule decides follow; the
   * workload's stay.
   */
  public Problem with(Map<String, Long> parameters) {
    Map<RankName, Long> workload = new HashMap<>();
    Set<RankName> parts = new HashSet<>();
    for (Partition split : cascade.partitions()) {
      parts.add(split.outer());
      parts.add(split.inner());
    }
    Stream<RankName> named =
        Stream.concat(
            cascade.tensors().stream().flatMap(tensor -> tensor.ranks().stream()),
            cascade.einsums().stream().flatMap(einsum -> einsum.iterationSpace().stream()));
    named.filter(rank -> !parts.contains(rank)).forEach(r -> workload.put(r, shapes.of(r)));
    cascade.partitions().stream()
        .map(Partition::inner)
        .filter(inner -> !schedule.shapes().containsKey(inner))
        .forEach(inner -> workload.put(inner, shapes.of(inner)));
    cascade.partitions().stream()
        .filter(split -> !parts.contains(split.parent()))
        .forEach(split -> workload.put(split.parent(), shapes.of(split.parent())));
    return of(cascade, schedule.with(parameters), architecture, workload);
  }

  /**
   * The unit of a compute with the variants that it chooses.
   *
   * @throws java.util.NoSuchElementException when there is no such unit
   */
  public ComputeUnit unit(Node.Compute compute) {
    return architecture.unit(compute.unit()).orElseThrow().choosing(compute.variants());
  }

  /** The unit on which an Einsum is computed, with the variants chosen for it. */
  public Optional<ComputeUnit> unitOf(TensorName einsum) {
    return schedule.compute(einsum).map(this::unit);
  }

  /** The value of a tile size or a number of copies. */
  public long value(Size size) {
    return switch (size) {
      case Size.Constant constant -> constant.value();
      case Size.Parameter parameter -> schedule.parameters().get(parameter.name());
      case Size.ShapeOf shape -> shapes.of(shape.rank());
      case Size.Product product ->
          Math.multiplyExact(value(product.left()), value(product.right()));
    };
  }

  private static Optional<Long> evaluate(
      Size size, Map<String, Long> parameters, Map<RankName, Long> workload) {
    return switch (size) {
      case Size.Constant constant -> Optional.of(constant.value());
      case Size.Parameter parameter -> Optional.ofNullable(parameters.get(parameter.name()));
      case Size.ShapeOf shape -> Optional.ofNullable(workload.get(shape.rank()));
      case Size.Product product ->
          evaluate(product.left(), parameters, workload)
              .flatMap(
                  left ->
                      evaluate(product.right(), parameters, workload)
                          .map(right -> Math.multiplyExact(left, right)));
    };
  }
}
