package dev.weir.reports.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.count.Counts;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Source;
import dev.weir.reports.text.TextReport;
import dev.weir.simulator.stats.LevelStatistics;
import dev.weir.simulator.stats.Profile;
import dev.weir.simulator.stats.Segment;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.StallReason;
import dev.weir.simulator.stats.Timeline;
import dev.weir.simulator.stats.UnitCycles;
import dev.weir.simulator.stats.UnitStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Parts of a report that are made of a simulated run; runs are made up by hand. */
class SimulationPartsTest {

  private static final Source SOURCE = new Source("simulator", "by hand", List.of());
  private static final UnitName ARRAY = new UnitName("Array");
  private static final LevelName BUFFER = new LevelName("Buffer");

  /** Loads first, then work in pieces of 10 cycles without a gap. */
  private static SimulationResult result(long firstWork, int pieces) {
    List<Segment> segments = new ArrayList<>();
    segments.add(
        new Segment.Transfer(
            Segment.Direction.LOAD, new TensorName("Q"), List.of(BUFFER), "p=0..3", 0, firstWork));
    segments.add(new Segment.Wait(ARRAY, StallReason.Cause.LOAD, 0, firstWork));
    for (int i = 0; i < pieces; i++) {
      segments.add(work("QK", Optional.empty(), firstWork + 10L * i, firstWork + 10L * (i + 1)));
    }
    long cycles = firstWork + 10L * pieces;
    return result(
        cycles,
        Map.of(StallReason.Cause.LOAD, firstWork),
        List.of(new Timeline.Window(0, cycles, segments)),
        Profile.NONE);
  }

  private static SimulationResult result(
      long cycles, Map<StallReason, Long> stalls, List<Timeline.Window> windows, Profile profile) {
    long stalled = stalls.values().stream().mapToLong(n -> n).sum();
    return new SimulationResult(
        new Counts(new TreeMap<>(), new TreeMap<>(), new TreeMap<>()),
        cycles,
        new TreeMap<>(Map.of(ARRAY, new UnitStatistics(cycles - stalled, 1, stalls))),
        new TreeMap<>(
            Map.of(
                BUFFER,
                new LevelStatistics(1, 1, 7, OptionalDouble.of(0.5)),
                new LevelName("Registers"),
                new LevelStatistics(1, 1, 0, OptionalDouble.empty()))),
        new Timeline(cycles, windows),
        profile);
  }

  private static Segment.Work work(
      String einsum, Optional<Segment.InEpoch> epoch, long start, long end) {
    return work(einsum, 0, epoch, start, end);
  }

  private static Segment.Work work(
      String einsum, int stage, Optional<Segment.InEpoch> epoch, long start, long end) {
    return new Segment.Work(
        ARRAY,
        List.of(new Segment.Piece(new TensorName(einsum), epoch.map(_ -> stage), "p=" + start)),
        epoch,
        start,
        end,
        List.of());
  }

  @Test
  void theBeginningIsShownFromTheStartOfTheRunThenTheEnd() {
    List<Part.Timeline> timelines = TimelineParts.of(result(30, 100), SOURCE);

    assertThat(timelines)
        .extracting(Part.Timeline::title)
        .containsExactly("Schedule in time: the beginning", "Schedule in time: the end");
    assertThat(timelines.getFirst().from().value()).isZero();
    assertThat(timelines.getFirst().to().value()).isEqualTo("110");
    assertThat(timelines.getLast().to().value()).isEqualTo("1030");
  }

  @Test
  void longWaitBeforeTheFirstWorkIsLeftOut() {
    List<Part.Timeline> timelines = TimelineParts.of(result(100_000, 100), SOURCE);

    assertThat(timelines.getFirst().title()).isEqualTo("Schedule in time: the first work");
    assertThat(timelines.getFirst().from().value()).isEqualTo("100000");
  }

  @Test
  void waitsAreShownWithTheirReason() {
    Part.Timeline beginning = TimelineParts.of(result(30, 3), SOURCE).getFirst();

    assertThat(beginning.lanes())
        .extracting(Part.Timeline.Lane::unit)
        .containsExactly("Array", "Buffer ports");
    assertThat(beginning.lanes().getFirst().slices().getFirst())
        .isEqualTo(new Part.Timeline.Slice(0, 30, Part.Timeline.SliceKind.STALL, "load", ""));
    assertThat(TextReport.part(beginning)).contains("waits: load", "load Q p=0..3");
  }

  @Test
  void levelsWithoutABandwidthHaveNoShareOfIt() {
    Part.Table table = SimulationParts.statistics(result(30, 3), SOURCE);

    assertThat(table.rows().stream().filter(row -> row.getFirst().text().equals("Registers")))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .extracting(Cell::text)
                    .containsExactly("Registers", "–", "–, no bandwidth given"));
  }

  @Test
  void stallsAddUpToAllCycles() {
    Part.Table table = SimulationParts.stalls(result(30, 3), SOURCE);

    assertThat(table.rows())
        .extracting(row -> row.get(1).text(), row -> row.get(2).text(), row -> row.get(3).text())
        .containsExactly(tuple("busy", "30 cycles", "50 %"), tuple("load", "30 cycles", "50 %"));
  }

  /** A pipeline of two stages over 100 tiles: A in stage 0, B in stage 1 on the tile before. */
  private static Timeline.Window epochs(long from, long to) {
    List<Segment> segments = new ArrayList<>();
    for (long epoch = from; epoch < to; epoch++) {
      Segment.InEpoch in = new Segment.InEpoch(0, epoch);
      long start = 20 * epoch;
      segments.add(new Segment.Epoch(in, "p", start, start + 20));
      if (epoch < 100) {
        segments.add(work("A", 0, Optional.of(in), start, start + 12));
      }
      if (epoch > 0) {
        segments.add(work("B", 1, Optional.of(in), start + 12, start + 15));
        segments.add(work("B", 1, Optional.of(in), start + 15, start + 17));
      }
      segments.add(
          new Segment.Wait(ARRAY, StallReason.Cause.EPOCH_IMBALANCE, start + 17, start + 20));
    }
    return new Timeline.Window(20 * from, 20 * to, segments);
  }

  @Test
  void epochsAreShownWhereAPipelineFillsWhereItIsFullAndWhereItDrains() {
    List<Timeline.Window> windows = List.of(epochs(0, 8), epochs(50, 58), epochs(93, 101));
    Map<StallReason, Long> stalls = Map.of(StallReason.Cause.EPOCH_IMBALANCE, 303L);

    Part.Epochs epochs =
        EpochParts.of(result(2020, stalls, windows, Profile.NONE), SOURCE).getFirst();

    assertThat(epochs.columns())
        .extracting(
            column ->
                switch (column) {
                  case Part.Epochs.Epoch epoch -> epoch.number() + " at " + epoch.start().text();
                  case Part.Epochs.Gap gap -> gap.text();
                })
        .containsExactly(
            "0 at 0 cycles",
            "1 at 20 cycles",
            "48 epochs",
            "50 at 1,000 cycles",
            "51 at 1,020 cycles",
            "48 epochs",
            "100 at 2,000 cycles");
    List<Part.Epochs.Turn> cells = epochs.rows().getFirst().turns();
    assertThat(cells.get(3).works())
        .extracting(
            Part.Epochs.Work::einsum,
            Part.Epochs.Work::relativeTile,
            Part.Epochs.Work::tile,
            Part.Epochs.Work::cycles,
            Part.Epochs.Work::detail)
        .containsExactly(
            tuple("A", "n", 50L, 12L, "p=1000"), tuple("B", "n−1", 49L, 5L, "p=1012 …"));
    assertThat(cells.get(0).works()).extracting(Part.Epochs.Work::einsum).containsExactly("A");
    assertThat(cells.getLast().works()).extracting(Part.Epochs.Work::einsum).containsExactly("B");
    assertThat(cells.get(3).waits()).containsExactly("epoch imbalance 3");
    assertThat(TextReport.part(epochs))
        .contains("epoch 50 from 1,000 cycles, 20 cycles", "A[n] B[n−1]  waits: epoch imbalance 3");
  }

  @Test
  void utilisationOverTimeIsWhatHappenedBetweenPoints() {
    List<Profile.Point> points =
        List.of(point(0, 0, 0, 0), point(10, 4, 6, 10), point(30, 24, 6, 10));

    Part.OverTime profile =
        ProfileParts.of(
                result(30, Map.of(StallReason.Cause.LOAD, 6L), List.of(), new Profile(points)),
                SOURCE)
            .orElseThrow();

    assertThat(profile.borders()).containsExactly(0L, 10L, 30L);
    assertThat(profile.strips())
        .containsExactly(
            new Part.OverTime.Strip(
                "Array",
                List.of(
                    new Part.OverTime.Band("busy", List.of(0.4, 1.0)),
                    new Part.OverTime.Band("load", List.of(0.6, 0.0)))),
            new Part.OverTime.Strip(
                "Buffer ports", List.of(new Part.OverTime.Band("words move", List.of(1.0, 0.0)))));
    assertThat(TextReport.part(profile)).containsPattern("Array +busy +40 % +100 %");
  }

  private static Profile.Point point(long cycle, long busy, long load, double portCycles) {
    return new Profile.Point(
        cycle,
        Map.of(ARRAY, new UnitCycles(busy, Map.of(StallReason.Cause.LOAD, load))),
        Map.of(BUFFER, portCycles));
  }
}
