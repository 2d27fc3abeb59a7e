package dev.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Violation;
import org.junit.jupiter.api.Test;

/** Schedules whose parts wait for each other. */
class DeadlockTest {

  private final SmallMachine machine = new SmallMachine(2, 0, 0);

  private Problem problem(String copies, int laterStage) {
    return machine.problem(
        "H=6 N=1 W=10",
        """
          for h by 1 flow
          keep A, B at Buffer%s double
          pipeline n by 1
          keep X at Buffer copies 2
          par {
            stage 0  for w by 1  compute X on U
            seq {
              stage 1  for w by 1  compute Z on V
              stage %d  for w by 1  compute Y on V
            }
          }
        """
            .formatted(copies, laterStage));
  }

  /**
   * A step of h is one epoch, and B is still needed three epochs after it came, so four tiles would
   * have to be there. The keep has room for two. They come in cycles 0 to 20, X is computed in 10
   * to 20 and in 20 to 30, and is stored for the first time in 30 to 35.
   */
  @Test
  void aKeepThatALateStageHoldsOnToIsExplained() {
    Problem problem = problem("", 3);

    // Such a schedule is refused as illegal; a simulation that is asked for all the same says why.
    assertThat(Legality.judge(problem))
        .isInstanceOfSatisfying(
            Judgement.Illegal.class,
            illegal ->
                assertThat(illegal.violations())
                    .extracting(Violation::reason)
                    .containsExactly(Violation.Reason.HAND_OVER));
    assertThatThrownBy(() -> Simulator.simulate(problem, SimulationOptions.QUIET))
        .isInstanceOf(DeadlockException.class)
        .hasMessage(
            "waits for itself from cycle 35 on: epoch 2 of the pipeline over n for U and V has"
                + " waited since cycle 35 for A[h=2] and B[h=2] to come to Buffer; there it waits"
                + " for room, as the keep has room for 2 tiles and holds 2; it gives one back when"
                + " stage 3 has used it, in an epoch that comes after this one");
  }

  @Test
  void asManyCopiesAsTheStagesNeedAreEnough() {
    assertThat(Simulator.simulate(problem(" copies 2", 3), SimulationOptions.QUIET).cycles())
        .isPositive();
    assertThat(Simulator.simulate(problem("", 1), SimulationOptions.QUIET).cycles()).isPositive();
  }
}
