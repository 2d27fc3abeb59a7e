package dev.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.component.Flow;
import dev.weir.simulator.component.Port;
import dev.weir.simulator.component.Service;
import dev.weir.simulator.machine.Prepared;
import dev.weir.simulator.stats.StallReason;
import dev.weir.simulator.trace.Recorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Flows end in the cycle in which they are done, and in none before. */
class ClockTest {

  private static final Problem PROBLEM =
      new SmallMachine(4, 0, 0)
          .problem("H=1 N=1 W=1", "for h by 1  for n by 1  for w by 1  compute X on U");

  private final Prepared prepared = Prepared.of(PROBLEM);
  private final Recorder recorder = new Recorder(Optional.empty(), prepared);
  private final Clock clock = new Clock(prepared.machine(), SimulationOptions.QUIET, recorder);
  private final Port dram = prepared.machine().memories().getFirst().readPort().orElseThrow();
  private final List<String> ends = new ArrayList<>();

  private void start(String name, Flow.Urgency urgency, Service service, Runnable then) {
    clock.start(
        new Flow(urgency),
        service,
        () -> {
          clock.ended(service);
          ends.add(name + " " + clock.now());
          then.run();
        });
  }

  private void wait(String name, long cycles, Runnable then) {
    start(name, Flow.Urgency.OPERAND, Service.of(cycles, List.of()), then);
  }

  private void words(String name, long words) {
    start(
        name, Flow.Urgency.TILE, Service.of(0, List.of(new Service.Demand(dram, words))), () -> {});
  }

  private void run() {
    clock.run(new SteadyState(false, clock, recorder));
  }

  @Test
  void whatBeginsWhenAFlowEndsBeginsInThatCycle() {
    wait("first", 7, () -> wait("second", 1, () -> {}));
    wait("beside", 8, () -> {});

    run();

    assertThat(ends).containsExactly("first 7", "beside 8", "second 8");
    assertThat(clock.now()).isEqualTo(8);
  }

  @Test
  void aFlowIsNotDoneOneCycleBeforeItsEnd() {
    Flow flow = new Flow(Flow.Urgency.OPERAND);
    List<Boolean> done = new ArrayList<>();
    clock.start(flow, Service.of(7, List.of()), () -> done.add(flow.isDone()));
    wait("before", 6, () -> done.add(flow.isDone()));

    run();

    assertThat(done).containsExactly(false, true);
  }

  /** Until cycle 20 both move 2 words a cycle; then 80 words are left at 4 a cycle. */
  @Test
  void ratesChangeInTheCycleInWhichAFlowEnds() {
    words("short", 40);
    words("long", 120);

    run();

    assertThat(ends).containsExactly("short 20", "long 40");
  }

  /**
   * 40 words alone take ten cycles; in cycle 5 half of them are there, the rest at half the rate.
   */
  @Test
  void ratesChangeInTheCycleInWhichAFlowBegins() {
    words("first", 40);
    wait("pause", 5, () -> words("second", 40));

    run();

    // Ten cycles of 2 words for each, then 20 words of the second at 4 a cycle.
    assertThat(ends).containsExactly("pause 5", "first 15", "second 20");
  }

  @Test
  void whatEndsInOneCycleEndsInTheOrderInWhichItBegan() {
    wait("long", 3, () -> {});
    wait("short", 2, () -> wait("next", 1, () -> {}));

    run();

    assertThat(ends).containsExactly("short 2", "long 3", "next 3");
  }

  @Test
  void aUnitWaitsForALoadFromTheCycleInWhichThatBeginsToTheOneInWhichItEnds() {
    wait("work", 2, () -> clock.wait(StallReason.Cause.LOAD, 1, true));
    wait("load", 7, () -> clock.wait(StallReason.Cause.LOAD, 1, false));
    wait("rest", 8, () -> {});

    run();

    assertThat(clock.unit(0).cycles(8).stallCycles())
        .isEqualTo(Map.of(StallReason.Cause.LOAD, 5L, StallReason.Cause.OTHER_WORK, 3L));
  }

  /** Four words are served for every cycle of a flow, and none once it has ended. */
  @Test
  void aMemoryIsBusyUntilTheCycleInWhichItsLastFlowEnds() {
    words("first", 41);
    wait("rest", 30, () -> {});

    run();

    assertThat(ends).containsExactly("first 11", "rest 30");
    assertThat(prepared.machine().memories().getFirst().busyCycles()).isEqualTo(11);
  }
}
