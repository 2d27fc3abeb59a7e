package dev.weir.cli.experiment;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.Severity;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.ParsedSchedule;
import dev.weir.mapper.schedule.Problem;
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
    requireLegal(Legality.judge(problem), parsed);
  }

  /**
   * Lets a schedule pass that is for a cascade.
   *
   * @throws InvalidInputException when it is for another one
   */
  public static void requireCascade(Cascade cascade, ParsedSchedule parsed) {
    requireLegal(Legality.judgeCascade(cascade, parsed.schedule()), parsed);
  }

  private static void requireLegal(Judgement judgement, ParsedSchedule parsed) {
    switch (judgement) {
      case Judgement.Legal _ -> {}
      case Judgement.Illegal illegal ->
          throw new InvalidInputException(parsed.diagnostics(illegal));
    }
  }

  /** What is wrong with one node, at its place. */
  public static InvalidInputException at(NodePath where, String message, ParsedSchedule parsed) {
    return at(where, message, Optional.empty(), parsed);
  }

  /** The same with how to mend it. */
  public static InvalidInputException at(
      NodePath where, String message, Optional<String> fix, ParsedSchedule parsed) {
    return new InvalidInputException(
        List.of(new Diagnostic(Severity.ERROR, parsed.file(), parsed.place(where), message, fix)));
  }
}
