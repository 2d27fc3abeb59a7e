package dev.weir.reports.parts;

import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.simulator.stats.Profile;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.StallReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** How units and levels were used in the course of a simulated run. */
public final class ProfileParts {

  /** Shares of a strip: more would not be told apart. */
  private static final int MOST = 160;

  private ProfileParts() {}

  /** Of each unit what its cycles went into, of each level how full its bandwidth was. */
  public static Optional<Part.OverTime> of(SimulationResult result, Source source) {
    List<Profile.Point> points = thinned(result.profile().points());
    if (points.size() < 2) {
      return Optional.empty();
    }
    List<Part.OverTime.Strip> strips = new ArrayList<>();
    result
        .units()
        .forEach(
            (unit, statistics) ->
                strips.add(unit(unit, statistics.stallCycles().keySet(), points)));
    for (LevelName level : points.getLast().portCycles().keySet()) {
      strips.add(
          new Part.OverTime.Strip(
              level + " ports",
              List.of(
                  new Part.OverTime.Band(
                      "words move", shares(points, point -> point.portCycles().get(level))))));
    }
    return Optional.of(
        new Part.OverTime(
            "Utilisation over time",
            "The whole run from left to right. Of a unit what its cycles went into; of a level"
                + " words ÷ what the ports of its busiest instance can move.",
            Figure.of(result.cycles(), Unit.CYCLES, source),
            points.stream().map(Profile.Point::cycle).toList(),
            strips));
  }

  private static List<Profile.Point> thinned(List<Profile.Point> points) {
    int step = Math.max(1, Math.ceilDiv(points.size() - 1, MOST));
    List<Profile.Point> kept = new ArrayList<>();
    for (int i = 0; i < points.size() - 1; i += step) {
      kept.add(points.get(i));
    }
    if (!points.isEmpty()) {
      kept.add(points.getLast());
    }
    return kept;
  }

  private static Part.OverTime.Strip unit(
      UnitName unit, Iterable<StallReason> reasons, List<Profile.Point> points) {
    List<Part.OverTime.Band> bands = new ArrayList<>();
    bands.add(
        new Part.OverTime.Band(
            SimulationParts.BUSY, shares(points, point -> point.units().get(unit).busyCycles())));
    for (StallReason reason : reasons) {
      bands.add(
          new Part.OverTime.Band(
              reason.text(),
              shares(
                  points,
                  point -> point.units().get(unit).stallCycles().getOrDefault(reason, 0L))));
    }
    return new Part.OverTime.Strip(unit.text(), bands);
  }

  /** For what a nest waited is known only at its end, so a share may be a little below 0 before. */
  private static List<Double> shares(
      List<Profile.Point> points, ToDoubleFunction<Profile.Point> amount) {
    List<Double> shares = new ArrayList<>();
    for (int i = 1; i < points.size(); i++) {
      long cycles = points.get(i).cycle() - points.get(i - 1).cycle();
      double spent = amount.applyAsDouble(points.get(i)) - amount.applyAsDouble(points.get(i - 1));
      shares.add(Math.clamp(spent / cycles, 0, 1));
    }
    return shares;
  }
}
