package dev.weir.cli.experiment;

import dev.weir.einsum.source.InvalidInputException;
import dev.weir.reports.model.Provenance;
import dev.weir.reports.model.Report;
import dev.weir.reports.model.Section;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Does all that an experiment file asks for. */
public final class ExperimentRunner {

  private ExperimentRunner() {}

  /**
   * What came of it.
   *
   * @param files texts to write beside the report, by file name
   */
  public record Result(Report report, Map<String, String> files) {
    public Result {
      files = Map.copyOf(files);
    }
  }

  /**
   * Runs an experiment.
   *
   * @param experiment one that {@link ExperimentJudge} let pass
   * @param library the files it names
   * @param command what was typed
   * @param facts what else is known of this run
   */
  public static Result run(
      Experiment experiment,
      Library library,
      String command,
      List<Provenance.Fact> facts,
      Progress progress) {
    Sources sources = new Sources(library.inputs(), experiment.file());
    List<TargetRunner> targets = targets(experiment, library, sources, progress);
    List<Section> sections = new ArrayList<>();
    if (!experiment.family().isEmpty()) {
      progress.say("counting passes of " + experiment.family().size() + " cascades");
      sections.add(FamilySection.of(experiment, library, sources));
    }
    Map<String, String> files = new LinkedHashMap<>();
    for (TargetRunner target : targets) {
      sections.add(target.run());
      files.putAll(target.files());
    }
    List<Provenance.Fact> all = new ArrayList<>(facts);
    all.add(new Provenance.Fact("seed", Long.toString(experiment.seed())));
    all.add(EarlierResults.fact(files.keySet()));
    Report report =
        new Report(
            experiment.name(),
            experiment.description().strip(),
            new Provenance(command, all, library.inputs().all()),
            sections);
    return new Result(report, files);
  }

  /**
   * Lets targets refuse what they cannot begin with.
   *
   * @throws InvalidInputException when one does
   */
  static void prepare(Experiment experiment, Library library) {
    Progress silent = new Progress(new PrintWriter(Writer.nullWriter()), () -> 0);
    Sources sources = new Sources(library.inputs(), experiment.file());
    targets(experiment, library, sources, silent).forEach(TargetRunner::prepare);
  }

  private static List<TargetRunner> targets(
      Experiment experiment, Library library, Sources sources, Progress progress) {
    return experiment.targets().stream()
        .map(target -> new TargetRunner(experiment, target, library, sources, progress))
        .toList();
  }
}
