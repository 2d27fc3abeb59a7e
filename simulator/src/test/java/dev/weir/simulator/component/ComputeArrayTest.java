package dev.weir.simulator.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.simulator.stats.Segment;
import dev.weir.simulator.stats.StallReason;
import dev.weir.simulator.stats.UnitCycles;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ComputeArrayTest {

  private final ComputeArray array = new ComputeArray(new UnitName("U"));
  private final Delay dram = new Delay(new StallReason.Latency(new LevelName("D")), 7);
  private final StallReason.Bandwidth slow = new StallReason.Bandwidth(new LevelName("L"));

  @Test
  void everyCycleIsBusyOrAStallWithItsReason() {
    array.idle(3, StallReason.Cause.LOAD);
    array.start(3, nest(10, 2, 0.5));
    array.finish(20);
    array.idle(1, StallReason.Cause.STORE);

    assertThat(array.cycles(21))
        .isEqualTo(
            new UnitCycles(
                10,
                Map.of(
                    StallReason.Cause.LOAD,
                    3L,
                    StallReason.Cause.FILL,
                    2L,
                    slow,
                    5L,
                    StallReason.Cause.STORE,
                    1L)));
  }

  @Test
  void aNestThatRunsCountsAsFarAsItHasCome() {
    array.idle(3, StallReason.Cause.LOAD);
    array.start(3, nest(10, 2, 0.5));

    // Half of 10 cycles of work and of 2 of fill; the other 3 of 9 were spent waiting.
    assertThat(array.cycles(12))
        .isEqualTo(
            new UnitCycles(
                5, Map.of(StallReason.Cause.LOAD, 3L, StallReason.Cause.FILL, 1L, slow, 3L)));
  }

  @Test
  void aNestWaitsForAMemoryFirst() {
    array.start(3, nest(10, 2, 0.5, Optional.of(dram)));

    // As above, behind 7 cycles.
    assertThat(array.cycles(19))
        .isEqualTo(
            new UnitCycles(5, Map.of(StallReason.Cause.FILL, 1L, dram.reason(), 7L, slow, 3L)));
    array.finish(27);
    assertThat(array.cycles(27))
        .isEqualTo(
            new UnitCycles(10, Map.of(StallReason.Cause.FILL, 2L, dram.reason(), 7L, slow, 5L)));
  }

  @Test
  void aNestThatWaitsForAMemoryHasNotComeFar() {
    array.start(3, nest(10, 2, 0, Optional.of(dram)));

    assertThat(array.cycles(8)).isEqualTo(new UnitCycles(0, Map.of(dram.reason(), 5L)));
  }

  private ComputeArray.Task nest(long workCycles, long fillCycles, double progress) {
    return nest(workCycles, fillCycles, progress, Optional.empty());
  }

  private ComputeArray.Task nest(
      long workCycles, long fillCycles, double progress, Optional<Delay> delay) {
    return new ComputeArray.Task() {
      @Override
      public double progress() {
        return progress;
      }

      @Override
      public long workCycles() {
        return workCycles;
      }

      @Override
      public long fillCycles() {
        return fillCycles;
      }

      @Override
      public List<Segment.Stall> waits(long cycles) {
        long delayed = Math.min(cycles, delay.map(Delay::cycles).orElse(0L));
        return Stream.of(
                new Segment.Stall(dram.reason(), delayed),
                new Segment.Stall(slow, cycles - delayed))
            .filter(stall -> stall.cycles() > 0)
            .toList();
      }
    };
  }

  @Test
  void oneNestAtATime() {
    array.start(7, nest(2, 0, 0));

    assertThatThrownBy(() -> array.start(8, nest(2, 0, 0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("U is asked to do two things in cycle 8");
    array.finish(9);
    array.start(9, nest(2, 0, 0));

    assertThat(array.isRunning()).isTrue();
  }

  @Test
  void whatANestTakesBeyondWorkAndFillIsAWait() {
    array.start(0, nest(10, 2, 0));
    array.finish(12);
    assertThat(array.cycles(12).stallCycles()).doesNotContainKey(slow);

    array.start(12, nest(10, 2, 0));
    array.finish(12 + 13);
    assertThat(array.cycles(25).stallCycles()).containsEntry(slow, 1L);
  }
}
