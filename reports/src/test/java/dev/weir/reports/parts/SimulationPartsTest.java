package dev.weir.reports.parts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.count.Counts;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Source;
import dev.weir.simulator.stats.LevelStatistics;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.Timeline;
import dev.weir.simulator.stats.UnitStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SimulationPartsTest {

  private static final Source SOURCE = new Source("simulator", "by hand", List.of());
  private static final UnitName ARRAY = new UnitName("Array");

  /** Loads first, then work in pieces of 10 cycles without a gap. */
  private static SimulationResult result(long firstWork, int pieces) {
    List<Timeline.Segment> segments = new ArrayList<>();
    segments.add(
        new Timeline.Segment(
            new Timeline.Lane.Level(new LevelName("Buffer")),
            List.of(new TensorName("Q")),
            Timeline.Activity.LOAD,
            0,
            firstWork));
    for (int i = 0; i < pieces; i++) {
      segments.add(
          new Timeline.Segment(
              new Timeline.Lane.Unit(ARRAY),
              List.of(new TensorName("QK")),
              Timeline.Activity.COMPUTE,
              firstWork + 10L * i,
              firstWork + 10L * (i + 1)));
    }
    long cycles = firstWork + 10L * pieces;
    return new SimulationResult(
        new Counts(new TreeMap<>(), new TreeMap<>(), new TreeMap<>()),
        cycles,
        new TreeMap<>(Map.of(ARRAY, new UnitStatistics(cycles, 1, Map.of()))),
        new TreeMap<>(
            Map.of(
                new LevelName("Buffer"), new LevelStatistics(1, 1, 7, OptionalDouble.of(0.5)),
                new LevelName("Registers"), new LevelStatistics(1, 1, 0, OptionalDouble.empty()))),
        new Timeline(segments));
  }

  @Test
  void pipelineIsShownFromTheStartOfTheRunAndThenFull() {
    List<Part.Timeline> timelines = SimulationParts.timelines(result(30, 100), SOURCE);

    assertThat(timelines)
        .extracting(Part.Timeline::title)
        .containsExactly("Pipeline: the beginning", "Pipeline: full");
    assertThat(timelines.getFirst().from().value()).isZero();
    assertThat(timelines.getFirst().to().value()).isEqualTo("110");
    assertThat(timelines.getLast().to().value()).isEqualTo("1030");
  }

  @Test
  void longWaitBeforeTheFirstWorkIsLeftOut() {
    List<Part.Timeline> timelines = SimulationParts.timelines(result(100_000, 100), SOURCE);

    assertThat(timelines.getFirst().title()).isEqualTo("Pipeline: the first work");
    assertThat(timelines.getFirst().from().value()).isEqualTo("100000");
  }

  @Test
  void levelWithoutBandwidthIsNotSaidToBeIdle() {
    Part.Table table = SimulationParts.statistics(result(30, 3), SOURCE);

    List<Cell> registers = table.rows().getLast();
    assertThat(registers)
        .extracting(Cell::text)
        .containsExactly("Registers", "–", "–, no bandwidth given");
    assertThat(table.isNumeric(1)).isTrue();
  }
}
