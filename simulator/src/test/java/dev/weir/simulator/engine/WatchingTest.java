package dev.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.stats.PartialResult;
import dev.weir.simulator.stats.Profile;
import dev.weir.simulator.stats.Segment;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.StallReason;
import dev.weir.simulator.stats.Timeline;
import dev.weir.simulator.trace.TraceWindows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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

  private static SimulationResult watched(long tiles, long windowCycles, long expectedCycles) {
    return Simulator.simulate(
        problem(tiles),
        new SimulationOptions(Optional.of(new TraceWindows(windowCycles, expectedCycles)), _ -> {})
            .withoutSkipping());
  }

  @Test
  void aShortRunIsRecordedAsAWhole() {
    SimulationResult result = watched(2, 100, 30);

    // 5 cycles to load a tile, 10 of work, 5 to store it; the second load is beside the first work.
    assertThat(result.timeline().windows()).hasSize(1);
    Timeline.Window all = result.timeline().windows().getFirst();
    assertThat(all.startCycle()).isZero();
    assertThat(all.endCycle()).isEqualTo(30).isEqualTo(result.cycles());
    assertThat(of(Segment.Work.class, all))
        .extracting(work -> work.startCycle() + " " + work.pieces().getFirst().coordinates())
        .containsExactly("5 n=0", "15 n=1");
    assertThat(of(Segment.Wait.class, all))
        .filteredOn(wait -> wait.unit().equals(SmallMachine.U))
        .containsExactly(
            new Segment.Wait(SmallMachine.U, StallReason.Cause.LOAD, 0, 5),
            new Segment.Wait(SmallMachine.U, StallReason.Cause.STORE, 25, 30));
    assertThat(of(Segment.Transfer.class, all))
        .extracting(
            move -> move.direction() + " " + move.tensor() + " " + move.coordinates(),
            Segment.Transfer::startCycle)
        .containsExactly(
            tuple("LOAD A n=0", 0L),
            tuple("LOAD A n=1", 5L),
            tuple("STORE X n=0", 15L),
            tuple("STORE X n=1", 25L));
    assertThat(of(Segment.Room.class, all))
        .filteredOn(room -> room.level().equals(SmallMachine.BUFFER))
        .containsExactly(new Segment.Room(SmallMachine.BUFFER, 40, 0, 30));
    assertThat(of(Segment.Bandwidth.class, all))
        .filteredOn(rate -> rate.level().equals(SmallMachine.DRAM))
        .extracting(Segment.Bandwidth::wordsPerCycle, Segment.Bandwidth::endCycle)
        .containsExactly(
            tuple(2.0, 10L), tuple(0.0, 15L), tuple(2.0, 20L), tuple(0.0, 25L), tuple(2.0, 30L));
  }

  private static <T extends Segment> Stream<T> of(Class<T> kind, Timeline.Window window) {
    return window.segments().stream().filter(kind::isInstance).map(kind::cast);
  }

  @Test
  void ofALongRunBeginningMiddleAndEndAreRecorded() {
    SimulationResult result = watched(1000, 200, 10_000);

    assertThat(result.timeline().windows())
        .extracting(Timeline.Window::startCycle, Timeline.Window::endCycle)
        .containsExactly(
            tuple(0L, 200L), tuple(4900L, 5100L), tuple(result.cycles() - 200, result.cycles()));
    assertThat(result.timeline().windows())
        .allSatisfy(
            window ->
                assertThat(of(Segment.Work.class, window))
                    .hasSizeBetween(18, 21)
                    .allSatisfy(
                        work ->
                            assertThat(work.startCycle())
                                .isBetween(window.startCycle() - 9, window.endCycle() - 1)));
  }

  @Test
  void knowingTheLeastLengthOfARunChangesNothingOfWhatIsRecorded() {
    TraceWindows known = new TraceWindows(200, 10_000, 10_000, TraceWindows.MOST_SEGMENTS);
    SimulationResult result =
        Simulator.simulate(
            problem(1000), new SimulationOptions(Optional.of(known), _ -> {}).withoutSkipping());

    assertThat(result.cycles()).isGreaterThan(10_000);
    assertThat(Clipped.windows(result.timeline()))
        .isEqualTo(Clipped.windows(watched(1000, 200, 10_000).timeline()));
  }

  @Test
  void windowsWithTooManySegmentsAreShorterButComplete() {
    SimulationResult all = watched(300, 4000, 3000);
    SimulationResult few =
        Simulator.simulate(
            problem(300),
            new SimulationOptions(Optional.of(new TraceWindows(1000, 3000, 0, 50)), _ -> {})
                .withoutSkipping());

    assertThat(few.timeline().windows()).hasSize(3);
    for (Timeline.Window window : few.timeline().windows()) {
      assertThat(window.endCycle() - window.startCycle()).isBetween(50L, 200L);
      assertThat(of(Segment.Work.class, window))
          .isNotEmpty()
          .containsExactlyElementsOf(
              of(Segment.Work.class, all.timeline().windows().getFirst())
                  .filter(work -> work.startCycle() < window.endCycle())
                  .filter(work -> work.endCycle() > window.startCycle())
                  .toList());
    }
  }

  @Test
  void theProfileAddsUpToTheWholeRun() {
    SimulationResult result = watched(5000, 10, 50_000);
    List<Profile.Point> points = result.profile().points();

    assertThat(points).hasSizeBetween(200, 513);
    assertThat(points.getFirst().cycle()).isZero();
    assertThat(points.getLast().cycle()).isEqualTo(result.cycles());
    assertThat(points.getLast().units().get(SmallMachine.U))
        .isEqualTo(result.units().get(SmallMachine.U).unitCycles());
    for (int i = 1; i < points.size() - 1; i++) {
      long cycles = points.get(i).cycle() - points.get(i - 1).cycle();
      assertThat(busy(points.get(i)) - busy(points.get(i - 1))).isBetween(cycles - 5, cycles);
    }
    // 10 words in and 10 out a tile at 2 words a cycle.
    assertThat(points.getLast().portCycles().get(SmallMachine.DRAM)).isEqualTo(5000 * 10.0);
  }

  private static long busy(Profile.Point point) {
    return point.units().get(SmallMachine.U).busyCycles();
  }

  @Test
  void watchingChangesNothing() {
    List<Long> reached = new ArrayList<>();

    SimulationResult watched =
        Simulator.simulate(problem(20_000), new SimulationOptions(Optional.empty(), reached::add));

    assertThat(reached).isNotEmpty().isSorted();
    assertThat(watched).isEqualTo(Simulator.simulate(problem(20_000), SimulationOptions.QUIET));
  }

  @Test
  void progressIsReportedWhenEveryCycleIsExecuted() {
    List<Long> reached = new ArrayList<>();

    Simulator.simulate(
        problem(20_000), new SimulationOptions(Optional.empty(), reached::add).withoutSkipping());

    assertThat(reached).hasSizeGreaterThan(1).isSorted();
  }

  @Test
  void anInterruptEndsTheRun() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> Simulator.simulate(problem(20_000), SimulationOptions.QUIET))
          .isInstanceOfSatisfying(
              InterruptedSimulationException.class, WatchingTest::saysWhatIsKnown)
          .hasMessageStartingWith("simulation interrupted in cycle ");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  /** The first report of a run that skips is that of a skip. */
  @Test
  void anInterruptAfterASkipSaysWhatIsKnownThere() {
    SimulationOptions options =
        new SimulationOptions(
            Optional.of(new TraceWindows(100, 200_000)), _ -> Thread.currentThread().interrupt());
    try {
      assertThatThrownBy(() -> Simulator.simulate(problem(20_000), options))
          .isInstanceOfSatisfying(
              InterruptedSimulationException.class,
              interrupted -> {
                saysWhatIsKnown(interrupted);
                // In a window nothing is skipped, so the skip ended just before the middle one.
                assertThat(interrupted.soFar().cycles()).isBetween(99_900L, 99_950L);
              });
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static void saysWhatIsKnown(InterruptedSimulationException interrupted) {
    PartialResult soFar = interrupted.soFar();
    assertThat(soFar.cycles()).isPositive();
    soFar
        .units()
        .values()
        .forEach(
            unit ->
                assertThat(
                        unit.busyCycles()
                            + unit.stallCycles().values().stream().mapToLong(n -> n).sum())
                    .isEqualTo(soFar.cycles()));
    assertThat(soFar.counts().words(SmallMachine.DRAM, true)).isPositive();
  }
}
