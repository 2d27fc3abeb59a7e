package dev.weir.simulator.engine;

import static dev.weir.simulator.engine.SmallMachine.BUFFER;
import static dev.weir.simulator.engine.SmallMachine.DRAM;
import static dev.weir.simulator.engine.SmallMachine.U;
import static dev.weir.simulator.engine.SmallMachine.V;
import static dev.weir.simulator.engine.SmallMachine.stall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.StallReason;
import org.junit.jupiter.api.Test;

/** Runs that are worked out by hand. Only what a test names is scheduled; W operations take W. */
class HandCalculatedTest {

  private final SmallMachine dramOf2 = new SmallMachine(2, 0, 0);
  private final SmallMachine unlimited = new SmallMachine(0, 0, 0);

  @Test
  void aSingleKeepExposesLoadAndStore() {
    SimulationResult result =
        dramOf2.run(
            "H=1 N=6 W=10",
            """
              for h by 1  for n by 1 {
                keep A, X at Buffer
                for w by 1  compute X on U
              }
            """);

    assertThat(result.cycles()).isEqualTo(6 * (5 + 10 + 5));
    assertThat(stall(result, U, StallReason.Cause.LOAD)).isEqualTo(6 * 5);
    assertThat(stall(result, U, StallReason.Cause.STORE)).isEqualTo(6 * 5);
    assertThat(result.units().get(U).busyCycles()).isEqualTo(60);
    assertThat(result.units().get(V).stallCycles().get(StallReason.Cause.OTHER_WORK))
        .isEqualTo(120);
  }

  @Test
  void aTransferRoundsUpOnceATile() {
    SimulationResult result =
        dramOf2.run(
            "H=1 N=2 W=9",
            """
              for h by 1  for n by 1 {
                keep A, X at Buffer
                for w by 1  compute X on U
              }
            """);

    assertThat(result.cycles()).isEqualTo(2 * (5 + 9 + 5));
  }

  @Test
  void aDoubleKeepExposesOnlyTheFirstLoadAndTheLastStore() {
    SimulationResult result =
        dramOf2.run(
            "H=1 N=6 W=10",
            """
              for h by 1  for n by 1 {
                keep A, X at Buffer double
                for w by 1  compute X on U
              }
            """);

    // In every step but the first and the last 5 cycles of store and 5 of load beside 10 of work.
    assertThat(result.cycles()).isEqualTo(5 + 6 * 10 + 5);
    assertThat(stall(result, U, StallReason.Cause.LOAD)).isEqualTo(5);
    assertThat(stall(result, U, StallReason.Cause.STORE)).isEqualTo(5);
    assertThat(result.levels().get(DRAM).busyCycles()).isEqualTo(6 * (5 + 5));
    assertThat(result.levels().get(DRAM).bandwidthShare()).hasValue(120 / (2 * 70.0));
  }

  @Test
  void aDoubleKeepThatMovesLongerThanItWorksTakesItsTransfers() {
    // Four lanes: 10 words a lane of 40, so 10 cycles of work, 20 of load, 20 of store.
    SimulationResult result =
        dramOf2.run(
            "H=1 N=6 W=40",
            """
              for h by 1  for n by 1 {
                keep A, X at Buffer double
                for w by 4  spatial w by 1 on U.lanes  compute X on U
              }
            """);

    assertThat(result.cycles()).isEqualTo(20 + 20 + 4 * (20 + 20) + 20 + 20);
  }

  @Test
  void theNextTileArrivesAcrossLoopBoundariesToo() {
    String flat = dramOf2.run("H=1 N=12 W=10", schedule("for n by 1")).toString();
    String nested = dramOf2.run("H=1 N=12 W=10", schedule("for n by 5  for n by 1")).toString();

    assertThat(nested).isEqualTo(flat);
  }

  private static String schedule(String loops) {
    return "  for h by 1  "
        + loops
        + " {\n    keep A, X at Buffer double\n    for w by 1  compute X on U\n  }\n";
  }

  @Test
  void operandsFromDramSlowTheWorkDown() {
    SimulationResult result =
        dramOf2.run("H=1 N=1 W=10", "  for h by 1  for n by 1  for w by 1  compute X on U\n");

    // Two reads and a write a point at 2 words a cycle.
    assertThat(result.cycles()).isEqualTo(15);
    assertThat(result.units().get(U).busyCycles()).isEqualTo(10);
    assertThat(stall(result, U, new StallReason.Bandwidth(DRAM))).isEqualTo(5);
  }

  @Test
  void branchesShareAPortAndBothSlowDown() {
    SimulationResult result =
        dramOf2.run(
            "H=1 N=1 W=10",
            """
              par {
                for h by 1  for n by 1  for w by 1  compute X on U
                for h by 1  for n by 1  for w by 1  compute Y on V
              }
            """);

    assertThat(result.cycles()).isEqualTo(30);
    assertThat(stall(result, U, new StallReason.Bandwidth(DRAM))).isEqualTo(20);
    assertThat(stall(result, V, new StallReason.Bandwidth(DRAM))).isEqualTo(20);
  }

  @Test
  void branchesWithPortsOfTheirOwnTakeTheLongest() {
    SimulationResult result =
        unlimited.run(
            "H=1 N=3 W=10",
            """
              par {
                for h by 1  for n by 1  for w by 1  compute X on U
                for h by 1  for n by 1  for w by 4  spatial w by 1 on V.lanes  compute Y on V
              }
            """);

    assertThat(result.cycles()).isEqualTo(30);
    assertThat(stall(result, V, StallReason.Cause.OTHER_WORK)).isEqualTo(30 - 3 * 3);
  }

  @Test
  void aPrefetchDoesNotHoldUpOperands() {
    // X moves 3 words a cycle of 4 for 100 cycles; the next 100 words of B come in what is left.
    SimulationResult result =
        new SmallMachine(4, 4, 0)
            .run(
                "H=2 N=1 W=100",
                """
                  keep A, X at Buffer
                  for h by 1 {
                    keep B at Buffer double
                    for n by 1  for w by 1  compute X on U
                    for n by 1  for w by 1  compute Y on U
                  }
                """);

    assertThat(stall(result, U, new StallReason.Bandwidth(BUFFER))).isZero();
    assertThat(result.cycles()).isEqualTo(50 + 25 + 2 * (100 + 100) + 50);
  }

  @Test
  void fillIsAddedOnceANestWhereItShows() {
    SimulationResult result =
        new SmallMachine(0, 0, 3)
            .run(
                "H=1 N=2 W=10",
                "  for h by 1  for n by 1  for w by 4  spatial w by 1 on U.lanes  compute X on"
                    + " U\n");

    // Three steps for each n; four lanes pass operands three times.
    assertThat(result.cycles()).isEqualTo(2 * 3 + 3 * 3);
    assertThat(stall(result, U, StallReason.Cause.FILL)).isEqualTo(9);
  }

  @Test
  void aWholeFillPassesInstancesWithoutWork() {
    Problem twoOfFour =
        unlimited.problem(
            "H=1 N=2 W=10",
            "  for h by 1  for n by 1  for w by 2  spatial w by 1 on U.lanes  compute X on U\n");
    SimulationOptions quiet = SimulationOptions.QUIET;

    // Five steps for each n; two cycles a hop, once past one lane, once past three.
    assertThat(Simulator.simulate(Machines.withInstances(twoOfFour, 4), quiet).cycles())
        .isEqualTo(2 * 5 + 2);
    assertThat(
            Simulator.simulate(Machines.withInstances(twoOfFour, 4, Axis.Fill.WHOLE), quiet)
                .cycles())
        .isEqualTo(2 * 5 + 3 * 2);
  }

  private static final String STAGES =
      """
      pipeline n by 1 {
          keep X at Buffer copies 2
          par {
            stage 0  for w by 1  compute X on U
            stage 1  for w by 1  compute Z on V
          }
        }
      """;

  @Test
  void aPipelineTakesItsTilesAndItsDepthInEpochs() {
    SimulationResult result = unlimited.run("H=1 N=6 W=10", "  for h by 1  " + STAGES);

    assertThat(result.cycles()).isEqualTo((6 + 1) * 10);
    assertThat(stall(result, U, StallReason.Cause.EPOCH_IMBALANCE)).isEqualTo(10);
    assertThat(stall(result, V, StallReason.Cause.EPOCH_IMBALANCE)).isEqualTo(10);
  }

  @Test
  void aPipelineDrainsBetweenOuterStepsUnlessTheyFlow() {
    SimulationResult drains = unlimited.run("H=4 N=6 W=10", "  for h by 1  " + STAGES);
    SimulationResult flows = unlimited.run("H=4 N=6 W=10", "  for h by 1 flow  " + STAGES);

    assertThat(drains.cycles()).isEqualTo(4 * (6 + 1) * 10);
    assertThat(flows.cycles()).isEqualTo((4 * 6 + 1) * 10);
    assertThat(flows.counts()).isEqualTo(drains.counts());
  }

  @Test
  void anEpochLastsAsLongAsItsSlowestStage() {
    SimulationResult result =
        unlimited.run(
            "H=1 N=6 W=10",
            """
              for h by 1  pipeline n by 1 {
                keep X at Buffer copies 2
                par {
                  stage 0  for w by 4  spatial w by 1 on U.lanes  compute X on U
                  stage 1  for w by 1  compute Z on V
                }
              }
            """);

    assertThat(result.cycles()).isEqualTo(3 + 6 * 10);
    assertThat(stall(result, U, StallReason.Cause.EPOCH_IMBALANCE)).isEqualTo(63 - 6 * 3);
  }

  @Test
  void interleavedSlotsAdd() {
    SimulationResult result =
        unlimited.run(
            "H=1 N=6 W=10",
            """
              for h by 1  pipeline n by 1 {
                keep X at Buffer copies 2
                interleave U {
                  stage 1  for w by 1  compute Z on U
                  stage 0  for w by 1  compute X on U
                }
              }
            """);

    assertThat(result.cycles()).isEqualTo(2 * 6 * 10);
    assertThat(result.units().get(U).busyCycles()).isEqualTo(2 * 6 * 10);
  }

  @Test
  void phasesCompleteTheirTransfers() {
    SimulationResult result =
        dramOf2.run(
            "H=1 N=6 W=10",
            """
              for h by 1  for n by 1 {
                keep A, X at Buffer double
                for w by 1  compute X on U
              }
              for h by 1  for n by 1 {
                keep B, Y at Buffer double
                for w by 1  compute Y on V
              }
            """);

    assertThat(result.cycles()).isEqualTo(2 * (5 + 6 * 10 + 5));
  }

  @Test
  void twoBranchesOnOneUnitAreRefused() {
    assertThatThrownBy(
            () ->
                unlimited.run(
                    "H=1 N=1 W=10",
                    """
                      par {
                        for h by 1  for n by 1  for w by 1  compute X on U
                        for h by 1  for n by 1  for w by 1  compute Y on U
                      }
                    """))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("U is asked to do two things in cycle 0");
  }

  @Test
  void workBetweenAPipelineAndItsStagesIsRefused() {
    assertThatThrownBy(
            () ->
                unlimited.run(
                    "H=1 N=1 W=10", "  for h by 1  pipeline n by 1  for w by 1  compute X on U\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("work between a pipeline and its stages");
  }
}
