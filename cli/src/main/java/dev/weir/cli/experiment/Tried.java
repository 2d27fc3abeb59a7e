package dev.weir.cli.experiment;

import dev.weir.cli.experiment.Experiment.Entry;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Violation;
import dev.weir.reports.model.Source;
import java.util.List;

/** A schedule of the experiment after it was judged. */
sealed interface Tried {

  Entry entry();

  Problem problem();

  /**
   * A legal one with what it costs.
   *
   * @param source of the cost's figures
   */
  record Costed(Entry entry, Problem problem, Cost cost, Source source) implements Tried {}

  /**
   * One whose parameters are still to be found: those of its file break rules.
   *
   * @param violations at least one
   */
  record Illegal(Entry entry, Problem problem, List<Violation> violations) implements Tried {
    public Illegal {
      violations = List.copyOf(violations);
    }
  }
}
