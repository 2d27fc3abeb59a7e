package dev.weir.simulator.engine;

import static dev.weir.simulator.engine.SmallMachine.U;
import static dev.weir.simulator.engine.SmallMachine.V;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.random.ProblemText;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.pe.Ahead;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Gates are tight: what waits does not go on one cycle before it may, and does in that very cycle.
 * All cycles are worked out by hand; tiles of ten words take five cycles, nests of ten points ten.
 */
class GateTest {

  private static final SmallMachine DRAM_OF_2 = new SmallMachine(2, 0, 0);
  private static final SmallMachine UNLIMITED = new SmallMachine(0, 0, 0);

  private static final String KEEP =
      """
        for h by 1  for n by 1 {
          keep A, X at Buffer %s
          for w by 1  compute X on U
        }
      """;

  private static final String SINGLE = KEEP.formatted("");
  private static final String DOUBLE = KEEP.formatted("double");

  private static Recording record(String shapes, String schedule) {
    return Recording.of(DRAM_OF_2.problem(shapes, schedule));
  }

  @Test
  void workInASingleKeepWaitsForItsLoadAndItsStore() {
    Recording run = record("H=1 N=2 W=10", SINGLE);

    run.turns(U, 5, "load", "X n=0");
    run.turns(U, 15, "X n=0", "store");
    run.turns(U, 20, "store", "load");
    run.turns(U, 25, "load", "X n=1");
    run.passes(5, "load A n=0", "");
    run.passes(15, "", "store X n=0");
    run.passes(20, "store X n=0", "load A n=1");
    assertThat(run.cycles()).isEqualTo(40);
  }

  /** Nine words take four cycles and a half, and a word alone half a cycle. */
  @Test
  void aTileIsThereAtTheEndOfTheCycleInWhichItsLastWordPasses() {
    record("H=1 N=1 W=9", SINGLE).turns(U, 5, "load", "X");
    record("H=1 N=1 W=8", SINGLE).turns(U, 4, "load", "X");
    record("H=1 N=2 W=1", SINGLE).turns(U, 2, "X n=0", "store");
  }

  @Test
  void tilesOfAKeepMoveOneAfterAnother() {
    Recording run =
        record(
            "H=1 N=1 W=10",
            """
              keep A, B at Buffer
              for h by 1  for n by 1 {
                for w by 1  compute X on U
                for w by 1  compute Y on U
              }
            """);

    run.passes(5, "load A", "load B");
    run.passes(10, "load B", "");
    run.turns(U, 10, "load", "X");
  }

  @Test
  void aDoubleKeepLoadsTheNextTileWhenWorkHasEnteredTheOneAtHand() {
    Recording run = record("H=1 N=3 W=10", DOUBLE);

    run.turns(U, 5, "load", "X n=0");
    run.passes(5, "load A n=0", "load A n=1");
    run.passes(10, "load A n=1", "");
    run.turns(U, 15, "X n=0", "X n=1");
  }

  @Test
  void aDoubleKeepStoresBesideTheNextStepAndBeforeItLoads() {
    Recording run = record("H=1 N=3 W=10", DOUBLE);

    run.passes(15, "", "store X n=0");
    run.passes(20, "store X n=0", "load A n=2");
    run.passes(25, "load A n=2", "store X n=1");
    run.passes(35, "", "store X n=2");
    run.turns(U, 35, "X n=2", "store");
    assertThat(run.cycles()).isEqualTo(40);
  }

  /** Ten cycles of work beside 20 of load, and from the second step on 20 of store before. */
  @Test
  void aStepOfADoubleKeepLastsUntilWhatMovesBesideItHasMoved() {
    String schedule = DOUBLE.replace("compute", "spatial w by 1 on U.lanes  compute");
    Recording run = record("H=1 N=4 W=40", schedule.replace("for w by 1", "for w by 4"));

    run.turns(U, 20, "load", "X n=0");
    run.turns(U, 30, "X n=0", "load");
    run.turns(U, 40, "load", "X n=1");
    run.turns(U, 50, "X n=1", "store");
    run.passes(60, "store X n=0", "load A n=2");
    run.turns(U, 80, "store", "X n=2");
  }

  @Test
  void aPhaseEndsWithItsLastTransfer() {
    Recording run =
        record("H=1 N=2 W=10", DOUBLE + DOUBLE.replace("A, X", "B, Y").replace("X on U", "Y on V"));

    run.passes(30, "store X n=1", "load B n=0");
    run.turns(U, 30, "store", "work elsewhere");
    run.turns(V, 30, "work elsewhere", "load");
    run.turns(V, 35, "load", "Y n=0");
  }

  /** B takes 3 cycles, a tile of A 2, one of C 4; sums take 8 cycles. A wait has one reason. */
  @Test
  void sumsComeBackWhenTheyHaveGone() {
    UnitName array = new UnitName("Array");
    Recording run = Recording.of(Ahead.sumsThatGoOn());

    run.turns(array, 3 + 2, "load", "C k=0");
    run.turns(array, 5 + 8, "C k=0", "store");
    run.passes(13 + 4, "store C", "load A k=1");
    run.passes(17 + 2, "load A k=1", "load C");
    run.turns(array, 19 + 4, "store", "C k=1");
  }

  /** It gets what operands leave of the port: nothing in 32 cycles, then all of it. */
  @Test
  void aPhaseEndsWhenGeneration0HasPassed() {
    Recording run = Recording.of(Generation0.problem());

    run.turns(new UnitName("Array2D"), 16, "S", "work elsewhere");
    run.turns(new UnitName("Array1D"), 32, "O", "store");
    run.passes(32, "initialise S", "initialise S");
    assertThat(run.cycles()).isEqualTo(40);
  }

  private static final String STAGES =
      """
      pipeline n by 1 {
          keep X at Buffer copies 2
          par {
            stage 0  for w by 4  spatial w by 1 on U.lanes  compute X on U
            stage 1  for w by 1  compute Z on V
          }
        }
      """;

  /** Stage 0 takes 3 cycles, stage 1 takes 10. */
  @Test
  void anEpochBeginsWhenAllStagesAreThrough() {
    Recording run = Recording.of(UNLIMITED.problem("H=1 N=3 W=10", "  for h by 1  " + STAGES));

    run.turns(V, 3, "epoch imbalance", "Z n=0");
    run.turns(U, 3, "X n=0", "X n=1");
    run.turns(U, 6, "X n=1", "epoch imbalance");
    run.turns(U, 13, "epoch imbalance", "X n=2");
    run.turns(V, 13, "Z n=0", "Z n=1");
  }

  @Test
  void aPipelineThatDrainsBeginsAnewWhenItsLastStageIsThrough() {
    Recording drains = Recording.of(UNLIMITED.problem("H=2 N=2 W=10", "  for h by 1  " + STAGES));
    Recording flows =
        Recording.of(UNLIMITED.problem("H=2 N=2 W=10", "  for h by 1 flow  " + STAGES));

    drains.turns(U, 23, "epoch imbalance", "X h=1, n=0");
    flows.turns(U, 13, "epoch imbalance", "X h=1, n=0");
  }

  /** Past three lanes, two cycles each. */
  @Test
  void aPipelineOnSkewedLanesBeginsWhenTheArrayIsFull() {
    Problem problem = UNLIMITED.problem("H=1 N=3 W=10", "  for h by 1  " + STAGES);
    Recording run = Recording.of(Machines.withInstances(problem, 4, Axis.Fill.SKEWED));

    run.turns(U, 6, "fill", "X n=0");
    run.turns(V, 6 + 3, "epoch imbalance", "Z n=0");
  }

  /**
   * A sum passes three rows on its way out and three on its way back, two cycles each. It leaves
   * after the cycle that each tile takes, and the next stage is to have it when its epoch begins.
   */
  @Test
  void anEpochBeginsWhenWhatPassesAlongTheArrayHasArrived() {
    Problem problem =
        ProblemText.read(
            """
            cascade shares
            ranks N, W
            inputs A[N,W]
            empty S = 0, Z = 0
            S[n] = A[n,w]
            Z[n,w] = S[n] * A[n,w]
            outputs Z
            """,
            """
            schedule shares for shares
              pipeline n by 1 {
                keep S at GlobalBuffer copies 2
                interleave Array2D {
                  stage 0  spatial w by 1 on Array2D.rows reduce S  compute S on Array2D
                  stage 1  spatial w by 1 on Array2D.rows multicast S  compute Z on Array2D
                }
              }
            """,
            ExampleArchitectures.fuseMax(4, 4096),
            "N=3 W=4");
    Problem unlimited = Machines.withBandwidths(problem, _ -> Optional.empty());
    UnitName array = new UnitName("Array2D");
    Recording run = Recording.of(Machines.withInstances(unlimited, 4, Axis.Fill.SKEWED));

    // Both slots of an epoch take a cycle; with the hops it is 2 + 6 + 6 cycles long.
    run.turns(array, 6, "fill", "S n=0");
    run.turns(array, 6 + 1, "S n=0", "fill");
    assertThat(run.cycles()).isEqualTo(6 + 4 * 14);
  }

  private static String handOver(String copies) {
    return """
      for h by 1 flow
      keep A, B at Buffer %s double
      pipeline n by 1
      keep X at Buffer copies 2
      par {
        stage 0  for w by 1  compute X on U
        seq {
          stage 1  for w by 1  compute Z on V
          stage 1  for w by 1  compute Y on V
        }
      }
    """
        .formatted(copies);
  }

  /**
   * The tiles of h = 0 come until cycle 10, those of h = 1 until 20. Stage 1 uses the first ones
   * from 20 to 40, as X goes out; only then there is room for a third.
   */
  @Test
  void aTileComesWhenTheLastStageHasGivenItsRoomBack() {
    Recording run = record("H=4 N=1 W=10", handOver(""));

    run.passes(10, "load B h=0", "load A h=1");
    run.turns(V, 40, "Y h=0", "store");
    run.passes(45, "store X h=0", "load A h=2");
    run.turns(U, 55, "load", "X h=2");
  }

  @Test
  void withMoreRoomTheTileComesWhenWorkHasEnteredTheOneBefore() {
    Recording run = record("H=4 N=1 W=10", handOver("copies 2"));

    run.passes(20, "load B h=1", "load A h=2");
  }

  /** A comes for 24 cycles, then B for 12, while stage 0 works for 8. */
  @Test
  void aLateKeepIsFilledFromTheStartOfThePipelineOn() {
    Recording run = Recording.of(Ahead.headOfALateStage());

    run.passes(24, "load A", "load B h=0");
    run.turns(V, 24 + 12, "load", "Z h=0, n=0");
  }

  /** Two tiles of A and two of X, of ten words each. */
  @Test
  void aScheduleRunsInABufferThatItFillsAndInNoSmallerOne() {
    Problem problem = DRAM_OF_2.problem("H=1 N=2 W=10", DOUBLE);

    assertThat(Recording.of(Machines.withBuffers(problem, 40)).cycles()).isEqualTo(30);
    assertThatThrownBy(() -> Recording.of(Machines.withBuffers(problem, 39)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Buffer holds 39 words, not 40: schedule is not legal");
  }

  /**
   * Steps of 20 cycles. The second and the third begin in the same state, so all that follow are
   * skipped but the last two: of four steps none, of five one.
   */
  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6, 100})
  void allStepsAreSkippedThatLieBetweenTheSecondAndTheLastTwo(long steps) {
    Problem problem = DRAM_OF_2.problem("H=1 W=10 N=" + steps, SINGLE);

    Simulator.Outcome outcome = Simulator.run(problem, SimulationOptions.QUIET);

    assertThat(outcome.skipped().cycles()).isEqualTo((steps - 4) * 20);
    assertThat(outcome.result().cycles()).isEqualTo(steps * 20);
  }
}
