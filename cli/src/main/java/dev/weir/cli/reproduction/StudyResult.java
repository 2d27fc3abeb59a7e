package dev.weir.cli.reproduction;

import dev.weir.cli.reproduction.Study.Quantity;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Figures of a study: those of a case's runs one after the other. */
public record StudyResult(Study study, List<Row> rows) {

  public StudyResult {
    rows = List.copyOf(rows);
  }

  /**
   * One run.
   *
   * @param model empty for a case without models
   * @param schedule file name of the one that was taken, without ending
   * @param parameters of it, as {@code P1=16}; may be empty
   * @param ours seconds, bytes, picojoules and square millimetres
   * @param published what the paper has, in the same units
   * @param first figures of the first run of the same workload
   * @param notes what does not fit
   */
  public record Row(
      String caseName,
      String model,
      String run,
      String schedule,
      String parameters,
      Map<Quantity, Double> ours,
      Map<Quantity, Double> published,
      Map<Quantity, Double> first,
      List<String> notes) {

    public Row {
      ours = Map.copyOf(ours);
      published = Map.copyOf(published);
      first = Map.copyOf(first);
      notes = List.copyOf(notes);
    }

    /** Relative, from the published figure. */
    Optional<Double> difference(Quantity quantity) {
      return Optional.ofNullable(published.get(quantity))
          .map(theirs -> ours.get(quantity) / theirs - 1);
    }

    /** How many times that of the first run. */
    double quotient(Quantity quantity) {
      return ours.get(quantity) / first.get(quantity);
    }
  }

  /** Whether anybody published this figure. */
  boolean isPublished(Quantity quantity) {
    return rows.stream().anyMatch(row -> row.published().containsKey(quantity));
  }

  /** Whether every published figure is within its bound. */
  boolean isWithin() {
    return worst().entrySet().stream()
        .allMatch(
            one ->
                Math.abs(one.getValue())
                    <= study.within().getOrDefault(one.getKey(), Double.POSITIVE_INFINITY));
  }

  /** The largest relative difference from what was published, by figure. */
  Map<Quantity, Double> worst() {
    Map<Quantity, Double> worst = new EnumMap<>(Quantity.class);
    for (Row row : rows) {
      for (Quantity quantity : study.figures()) {
        row.difference(quantity)
            .ifPresent(
                own -> worst.merge(quantity, own, (a, b) -> Math.abs(a) >= Math.abs(b) ? a : b));
      }
    }
    return worst;
  }
}
