package dev.weir.simulator.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.simulator.stats.StallReason;
import dev.weir.simulator.stats.UnitCycles;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComputeArrayTest {

  private final ComputeArray array = new ComputeArray(new UnitName("U"));
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

  private ComputeArray.Task nest(long workCycles, long fillCycles, double progress) {
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
      public StallReason limit() {
        return slow;
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
