package dev.weir.cli.experiment;

import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.search.Candidate;
import dev.weir.reports.model.Source;
import java.util.Optional;

final class SearchStep {
  SearchStep(Experiment.Search search, SectionBuilder section) {}

  Optional<Candidate> run(Problem p, Source s) {
    return Optional.empty();
  }
}
