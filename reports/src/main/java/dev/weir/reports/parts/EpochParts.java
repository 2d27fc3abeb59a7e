package dev.weir.reports.parts;

import dev.weir.mapper.arch.UnitName;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.simulator.stats.Segment;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.StallReason;
import dev.weir.simulator.stats.Timeline.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Pipelines of a simulated run, as units by epochs. */
public final class EpochParts {

  /** Epochs that are shown while a pipeline is full, or at its ends beyond its depth. */
  private static final int FULL = 2;

  /** So many epochs are shown without a gap. */
  private static final int FEW = 10;

  private EpochParts() {}

  /** A picture for every pipeline of which more than one epoch was recorded. */
  public static List<Part.Epochs> of(SimulationResult result, Source source) {
    SortedMap<Integer, List<List<Segment.Epoch>>> pipelines = new TreeMap<>();
    for (Window window : result.timeline().windows()) {
      Map<Integer, List<Segment.Epoch>> here = new LinkedHashMap<>();
      for (Segment segment : window.segments()) {
        if (segment instanceof Segment.Epoch epoch && isWhole(epoch, window)) {
          here.computeIfAbsent(epoch.epoch().pipeline(), _ -> new ArrayList<>()).add(epoch);
        }
      }
      here.forEach(
          (number, epochs) ->
              pipelines.computeIfAbsent(number, _ -> new ArrayList<>()).add(epochs));
    }
    return pipelines.values().stream()
        .filter(windows -> windows.stream().mapToInt(List::size).sum() > 1)
        .map(windows -> new Drawn(result, windows, source).part())
        .toList();
  }

  private static boolean isWhole(Segment.Epoch epoch, Window window) {
    return epoch.startCycle() >= window.startCycle() && epoch.endCycle() <= window.endCycle();
  }

  /** One pipeline. */
  private static final class Drawn {
    private final SimulationResult result;
    private final Source source;
    private final int pipeline;
    private final String rank;
    private final int depth;
    private final List<Segment.Epoch> epochs;

    Drawn(SimulationResult result, List<List<Segment.Epoch>> windows, Source source) {
      this.result = result;
      this.source = source;
      Segment.Epoch first = windows.getFirst().getFirst();
      this.pipeline = first.epoch().pipeline();
      this.rank = first.rank();
      this.depth = depth();
      this.epochs = chosen(windows);
    }

    private int depth() {
      int deepest = 0;
      for (Window window : result.timeline().windows()) {
        for (Segment segment : window.segments()) {
          if (segment instanceof Segment.Work work
              && work.epoch().filter(epoch -> epoch.pipeline() == pipeline).isPresent()) {
            for (Segment.Piece piece : work.pieces()) {
              deepest = Math.max(deepest, piece.stage().orElse(0));
            }
          }
        }
      }
      return deepest;
    }

    /** The beginning until it is full, some full epochs, and the end from where it drains. */
    private List<Segment.Epoch> chosen(List<List<Segment.Epoch>> windows) {
      List<Segment.Epoch> first = windows.getFirst();
      if (windows.size() == 1 && first.size() <= Math.max(FEW, depth + FULL)) {
        return first;
      }
      List<Segment.Epoch> chosen =
          new ArrayList<>(first.subList(0, Math.min(first.size(), depth + 1)));
      List<Segment.Epoch> middle = windows.get(windows.size() / 2);
      int from = windows.size() == 1 ? middle.size() / 2 : 0;
      addBehind(chosen, middle.subList(from, Math.min(middle.size(), from + FULL)));
      List<Segment.Epoch> last = windows.getLast();
      addBehind(chosen, last.subList(Math.max(0, last.size() - Math.max(1, depth)), last.size()));
      return chosen;
    }

    private static void addBehind(List<Segment.Epoch> chosen, List<Segment.Epoch> more) {
      for (Segment.Epoch epoch : more) {
        if (epoch.startCycle() >= chosen.getLast().endCycle()) {
          chosen.add(epoch);
        }
      }
    }

    Part.Epochs part() {
      List<Part.Epochs.Column> columns = new ArrayList<>();
      Map<UnitName, List<Part.Epochs.Turn>> rows = new LinkedHashMap<>();
      result.units().keySet().forEach(unit -> rows.put(unit, new ArrayList<>()));
      for (int i = 0; i < epochs.size(); i++) {
        Segment.Epoch epoch = epochs.get(i);
        if (i > 0 && epochs.get(i - 1).endCycle() < epoch.startCycle()) {
          columns.add(new Part.Epochs.Gap(gap(epochs.get(i - 1), epoch)));
          rows.values().forEach(cells -> cells.add(Part.Epochs.Turn.EMPTY));
        }
        columns.add(
            new Part.Epochs.Epoch(
                epoch.epoch().number(),
                Figure.of(epoch.startCycle(), Unit.CYCLES, source),
                Figure.of(epoch.endCycle() - epoch.startCycle(), Unit.CYCLES, source)));
        rows.forEach((unit, cells) -> cells.add(cell(unit, epoch)));
      }
      return new Part.Epochs(
          "Pipeline over " + rank + ", epoch by epoch",
          "What each unit does in an epoch, in this order. n is the tile on which stage 0 works,"
              + " n−1 the one before. Below each name stands when in the epoch that is. Point at"
              + " one to see its tile in all epochs.",
          columns,
          rows.entrySet().stream()
              .map(row -> new Part.Epochs.Row(row.getKey().text(), row.getValue()))
              .toList());
    }

    /** A pipeline that drains between steps counts its epochs anew, so then cycles are counted. */
    private static String gap(Segment.Epoch before, Segment.Epoch after) {
      long epochs = after.epoch().number() - before.epoch().number() - 1;
      return epochs > 0
          ? "%,d epochs".formatted(epochs)
          : "%,d cycles".formatted(after.startCycle() - before.endCycle());
    }

    private Part.Epochs.Turn cell(UnitName unit, Segment.Epoch epoch) {
      Map<String, Part.Epochs.Work> works = new LinkedHashMap<>();
      Map<StallReason, Long> waits = new LinkedHashMap<>();
      for (Window window : result.timeline().windows()) {
        for (Segment segment : window.segments()) {
          switch (segment) {
            case Segment.Work work when work.unit().equals(unit) && isIn(work, epoch) -> {
              work.pieces().forEach(piece -> add(works, work, piece, epoch));
              work.stalls().forEach(stall -> add(waits, stall.reason(), stall.cycles()));
            }
            case Segment.Wait wait when wait.unit().equals(unit) ->
                add(
                    waits,
                    wait.reason(),
                    Math.min(wait.endCycle(), epoch.endCycle())
                        - Math.max(wait.startCycle(), epoch.startCycle()));
            case Segment.Work _,
                Segment.Wait _,
                Segment.Transfer _,
                Segment.Epoch _,
                Segment.Bandwidth _,
                Segment.Room _ -> {}
          }
        }
      }
      return new Part.Epochs.Turn(
          List.copyOf(works.values()),
          waits.entrySet().stream()
              .map(wait -> "%s %,d".formatted(wait.getKey().text(), wait.getValue()))
              .toList());
    }

    private boolean isIn(Segment.Work work, Segment.Epoch epoch) {
      return work.epoch().filter(in -> in.pipeline() == pipeline).isPresent()
          && work.startCycle() >= epoch.startCycle()
          && work.endCycle() <= epoch.endCycle();
    }

    private static void add(Map<StallReason, Long> waits, StallReason reason, long cycles) {
      if (cycles > 0) {
        waits.merge(reason, cycles, Long::sum);
      }
    }

    private static void add(
        Map<String, Part.Epochs.Work> works,
        Segment.Work work,
        Segment.Piece piece,
        Segment.Epoch epoch) {
      int stage = piece.stage().orElse(0);
      Part.Epochs.Work one =
          new Part.Epochs.Work(
              piece.einsum().text(),
              epoch.epoch().number() - stage,
              stage,
              work.startCycle(),
              work.endCycle(),
              work.endCycle() - work.startCycle(),
              piece.coordinates());
      works.merge(piece.einsum() + " " + stage, one, Drawn::both);
    }

    private static Part.Epochs.Work both(Part.Epochs.Work one, Part.Epochs.Work other) {
      return new Part.Epochs.Work(
          one.einsum(),
          one.tile(),
          one.behind(),
          one.startCycle(),
          other.endCycle(),
          one.cycles() + other.cycles(),
          one.detail().replaceFirst("( …)?$", " …"));
    }
  }
}
