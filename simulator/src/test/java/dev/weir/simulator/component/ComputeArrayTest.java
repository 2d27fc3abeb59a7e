package dev.weir.simulator.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.simulator.stats.StallReason;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComputeArrayTest {

  private final ComputeArray array = new ComputeArray(new UnitName("U"));
  private final StallReason.Bandwidth slow = new StallReason.Bandwidth(new LevelName("L"));

  @Test
  void everyCycleIsBusyOrAStallWithItsReason() {
    array.idle(3, StallReason.Cause.LOAD);
    array.start(3);
    array.finish(20, 10, 2, slow);
    array.idle(1, StallReason.Cause.STORE);

    assertThat(array.busyCycles()).isEqualTo(10);
    assertThat(array.stallCycles())
        .isEqualTo(
            Map.of(
                StallReason.Cause.LOAD,
                3L,
                StallReason.Cause.FILL,
                2L,
                slow,
                5L,
                StallReason.Cause.STORE,
                1L));
  }

  @Test
  void oneNestAtATime() {
    array.start(7);

    assertThatThrownBy(() -> array.start(8))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("U is asked to do two things in cycle 8");
    array.finish(9, 2, 0, slow);
    array.start(9);

    assertThat(array.isRunning()).isTrue();
  }
}
