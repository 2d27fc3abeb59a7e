package dev.weir.mapper.schedule;

import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Severity;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import java.util.List;
import java.util.Map;

/**
 * A schedule with the places of its nodes in the text, which the schedule itself does not know, so
 * that equal schedules are equal values.
 *
 * @param schedule the schedule
 * @param file its text
 * @param places where the head of each node stands: {@code for p by 256}, not its body. A sequence
 *     that is only a block in braces stands at its first part
 */
public record ParsedSchedule(Schedule schedule, SourceFile file, Map<NodePath, Span> places) {

  public ParsedSchedule {
    places = Map.copyOf(places);
  }

  /** The findings of the judge at their places in the text. */
  public List<Diagnostic> diagnostics(Judgement judgement) {
    return switch (judgement) {
      case Judgement.Legal _ -> List.of();
      case Judgement.Illegal illegal ->
          illegal.violations().stream()
              .map(
                  v ->
                      new Diagnostic(
                          Severity.ERROR, file, places.get(v.path()), v.sentence(), v.fix()))
              .toList();
    };
  }
}
