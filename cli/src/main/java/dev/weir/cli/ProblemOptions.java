package dev.weir.cli;

import dev.weir.cli.experiment.Judged;
import dev.weir.cli.experiment.Library;
import dev.weir.cli.experiment.Overflow;
import dev.weir.cli.experiment.Problems;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.Severity;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.source.Spelling;
import dev.weir.einsum.syntax.Parser;
import dev.weir.einsum.syntax.Statement;
import dev.weir.einsum.syntax.Term;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.config.ConfigFile;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.ParsedSchedule;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
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
  private Map<String, String> values = new HashMap<>();

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
    Schedule bound = parsed.schedule().with(parameters(parsed.schedule()));
    Architecture machine = library.architecture(architecture);
    return counted(
        () -> {
          Problem problem = Problems.of(read, bound, machine, shapes.byRank(), "--shape");
          Judged.requireLegal(problem, parsed);
          return problem;
        });
  }

  /**
   * Counts something of the problem.
   *
   * @throws InvalidInputException when a count is too large to count
   */
  <T> T counted(Supplier<T> counting) {
    return Overflow.refused(shapes.byRank(), "--shape", counting);
  }

  /**
   * What the cost model says of the problem.
   *
   * @throws InvalidInputException when it does not count such a schedule, or a count is too large
   */
  Cost cost(Problem problem) {
    try {
      return counted(() -> CostModel.evaluate(problem));
    } catch (IllegalArgumentException excluded) {
      throw Judged.at(NodePath.ROOT, "no cost: " + excluded.getMessage(), parsed);
    }
  }

  /** Why it cannot be simulated, shown at the condition that stands in the way. */
  InvalidInputException notSimulated(String reason) {
    SourceFile file = ConfigFile.open(cascade);
    Span place =
        Parser.parse(file, new Diagnostics()).statements().stream()
            .filter(Statement.Assignment.class::isInstance)
            .flatMap(statement -> ((Statement.Assignment) statement).condition().stream())
            .flatMap(Term::all)
            .filter(Term.Access.class::isInstance)
            .map(Term::span)
            .findFirst()
            .orElse(new Span(0, 0));
    return new InvalidInputException(
        List.of(
            new Diagnostic(
                Severity.ERROR,
                file,
                place,
                "cannot be simulated: " + reason + " (got a mask, expected a cascade without)",
                Optional.of(
                    "give the cascade without mask, or ./weir schedule with the same arguments,"
                        + " which counts conditions as always true"))));
  }

  /** A legal schedule that cannot become a kernel, with the place that stands in the way. */
  InvalidInputException noKernel(NodePath where, String reason) {
    return Judged.at(where, "no kernel: " + reason, parsed);
  }

  private Map<String, Long> parameters(Schedule read) {
    var known = new TreeSet<>(read.parameters().keySet());
    Map<String, Long> parameters = new TreeMap<>();
    for (Map.Entry<String, String> value : values.entrySet()) {
      String name = value.getKey();
      if (!known.contains(name)) {
        throw new InvalidInputException(
            "--set: error: schedule %s has no parameter %s (got %s, expected one of %s)%n%s"
                .formatted(
                    read.name(),
                    name,
                    name,
                    known.isEmpty() ? "none" : String.join(", ", known),
                    Spelling.nearest(name, known)
                        .map(near -> "    fix: " + near + "\n")
                        .orElse("")));
      }
      if (!value.getValue().matches("[1-9][0-9]{0,17}")) {
        throw new InvalidInputException(
            "--set: error: %s is no size (got %s, expected a whole number of at least 1)%n"
                .formatted(name, value.getValue()));
      }
      parameters.put(name, Long.parseLong(value.getValue()));
    }
    return parameters;
  }
}
