package dev.weir.mapper.search;

import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.schedule.Problem;
import java.util.List;
import java.util.Map;

/**
 * Every schedule of some templates for one workload on one architecture.
 *
 * @param templates schedules with choices; of several derived cascades, or of several structures
 * @param architecture on what
 * @param workload shapes of the unpartitioned ranks
 */
public record SearchSpace(
    List<Template> templates, Architecture architecture, Map<RankName, Long> workload) {

  public SearchSpace {
    templates = List.copyOf(templates);
    workload = Map.copyOf(workload);
  }

  /** How many points there are. */
  public long size() {
    return templates.stream().mapToLong(Template::size).reduce(0, Math::addExact);
  }

  /** The point with a number from 0: template by template. */
  Problem at(long number) {
    long rest = number;
    for (Template template : templates) {
      if (rest < template.size()) {
        return Problem.of(template.cascade(), template.at(rest), architecture, workload);
      }
      rest -= template.size();
    }
    throw new IndexOutOfBoundsException("point " + number + " of " + size());
  }
}
