package dev.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.stats.Profile;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.trace.TraceWindows;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a run that skips records is what one that executes every cycle records. */
class SkippedWindowsTest {

  private static SimulationOptions windows(long cycles, long least) {
    TraceWindows windows =
        new TraceWindows(cycles / 12 + 1, cycles, least, TraceWindows.MOST_SEGMENTS);
    return new SimulationOptions(Optional.of(windows), _ -> {});
  }

  @Test
  void windowsOfRandomProblemsAreThoseOfTheExecutedRun() {
    int withSkips = 0;
    for (long seed = 0; seed < 80; seed++) {
      Optional<Problem> problem = LongerLoops.problem(seed);
      if (problem.isPresent()) {
        String what = "seed " + seed + " " + RandomProblems.describe(problem.get());
        withSkips += recordedAlike(problem.get(), what) ? 1 : 0;
        withSkips += recordedAlike(Machines.withSlowBanks(problem.get()), what) ? 1 : 0;
      }
    }

    assertThat(withSkips).isGreaterThan(10);
  }

  /** Whether something was skipped. */
  private static boolean recordedAlike(Problem problem, String what) {
    long cycles = Simulator.simulate(problem, SimulationOptions.QUIET).cycles();
    SimulationOptions options = windows(cycles, cycles);
    Simulator.Outcome skipping = Simulator.run(problem, options);
    SimulationResult whole = Simulator.simulate(problem, options.withoutSkipping());

    assertThat(Clipped.windows(skipping.result().timeline()))
        .as(what)
        .isEqualTo(Clipped.windows(whole.timeline()));
    assertThat(skipping.result().counts()).as(what).isEqualTo(whole.counts());
    assertThat(skipping.result().units()).as(what).isEqualTo(whole.units());
    assertThat(skipping.result().levels()).as(what).isEqualTo(whole.levels());
    pointsAreThoseOf(whole.profile(), skipping.result().profile(), what);
    return skipping.skipped().skips() > 0;
  }

  private static void pointsAreThoseOf(Profile whole, Profile skipping, String what) {
    Map<Long, Profile.Point> executed = new HashMap<>();
    whole.points().forEach(point -> executed.put(point.cycle(), point));
    assertThat(skipping.points()).as(what).hasSizeLessThanOrEqualTo(513);
    assertThat(skipping.points().getLast()).as(what).isEqualTo(whole.points().getLast());
    for (Profile.Point point : skipping.points()) {
      Profile.Point same = executed.getOrDefault(point.cycle(), point);
      assertThat(point).as(what).isEqualTo(same);
    }
  }

  /** Of an end that is not known, so much is shown as follows the last cycles left out. */
  @Test
  void theEndIsShownAsFarAsItIsExecuted() {
    Problem problem =
        new SmallMachine(2, 0, 0)
            .problem(
                "H=1 W=10 N=5000",
                """
                  for h by 1  for n by 1 {
                    keep A, X at Buffer double
                    for w by 1  compute X on U
                  }
                """);
    long cycles = Simulator.simulate(problem, SimulationOptions.QUIET).cycles();

    Simulator.Outcome unknown = Simulator.run(problem, windows(cycles, 0));
    SimulationResult whole = Simulator.simulate(problem, windows(cycles, cycles).withoutSkipping());

    assertThat(unknown.skipped().skips()).isPositive();
    assertThat(unknown.result().timeline().windows()).hasSize(3);
    assertThat(Clipped.windows(unknown.result().timeline()).subList(0, 2))
        .isEqualTo(Clipped.windows(whole.timeline()).subList(0, 2));
    assertThat(unknown.result().timeline().windows().getLast().segments()).isNotEmpty();
    assertThat(unknown.result().timeline().windows().getLast().endCycle()).isEqualTo(cycles);
  }
}
