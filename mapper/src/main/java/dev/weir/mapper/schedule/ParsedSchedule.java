package dev.weir.mapper.schedule;

import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
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
}
