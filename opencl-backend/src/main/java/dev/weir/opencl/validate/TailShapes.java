package dev.weir.opencl.validate;

import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.Problem;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Small shapes that leave remainders in tiles of any usual size. */
final class TailShapes {

  /** Two tiles of 32, or one of 64, and 11: odd for vectors, work-groups and register tiles. */
  private static final long LONG_RANK = 75;

  /** Ranks up to this are batches and heads; two of them show whether they mix. */
  private static final long SHORT_RANK = 16;

  private TailShapes() {}

  static Problem of(Problem problem) {
    Map<RankName, Long> smaller = new HashMap<>();
    workload(problem).forEach((rank, shape) -> smaller.put(rank, tail(shape)));
    return Problem.of(problem.cascade(), problem.schedule(), problem.architecture(), smaller);
  }

  private static long tail(long shape) {
    return Math.min(shape, shape <= SHORT_RANK ? 2 : LONG_RANK);
  }

  /** Shapes of a workload by rank. */
  private static Map<RankName, Long> workload(Problem problem) {
    Map<RankName, Long> workload = new TreeMap<>();
    problem.cascade().tensors().stream()
        .flatMap(tensor -> tensor.ranks().stream())
        .forEach(rank -> workload.put(rank, problem.shapes().of(rank)));
    problem
        .cascade()
        .partitions()
        .forEach(split -> workload.put(split.inner(), problem.shapes().of(split.inner())));
    workload.keySet().removeIf(rank -> !KernelValidator.isWorkload(rank, problem));
    return workload;
  }

  /** The workload as text: {@code B=1 H=12}. */
  static String text(Problem problem) {
    StringBuilder text = new StringBuilder();
    workload(problem)
        .forEach(
            (rank, shape) ->
                text.append(text.isEmpty() ? "" : " ").append(rank).append('=').append(shape));
    return text.toString();
  }
}
