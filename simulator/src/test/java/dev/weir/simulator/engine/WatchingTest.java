package dev.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class WatchingTest {

  private static final String SCHEDULE =
      """
        for h by 1  for n by 1 {
          keep A, X at Buffer double
          for w by 1  compute X on U
        }
      """;

  private static Problem problem(long tiles) {
    return new SmallMachine(2, 0, 0).problem("H=1 W=10 N=" + tiles, SCHEDULE);
  }

  @Test
  void theTimelineShowsTheBeginningOfEveryLane() {
    SimulationResult result = Simulator.simulate(problem(9), new SimulationOptions(2, _ -> {}));

    Timeline.Lane unit = new Timeline.Lane.Unit(SmallMachine.U);
    Timeline.Lane dram = new Timeline.Lane.Level(SmallMachine.DRAM);
    assertThat(result.timeline().segments().stream().filter(s -> s.lane().equals(unit)))
        .containsExactly(
            segment(unit, "X", Timeline.Activity.COMPUTE, 5, 15),
            segment(unit, "X", Timeline.Activity.COMPUTE, 15, 25));
    assertThat(result.timeline().segments().stream().filter(s -> s.lane().equals(dram)))
        .containsExactly(
            segment(dram, "A", Timeline.Activity.LOAD, 0, 5),
            segment(dram, "A", Timeline.Activity.LOAD, 5, 10));
  }

  /** Nothing is skipped before a lane is full, and nothing that comes after a skip is shown. */
  @Test
  void theTimelineIsTheBeginningOfTheWholeRun() {
    SimulationOptions options = new SimulationOptions(6, _ -> {});

    Simulator.Outcome skipping = Simulator.run(problem(1_000), options);
    SimulationResult whole = Simulator.simulate(problem(1_000), options.withoutSkipping());

    List<Timeline.Segment> shown = skipping.result().timeline().segments();
    assertThat(skipping.skipped().skips()).isPositive();
    assertThat(shown).hasSizeGreaterThanOrEqualTo(6);
    assertThat(whole.timeline().segments()).startsWith(shown.toArray(Timeline.Segment[]::new));
  }

  private static Timeline.Segment segment(
      Timeline.Lane lane, String tensor, Timeline.Activity activity, long start, long end) {
    return new Timeline.Segment(lane, List.of(new TensorName(tensor)), activity, start, end);
  }

  @Test
  void watchingChangesNothing() {
    List<Long> reached = new ArrayList<>();

    SimulationResult watched =
        Simulator.simulate(problem(20_000), new SimulationOptions(0, reached::add));

    assertThat(reached).isNotEmpty().isSorted();
    assertThat(watched).isEqualTo(Simulator.simulate(problem(20_000), SimulationOptions.QUIET));
  }

  @Test
  void progressIsReportedWhenEveryCycleIsExecuted() {
    List<Long> reached = new ArrayList<>();

    Simulator.simulate(problem(20_000), new SimulationOptions(0, reached::add).withoutSkipping());

    assertThat(reached).hasSizeGreaterThan(1).isSorted();
  }

  @Test
  void anInterruptEndsTheRun() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> Simulator.simulate(problem(20_000), SimulationOptions.QUIET))
          .isInstanceOf(CancellationException.class)
          .hasMessageStartingWith("simulation interrupted in cycle ");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
