package dev.weir.reports.parts;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.model.Bound;
import dev.weir.mapper.model.Cost;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What is busy for how much of the time, and what therefore takes it. */
public final class UtilisationParts {

  /** What is busy for less of the time than this waits more than it works. */
  private static final double BUSY = 0.5;

  private UtilisationParts() {}

  /** Utilisation of each unit, and of it by each of its Einsums. */
  public static Part.Table table(Architecture architecture, Cost cost, Source source) {
    List<List<Cell>> rows = new ArrayList<>();
    for (ComputeUnit unit : architecture.units()) {
      rows.add(
          List.of(
              Cell.of(unit.name().text()),
              Cell.of("all"),
              operations(cost.counts(), unit, Optional.empty(), source),
              share(cost.utilisation().get(unit.name()), source)));
      for (TensorName einsum : einsums(cost, unit)) {
        rows.add(
            List.of(
                Cell.of(""),
                Cell.of(einsum.text()),
                operations(cost.counts(), unit, Optional.of(einsum), source),
                share(cost.einsumUtilisation().get(einsum), source)));
      }
    }
    return new Part.Table(
        "Utilisation by unit and Einsum",
        "Operations × cycles until the next one can start ÷ (instances of the unit × all cycles).",
        List.of("unit", "Einsum", "operations", "utilisation"),
        rows);
  }

  /** Einsums that a unit computes, by name. */
  public static List<TensorName> einsums(Cost cost, ComputeUnit unit) {
    TreeSet<TensorName> einsums = new TreeSet<>();
    for (Counts.Work work : cost.counts().operations().keySet()) {
      if (work.unit().equals(unit.name())) {
        einsums.add(work.einsum());
      }
    }
    return List.copyOf(einsums);
  }

  private static Cell operations(
      Counts counts, ComputeUnit unit, Optional<TensorName> einsum, Source source) {
    long operations = 0;
    for (Map.Entry<Counts.Work, Long> work : counts.operations().entrySet()) {
      boolean isMeant = einsum.isEmpty() || work.getKey().einsum().equals(einsum.get());
      if (isMeant && work.getKey().unit().equals(unit.name())) {
        operations = Math.addExact(operations, work.getValue());
      }
    }
    return Cell.of(Figure.of(operations, Unit.OPERATIONS, source));
  }

  private static Cell share(double share, Source source) {
    return Cell.of(Figure.of(share, Unit.RATIO, source));
  }

  /** Something that works or moves words in a share of all cycles. */
  private record Busy(String name, double share) {
    String text(Source source) {
      return UtilisationParts.text(Figure.of(share, Unit.RATIO, source));
    }
  }

  /** What takes the time, in one sentence without full stop. */
  public static String bottleneck(Architecture architecture, Cost cost, Source source) {
    Bound whole = cost.bounds().getFirst();
    Optional<LevelName> limiting = whole.limitingLevel();
    if (limiting.isPresent()) {
      return "the bandwidth of %s: moving its words takes all %s, what must come after what %s"
          .formatted(
              limiting.get(),
              text(Figure.of(cost.latencyCycles(), Unit.CYCLES, source)),
              text(Figure.of(whole.structureCycles(), Unit.CYCLES, source)));
    }
    Busy unit = busiestUnit(architecture, cost);
    Busy level = busiestLevel(whole, cost);
    if (Math.max(unit.share(), level.share()) < BUSY) {
      return "the order of the schedule, as nothing is busy half of all cycles: "
          + "%s works %s of them, %s moves words %s"
              .formatted(unit.name(), unit.text(source), level.name(), level.text(source));
    }
    return unit.share() >= level.share()
        ? "%s, which works %s of all cycles; %s, the busiest memory, moves words %s of them"
            .formatted(unit.name(), unit.text(source), level.name(), level.text(source))
        : "the bandwidth of %s in parts of the schedule: it moves words %s of all cycles; "
                .formatted(level.name(), level.text(source))
            + "%s, the busiest unit, works %s of them".formatted(unit.name(), unit.text(source));
  }

  private static Busy busiestUnit(Architecture architecture, Cost cost) {
    Busy busiest = new Busy("no unit", 0);
    for (ComputeUnit unit : architecture.units()) {
      double share = cost.utilisation().get(unit.name());
      if (share > busiest.share()) {
        busiest = new Busy(unit.name().text(), share);
      }
    }
    return busiest;
  }

  private static Busy busiestLevel(Bound whole, Cost cost) {
    Busy busiest = new Busy("no memory", 0);
    for (Map.Entry<LevelName, Long> level : whole.bandwidthCycles().entrySet()) {
      double share = (double) level.getValue() / Math.max(1, cost.latencyCycles());
      if (share > busiest.share()) {
        busiest = new Busy(level.getKey().text(), share);
      }
    }
    return busiest;
  }

  private static String text(Figure figure) {
    return Cell.of(figure).text();
  }
}
