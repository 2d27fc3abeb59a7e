package dev.weir.cli;

import dev.weir.cli.experiment.Judged;
import dev.weir.cli.experiment.Library;
import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.Severity;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.syntax.Parser;
import dev.weir.einsum.syntax.Statement;
import dev.weir.einsum.syntax.Term;
import dev.weir.mapper.config.ConfigFile;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.ParsedSchedule;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.engine.DeadlockException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * What makes a problem: a schedule, its cascade, a machine and shapes. Verbs differ in whether they
 * can do without schedule and machine.
 */
abstract class ProblemSetting {

  @Mixin private SettingOptions settings;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec verb;

  private Path cascade;

  private ParsedSchedule parsed;

  /**
   * The schedule put together with the rest, judged legal. Which cascade was taken is said beside
   * the output when none was given.
   *
   * @throws InvalidInputException when something is wrong, with its place
   */
  Problem legalProblem() {
    Library library = new Library();
    parsed = library.schedule(schedule());
    Path machine = ShippedFiles.MACHINES.find(architecture(), command() + " … -a");
    cascade = settings.cascade(parsed, schedule(), command());
    FittingMachines fitting = new FittingMachines(parsed, makesKernels());
    if (makesKernels()) {
      fitting.requireDevice(library.architecture(machine), command() + settingsTyped());
    }
    if (settings.looksUpCascade()) {
      verb.commandLine().getErr().println("cascade: " + cascade);
    }
    return settings.legalProblem(fitting, cascade, machine, library);
  }

  /** The command with a machine that fits the schedule. */
  String machineFix(Path file) {
    ParsedSchedule read = new Library().schedule(file);
    return new FittingMachines(read, makesKernels()).fix(command() + settingsTyped());
  }

  private boolean makesKernels() {
    return verb.userObject() instanceof MakesKernels;
  }

  /** Stands for the options that were typed besides. */
  private String settingsTyped() {
    return hasSettings() ? " …" : "";
  }

  /** What was typed before the options. */
  private String command() {
    return verb.qualifiedName().replaceFirst("^(\\./)?weir ", "") + " " + schedule();
  }

  /** The file of the schedule. */
  abstract Path schedule();

  /** The file of the machine, or the name of one that comes with Weir. */
  abstract String architecture();

  /** Whether a cascade, shapes or parameters were given. */
  boolean hasSettings() {
    return settings.isGiven();
  }

  /** The verb that is given these options. */
  CommandSpec verb() {
    return verb;
  }

  /**
   * Counts something of the problem.
   *
   * @throws InvalidInputException when a count is too large to count
   */
  <T> T counted(Supplier<T> counting) {
    return settings.counted(counting);
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

  /** Why it cannot be simulated, shown at what stands in the way: a condition, or the schedule. */
  InvalidInputException notSimulated(Problem problem, String reason) {
    boolean isConditional =
        problem.cascade().einsums().stream()
            .flatMap(einsum -> einsum.condition().stream())
            .anyMatch(condition -> !condition.isWhole());
    if (!isConditional) {
      return Judged.at(NodePath.ROOT, "cannot be simulated: " + reason, parsed);
    }
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
                "cannot be simulated: "
                    + reason
                    + " (got a condition that reads more than coordinates and shapes, expected"
                    + " none)",
                Optional.of(
                    "give a cascade without it, or ./weir schedule show with the same arguments,"
                        + " which says what it counts of such a condition"))));
  }

  /** A legal schedule whose simulation comes to a stop: who waits for whom. */
  InvalidInputException waitsForItself(DeadlockException deadlock) {
    return Judged.at(NodePath.ROOT, deadlock.getMessage(), parsed);
  }

  /** A legal schedule that cannot become a kernel, with the place that stands in the way. */
  InvalidInputException noKernel(NodePath where, String reason, String fix) {
    return Judged.at(where, "no kernel: " + reason, Optional.of(fix), parsed);
  }
}
