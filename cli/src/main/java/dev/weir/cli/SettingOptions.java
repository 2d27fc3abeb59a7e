package dev.weir.cli;

import dev.weir.cli.experiment.Judged;
import dev.weir.cli.experiment.Library;
import dev.weir.cli.experiment.Overflow;
import dev.weir.cli.experiment.Problems;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.Spelling;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.schedule.ParsedSchedule;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.SchedulePrinter;
import dev.weir.mapper.schedule.Size;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a schedule is put together with, apart from a machine. */
final class SettingOptions {

  /** A value of a parameter. */
  private static final String SIZE = "[1-9][0-9]{0,17}";

  @Option(
      names = {"-c", "--cascade"},
      paramLabel = "NAME|FILE",
      description = {
        "The cascade that it schedules: the name of one in configs/cascades, such as those that",
        "./weir zoo list has, or a *.edge. If left out, it is found by the name that the schedule",
        "is for, beside the schedule or in Weir."
      })
  private Optional<String> cascade = Optional.empty();

  @Option(
      names = "--set",
      split = ",",
      paramLabel = "NAME=VALUE",
      description = "Values of the schedule's parameters, such as P1=8.")
  private List<String> values = List.of();

  @Mixin private ShapesOption shapes;

  /** Whether any of them was given. */
  boolean isGiven() {
    return cascade.isPresent() || !values.isEmpty() || shapes.isGiven();
  }

  /**
   * The file of the cascade of a schedule.
   *
   * @param command what was typed before the options, for the fix
   * @throws InvalidInputException at the cascade's name when none was given and none is found
   */
  Path cascade(ParsedSchedule parsed, Path schedule, String command) {
    return cascade
        .map(wanted -> ShippedFiles.CASCADES.find(wanted, command + " … -c"))
        .orElseGet(() -> NamedCascade.of(parsed, schedule));
  }

  /** Whether the file of a cascade was looked up rather than given. */
  boolean looksUpCascade() {
    return cascade.isEmpty();
  }

  /**
   * The schedule put together with the rest, judged legal.
   *
   * @param fitting the schedule, with what it asks of machines
   * @throws InvalidInputException when something is wrong, with its place
   */
  Problem legalProblem(
      FittingMachines fitting, Path cascadeFile, Path architecture, Library library) {
    ParsedSchedule parsed = fitting.schedule();
    Cascade read = library.cascade(cascadeFile);
    // What shapes are given for another cascade is no fault of theirs.
    Judged.requireCascade(read, parsed);
    shapes
        .byRank()
        .forEach((rank, shape) -> refuseBound("--shape", rank.text(), shape, parsed.schedule()));
    Problems.refuseUnknown(List.of(read), shapes.byRank(), "--shape");
    Schedule bound = parsed.schedule().with(parameters(parsed.schedule()));
    Architecture machine = library.architecture(architecture);
    fitting.requireAxes(machine);
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

  /** The parts of a partitioned rank have their shapes from the schedule. */
  private static void refuseBound(String option, String name, Object wanted, Schedule schedule) {
    Optional<RankName> part =
        schedule.shapes().keySet().stream().filter(rank -> rank.text().equals(name)).findFirst();
    if (part.isPresent() && !schedule.parameters().containsKey(name)) {
      Size bound = schedule.shapes().get(part.get());
      String fix =
          bound instanceof Size.Parameter parameter
              ? "--set %s=%s".formatted(parameter.name(), wanted)
              : "write shape %s = %s there".formatted(name, wanted);
      throw new InvalidInputException(
          "%s: error: schedule %s says the shape of %s itself (got %s=%s, expected none beside 'shape %s = %s')%n    fix: %s%n"
              .formatted(
                  option,
                  schedule.name(),
                  name,
                  name,
                  wanted,
                  name,
                  SchedulePrinter.print(bound),
                  fix));
    }
  }

  /** What was written if it is a size, otherwise what the schedule says. */
  private static String size(String written, String parameter, Schedule read) {
    return written.matches(SIZE) ? written : Long.toString(read.parameters().get(parameter));
  }

  private Map<String, Long> parameters(Schedule read) {
    var known = new TreeSet<>(read.parameters().keySet());
    Map<String, Long> parameters = new TreeMap<>();
    for (String written : values) {
      String[] parts = written.split("=", 2);
      String name = parts[0];
      String value = parts.length == 2 ? parts[1] : "";
      refuseBound("--set", name, value.isEmpty() ? "…" : value, read);
      if (!known.contains(name)) {
        throw new InvalidInputException(
            "--set: error: schedule %s has no parameter %s (got %s, expected one of %s)%n%s"
                .formatted(
                    read.name(),
                    name,
                    name,
                    known.isEmpty() ? "none" : String.join(", ", known),
                    "    fix: "
                        + Spelling.nearest(name, known)
                            .map(near -> "--set %s=%s".formatted(near, size(value, near, read)))
                            .orElse("leave out --set " + name)
                        + "\n"));
      }
      if (parts.length < 2) {
        throw new InvalidInputException(
            "--set: error: parameter %s has no value (got %s, expected %s=VALUE)%n    fix: --set %s=%s%n"
                .formatted(name, written, name, name, size(value, name, read)));
      }
      if (!value.matches(SIZE)) {
        throw new InvalidInputException(
            "--set: error: %s is no size (got %s, expected a whole number of at least 1)%n    fix: --set %s=%s%n"
                .formatted(name, value, name, size(value, name, read)));
      }
      if (parameters.put(name, Long.parseLong(value)) != null) {
        throw new InvalidInputException(
            "--set: error: parameter %s has two values (got %s, expected one)%n    fix: leave out one of them%n"
                .formatted(name, String.join(",", values)));
      }
    }
    return parameters;
  }
}
