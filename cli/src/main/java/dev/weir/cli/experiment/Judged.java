package dev.weir.cli.experiment;

import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.Severity;
import dev.weir.einsum.source.Span;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.ParsedSchedule;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Judges schedules; what is wrong is shown at its place in the schedule's text. */
public final class Judged {

  private Judged() {}

  /**
   * Lets a legal schedule pass.
   *
   * @param parsed the schedule of the problem with its text
   * @throws InvalidInputException with all rules that it breaks
   */
  public static void requireLegal(Problem problem, ParsedSchedule parsed) {
    switch (Legality.judge(problem)) {
      case Judgement.Legal _ -> {}
      case Judgement.Illegal illegal ->
          throw new InvalidInputException(diagnostics(illegal.violations(), parsed));
    }
  }

  /** What is wrong with one node, at its place. */
  public static InvalidInputException at(NodePath where, String message, ParsedSchedule parsed) {
    return new InvalidInputException(
        List.of(
            new Diagnostic(
                Severity.ERROR, parsed.file(), place(where, parsed), message, Optional.empty())));
  }

  /** Broken rules at their places. */
  static List<Diagnostic> diagnostics(List<Violation> violations, ParsedSchedule parsed) {
    return violations.stream()
        .map(
            violation ->
                new Diagnostic(
                    Severity.ERROR,
                    parsed.file(),
                    place(violation.path(), parsed),
                    violation.sentence(),
                    violation.fix()))
        .toList();
  }

  /** Where a node stands; what has no place of its own stands where its parent does. */
  static Span place(NodePath path, ParsedSchedule parsed) {
    List<Integer> steps = new ArrayList<>(path.steps());
    while (!steps.isEmpty()) {
      Span span = parsed.places().get(new NodePath(steps));
      if (span != null) {
        return span;
      }
      steps.removeLast();
    }
    return parsed.places().getOrDefault(NodePath.ROOT, new Span(0, 0));
  }
}
