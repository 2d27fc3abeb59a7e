package dev.weir.cli.validation;

import dev.weir.cli.experiment.Problems;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.NumberFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A kernel to validate on each device.
 *
 * @param problem cascade, schedule, the description that the schedule was written for, shapes
 * @param program its kernels
 * @param format of their real numbers
 */
public record Target(Problem problem, KernelProgram program, NumberFormat format) {

  /** In single precision. */
  public Target(Problem problem, KernelProgram program) {
    this(problem, program, NumberFormat.SINGLE);
  }

  /** Shapes that the workload decides. */
  public Map<String, Long> shapes() {
    Map<String, Long> shapes = new TreeMap<>();
    Problems.wholeRanks(problem.cascade())
        .forEach(rank -> shapes.put(rank.text(), problem.shapes().of(rank)));
    return shapes;
  }

  /** The same as text: {@code B=1 H=12}. */
  public String shapesText() {
    return shapes().entrySet().stream()
        .map(shape -> shape.getKey() + "=" + shape.getValue())
        .collect(Collectors.joining(" "));
  }

  /** Its schedule's name; plain ones are called after their cascades and need not say so again. */
  public String scheduleText() {
    String name = problem.schedule().name();
    return name.equals("plain_" + problem.cascade().name()) ? "plain" : name;
  }
}
