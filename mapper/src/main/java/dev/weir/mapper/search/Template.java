package dev.weir.mapper.search;

import dev.weir.einsum.ir.Cascade;
import dev.weir.mapper.schedule.Schedule;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A schedule with choices for its parameters.
 *
 * @param cascade what it computes
 * @param schedule its parameters keep their values where no choices are given
 * @param choices values by parameter, at least one each
 */
public record Template(Cascade cascade, Schedule schedule, Map<String, List<Long>> choices) {

  public Template {
    SortedMap<String, List<Long>> sorted = new TreeMap<>();
    choices.forEach((parameter, values) -> sorted.put(parameter, List.copyOf(values)));
    choices = Collections.unmodifiableSortedMap(sorted);
    for (Map.Entry<String, List<Long>> choice : choices.entrySet()) {
      if (!schedule.parameters().containsKey(choice.getKey()) || choice.getValue().isEmpty()) {
        throw new IllegalArgumentException(
            "choices "
                + choice
                + " for schedule "
                + schedule.name()
                + " with parameters "
                + schedule.parameters().keySet());
      }
    }
  }

  /** How many schedules it stands for. */
  public long size() {
    return choices.values().stream().mapToLong(List::size).reduce(1, Math::multiplyExact);
  }

  /** The schedule with a number from 0; the last parameter by name changes first. */
  Schedule at(long number) {
    Map<String, Long> values = new TreeMap<>();
    long rest = number;
    for (Map.Entry<String, List<Long>> choice : List.copyOf(choices.entrySet()).reversed()) {
      int count = choice.getValue().size();
      values.put(choice.getKey(), choice.getValue().get((int) (rest % count)));
      rest /= count;
    }
    return schedule.with(values);
  }
}
