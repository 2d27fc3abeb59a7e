package dev.weir.simulator.engine;

import static dev.weir.simulator.engine.SmallMachine.BUFFER;
import static dev.weir.simulator.engine.SmallMachine.DRAM;
import static dev.weir.simulator.engine.SmallMachine.U;
import static dev.weir.simulator.engine.SmallMachine.stall;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.arch.Latency;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.stats.Segment;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.StallReason;
import dev.weir.simulator.trace.TraceWindows;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memories that take their time to answer, worked out by hand, in both engines. */
class LatencyTest {

  private static final StallReason OF_DRAM = new StallReason.Latency(DRAM);
  private static final StallReason OF_BUFFER = new StallReason.Latency(BUFFER);

  private final SmallMachine dramOf2 = new SmallMachine(2, 0, 0);
  private final SmallMachine unlimited = new SmallMachine(0, 0, 0);

  private static SimulationResult run(
      SmallMachine machine, Latency dram, Latency buffer, String shapes, String schedule) {
    Problem problem = Machines.withLatencies(machine.problem(shapes, schedule), dram, buffer);
    return BothEngines.run(problem);
  }

  private static SimulationResult run(
      SmallMachine machine, Latency dram, String shapes, String schedule) {
    return run(machine, dram, Latency.NONE, shapes, schedule);
  }

  private static final String SINGLE =
      """
        for h by 1  for n by 1 {
          keep A, X at Buffer
          for w by 1  compute X on U
        }
      """;

  private static final String DOUBLE = SINGLE.replace("at Buffer", "at Buffer double");

  @Test
  void aSingleKeepWaitsForTheFirstWordAndForTheLast() {
    SimulationResult result = run(dramOf2, new Latency(7, 3), "H=1 N=6 W=10", SINGLE);

    assertThat(result.cycles()).isEqualTo(6 * ((7 + 5) + 10 + (5 + 3)));
    assertThat(stall(result, U, OF_DRAM)).isEqualTo(6 * (7 + 3));
    assertThat(stall(result, U, StallReason.Cause.LOAD)).isEqualTo(6 * 5);
    assertThat(stall(result, U, StallReason.Cause.STORE)).isEqualTo(6 * 5);
    assertThat(result.units().get(U).busyCycles()).isEqualTo(6 * 10);
    assertThat(result.levels().get(DRAM).busyCycles()).isEqualTo(6 * (5 + 5));
  }

  @Test
  void tilesOfAnEntryAreAskedForTogether() {
    SimulationResult result =
        run(
            dramOf2,
            new Latency(7, 3),
            "H=1 N=1 W=10",
            """
              for h by 1  for n by 1 {
                keep A, B, X, Y at Buffer
                interleave U {
                  for w by 1  compute X on U
                  for w by 1  compute Y on U
                }
              }
            """);

    assertThat(result.cycles()).isEqualTo((7 + 5 + 5) + 20 + (5 + 5 + 3));
    assertThat(stall(result, U, OF_DRAM)).isEqualTo(7 + 3);
  }

  @Test
  void whatADoubleKeepAsksForAheadIsOnItsWayBesideTheWork() {
    SimulationResult result = run(dramOf2, new Latency(7, 3), "H=1 N=6 W=10", DOUBLE);

    // 12 cycles for the first load, and beside the first step. Then store 8 and load 12 beside each
    // of four steps of 10: of the load 5 cycles of latency and 5 of words stick out. Beside the
    // last step only a store.
    assertThat(result.cycles()).isEqualTo(12 + 12 + 4 * (8 + 12) + 10 + 8);
    assertThat(stall(result, U, OF_DRAM)).isEqualTo(7 + 4 * 5 + 3);
    assertThat(stall(result, U, StallReason.Cause.LOAD)).isEqualTo(5 + 2 + 4 * 5);
    assertThat(stall(result, U, StallReason.Cause.STORE)).isEqualTo(5);
  }

  /** A cycle less than the work and it does not show, a cycle more and it does. */
  @ParameterizedTest
  @ValueSource(longs = {1, 9, 10, 11, 30})
  void latencyShowsFromTheCycleOnInWhichItIsLongerThanTheWork(long latency) {
    SimulationResult result =
        run(
            unlimited,
            new Latency(latency, 100),
            "H=1 N=6 W=10",
            """
              for h by 1  for n by 1 {
                keep A at Buffer double
                for w by 1  compute X on U
              }
            """);

    // Results go to DRAM directly, and nobody waits for them.
    assertThat(result.cycles()).isEqualTo(latency + 5 * Math.max(10, latency) + 10);
    assertThat(stall(result, U, OF_DRAM)).isEqualTo(latency + 5 * Math.max(0, latency - 10));
  }

  @Test
  void operandsFromDramBeginTheNestWithItsLatency() {
    SimulationResult result =
        run(
            dramOf2,
            new Latency(7, 3),
            "H=1 N=2 W=10",
            "  for h by 1  for n by 1  for w by 1  compute X on U\n");

    // One nest; two reads and a write a point at 2 words a cycle.
    assertThat(result.cycles()).isEqualTo(7 + 30);
    assertThat(result.units().get(U).busyCycles()).isEqualTo(20);
    assertThat(stall(result, U, OF_DRAM)).isEqualTo(7);
    assertThat(stall(result, U, new StallReason.Bandwidth(DRAM))).isEqualTo(10);
  }

  @Test
  void nestsThatRunSlotBySlotWaitOnceForTheSlowestMemory() {
    SimulationResult result =
        run(
            unlimited,
            new Latency(7, 3),
            new Latency(2, 1),
            "H=1 N=6 W=10",
            """
              for h by 1  for n by 1 {
                keep A at Buffer
                interleave U {
                  for w by 1  compute X on U
                  for w by 1  compute Y on U
                }
              }
            """);

    // A comes after 7 cycles and is in the buffer a cycle later; B comes from DRAM, A from there.
    assertThat(result.cycles()).isEqualTo(6 * (7 + 1 + 7 + 20));
    assertThat(stall(result, U, OF_DRAM)).isEqualTo(6 * (7 + 7));
    assertThat(stall(result, U, OF_BUFFER)).isEqualTo(6);
  }

  @Test
  void bothEndsOfATransferCount() {
    SimulationResult result =
        run(dramOf2, new Latency(7, 3), new Latency(2, 1), "H=1 N=6 W=10", SINGLE);

    assertThat(result.cycles()).isEqualTo(6 * ((7 + 5 + 1) + (2 + 10) + (2 + 5 + 3)));
    assertThat(stall(result, U, OF_DRAM)).isEqualTo(6 * (7 + 3));
    assertThat(stall(result, U, OF_BUFFER)).isEqualTo(6 * (1 + 2 + 2));
  }

  @Test
  void anExecutedNestIsDrawnWithItsLatencyFirst() {
    Problem problem =
        Machines.withLatencies(
            dramOf2.problem(
                "H=1 N=1 W=10", "  for h by 1  for n by 1  for w by 1  compute X on U\n"),
            new Latency(7, 3),
            Latency.NONE);
    SimulationResult result =
        Simulator.simulate(
            problem, new SimulationOptions(Optional.of(new TraceWindows(100, 22)), _ -> {}));

    assertThat(result.timeline().windows().getFirst().segments())
        .filteredOn(Segment.Work.class::isInstance)
        .singleElement()
        .satisfies(
            work ->
                assertThat(((Segment.Work) work).stalls())
                    .containsExactly(
                        new Segment.Stall(OF_DRAM, 7),
                        new Segment.Stall(new StallReason.Bandwidth(DRAM), 5)));
  }
}
