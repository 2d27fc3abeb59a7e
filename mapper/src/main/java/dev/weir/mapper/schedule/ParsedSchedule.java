package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.Severity;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A schedule with the places of its parts in the text, which the schedule itself does not know, so
 * that equal schedules are equal values.
 *
 * @param schedule the schedule
 * @param file its text
 * @param places where the head of each node stands: {@code for p by 256}, not its body. A sequence
 *     that is only a block in braces stands at its first part
 * @param cascade where the name of the cascade stands
 * @param shapes where each shape is bound: {@code M0 = 256}
 */
public record ParsedSchedule(
    Schedule schedule,
    SourceFile file,
    Map<NodePath, Span> places,
    Span cascade,
    Map<RankName, Span> shapes) {

  public ParsedSchedule {
    places = Map.copyOf(places);
    shapes = Map.copyOf(shapes);
  }

  /** The findings of the judge at their places in the text, in the judge's order. */
  public List<Diagnostic> diagnostics(Judgement judgement) {
    return switch (judgement) {
      case Judgement.Legal _ -> List.of();
      case Judgement.Illegal illegal -> diagnostics(illegal.violations());
    };
  }

  /** Broken rules at their places. */
  public List<Diagnostic> diagnostics(List<Violation> violations) {
    return violations.stream().map(this::diagnostic).toList();
  }

  /** Where a node stands; what has no place of its own stands where its parent does. */
  public Span place(NodePath path) {
    List<Integer> steps = new ArrayList<>(path.steps());
    while (!steps.isEmpty()) {
      Span span = places.get(new NodePath(steps));
      if (span != null) {
        return span;
      }
      steps.removeLast();
    }
    return places.getOrDefault(NodePath.ROOT, new Span(0, 0));
  }

  private Diagnostic diagnostic(Violation violation) {
    return new Diagnostic(
        Severity.ERROR, file, place(violation), violation.sentence(), violation.fix());
  }

  /** Where the text is at fault. */
  Span place(Violation violation) {
    Span head = place(violation.path());
    return switch (violation.subject()) {
      case Violation.Subject.Head _ -> head;
      case Violation.Subject.Word word -> word(word.text(), word.last(), head);
      case Violation.Subject.CascadeName _ -> cascade;
      case Violation.Subject.BoundRank bound ->
          word(bound.rank().text(), false, shapes.get(bound.rank()));
      case Violation.Subject.BoundShape bound -> word(bound.text(), true, shapes.get(bound.rank()));
    };
  }

  /** A word inside a span, outside comments; the whole span if it is not there. */
  private Span word(String text, boolean last, Span span) {
    List<Span> found =
        ScheduleLexer.tokens(file, new Diagnostics()).stream()
            .filter(token -> token.text().equals(text))
            .map(Token::span)
            .filter(place -> place.start() >= span.start() && place.end() <= span.end())
            .toList();
    return found.isEmpty() ? span : last ? found.getLast() : found.getFirst();
  }
}
