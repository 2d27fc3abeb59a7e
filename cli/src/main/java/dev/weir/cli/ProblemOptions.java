package dev.weir.cli;

import dev.weir.cli.experiment.Judged;
import dev.weir.cli.experiment.Library;
import dev.weir.cli.experiment.Problems;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.Spelling;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.ParsedSchedule;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What makes a problem: a schedule, its cascade, a machine and shapes. */
final class ProblemOptions {

  @Parameters(paramLabel = "FILE", description = "A schedule, *.schedule.")
  private Path schedule;

  @Option(
      names = {"-c", "--cascade"},
      required = true,
      paramLabel = "FILE",
      description = "The cascade that it schedules, *.edge.")
  private Path cascade;

  @Option(
      names = {"-a", "--architecture"},
      required = true,
      paramLabel = "FILE",
      description = "The architecture or device, *.yaml.")
  private Path architecture;

  @Option(
      names = "--set",
      split = ",",
      paramLabel = "NAME=VALUE",
      description = "Values of the schedule's parameters, such as P1=8.")
  private Map<String, Long> parameters = new HashMap<>();

  @Mixin private ShapesOption shapes;

  private ParsedSchedule parsed;

  /**
   * The schedule put together with the rest, judged legal.
   *
   * @throws InvalidInputException when something is wrong, with its place
   */
  Problem legalProblem() {
    Library library = new Library();
    Cascade read = library.cascade(cascade);
    parsed = library.schedule(schedule);
    Problems.refuseUnknown(List.of(read), shapes.byRank(), "--shape");
    refuseUnknownParameters(parsed.schedule());
    Problem problem =
        Problems.of(
            read,
            parsed.schedule().with(parameters),
            library.architecture(architecture),
            shapes.byRank(),
            "--shape");
    Judged.requireLegal(problem, parsed);
    return problem;
  }

  /** A legal schedule that cannot become a kernel, with the place that stands in the way. */
  InvalidInputException noKernel(NodePath where, String reason) {
    return Judged.at(where, "no kernel: " + reason, parsed);
  }

  private void refuseUnknownParameters(Schedule read) {
    var known = new TreeSet<>(read.parameters().keySet());
    for (Map.Entry<String, Long> parameter : parameters.entrySet()) {
      if (!known.contains(parameter.getKey())) {
        throw new InvalidInputException(
            "--set: error: schedule %s has no parameter %s (got %s, expected one of %s)%n%s"
                .formatted(
                    read.name(),
                    parameter.getKey(),
                    parameter.getKey(),
                    known.isEmpty() ? "none" : String.join(", ", known),
                    Spelling.nearest(parameter.getKey(), known)
                        .map(near -> "    fix: " + near + "\n")
                        .orElse("")));
      }
      if (parameter.getValue() < 1) {
        throw new InvalidInputException(
            "--set: error: %s is no size (got %d, expected at least 1)%n"
                .formatted(parameter.getKey(), parameter.getValue()));
      }
    }
  }
}
