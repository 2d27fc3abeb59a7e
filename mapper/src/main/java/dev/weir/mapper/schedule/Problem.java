package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.mapper.arch.Architecture;
import java.util.HashMap;
import java.util.Map;

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
   * Puts the parts together; shapes that the schedule decides come from it.
   *
   * @param workload shapes of the unpartitioned ranks; not modified
   */
  public static Problem of(
      Cascade cascade, Schedule schedule, Architecture architecture, Map<RankName, Long> workload) {
    Map<RankName, Long> given = new HashMap<>(workload);
    schedule
        .shapes()
        .forEach((rank, size) -> given.put(rank, evaluate(size, schedule.parameters(), workload)));
    return new Problem(
        cascade, schedule, architecture, Shapes.complete(given, cascade.partitions()));
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

  private static long evaluate(
      Size size, Map<String, Long> parameters, Map<RankName, Long> workload) {
    return switch (size) {
      case Size.Constant constant -> constant.value();
      case Size.Parameter parameter -> parameters.get(parameter.name());
      case Size.ShapeOf shape -> workload.get(shape.rank());
      case Size.Product product ->
          Math.multiplyExact(
              evaluate(product.left(), parameters, workload),
              evaluate(product.right(), parameters, workload));
    };
  }
}
