package dev.weir.reports.parts;

import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.Roofline;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.StallReason;
import dev.weir.simulator.stats.UnitStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How far a simulated run is from the least that anybody could hope for, and why. */
public final class BoundParts {

  private BoundParts() {}

  /**
   * Roofline, cost model and simulator, each with what it adds.
   *
   * @param roofline of what the run counted
   */
  public static Part.Table bounds(
      Roofline roofline, Cost cost, SimulationResult result, Source source) {
    long least = roofline.cycles();
    List<List<Cell>> rows = new ArrayList<>();
    rows.add(
        bound(
            "roofline",
            least,
            0,
            roofline
                .limitingLevel()
                .map(level -> level + " moves words all the time")
                .orElseGet(() -> "all of " + roofline.busiestUnit() + " works all the time"),
            source));
    String isBound = CostParts.accuracy(cost).orElse("what waits for what, where nothing contends");
    rows.add(bound("cost model", cost.latencyCycles(), least, isBound, source));
    rows.add(
        bound(
            "simulator",
            result.cycles(),
            cost.latencyCycles(),
            "who waits in each cycle: for ports, tiles, room, answers, results",
            source));
    return new Part.Table(
        "From the roofline to the simulator",
        "Each line is at least the one before, where the cost model is exact; they are equal where"
            + " nothing contends.",
        List.of("bound", "cycles", "more than before", "what it takes into account"),
        rows);
  }

  private static List<Cell> bound(
      String name, long cycles, long before, String meaning, Source source) {
    Cell more =
        before == 0 ? Cell.of("–") : Cell.of(Figure.of(cycles - before, Unit.CYCLES, source));
    return List.of(
        Cell.of(name), Cell.of(Figure.of(cycles, Unit.CYCLES, source)), more, Cell.of(meaning));
  }

  /**
   * What the cycles of the unit consist of that the operations keep busy longest: its part of the
   * roofline and everything that comes to it.
   */
  public static Part.Table difference(Roofline roofline, SimulationResult result, Source source) {
    UnitName unit = roofline.busiestUnit();
    long least = roofline.unitCycles().get(unit);
    UnitStatistics statistics = result.units().get(unit);
    List<List<Cell>> rows = new ArrayList<>();
    rows.add(
        item(
            "operations of " + unit,
            least,
            "× initiation interval ÷ instances: its own roofline",
            result,
            source));
    rows.add(
        item(
            "instances without work",
            statistics.busyCycles() - least,
            "while others work: tails, axes that a nest does not use, points that are absent",
            result,
            source));
    for (Map.Entry<StallReason, Long> stall : statistics.stallCycles().entrySet()) {
      rows.add(
          item(
              stall.getKey().text(),
              stall.getValue(),
              SimulationParts.meaning(stall.getKey()),
              result,
              source));
    }
    rows.add(item("simulated", result.cycles(), "the sum", result, source));
    return new Part.Table(
        "What the cycles of " + unit + " consist of",
        "The unit that the operations keep busy longest. Rows add up to the last one.",
        List.of("item", "cycles", "share", "what that means"),
        rows);
  }

  private static List<Cell> item(
      String what, long cycles, String meaning, SimulationResult all, Source source) {
    return List.of(
        Cell.of(what),
        Cell.of(Figure.of(cycles, Unit.CYCLES, source)),
        Cell.of(Figure.of((double) cycles / all.cycles(), Unit.RATIO, source)),
        Cell.of(meaning));
  }
}
