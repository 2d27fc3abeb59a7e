package dev.weir.simulator.pe;

import static dev.weir.simulator.pe.SmallArray.ARRAY;
import static dev.weir.simulator.pe.SmallArray.C;
import static dev.weir.simulator.pe.SmallArray.V;
import static dev.weir.simulator.pe.SmallArray.stall;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.count.Movement;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.StallReason;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs that are worked out by hand. */
class PeHandCalculatedTest {

  private static final LevelName DRAM = new LevelName("DRAM");

  /** Sums stay in the elements; rows of A and columns of B pass through. */
  private static final String OUTPUT_STATIONARY =
      """
        keep C at Registers
        for k by 1  spatial m by 1 on Array.rows multicast B  spatial n by 1 on Array.columns multicast A  compute C on Array
      """;

  /** B stays in the elements; A passes along rows, sums along columns. */
  private static final String WEIGHT_STATIONARY =
      """
        keep B at Registers
        for m by 1  spatial k by 1 on Array.rows reduce C  spatial n by 1 on Array.columns multicast A  compute C on Array
      """;

  private static PeRun run(Problem problem) {
    return PeSimulator.simulate(problem, SmallArray.inputs(problem));
  }

  private static void assertProduct(Problem problem, PeRun run) {
    Map<TensorName, DenseTensor> inputs = SmallArray.inputs(problem);
    DenseTensor a = inputs.get(new TensorName("A"));
    DenseTensor b = inputs.get(new TensorName("B"));
    long[] shape = a.shape();
    long columns = b.shape()[1];
    for (long m = 0; m < shape[0]; m++) {
      for (long n = 0; n < columns; n++) {
        double sum = 0;
        for (long k = 0; k < shape[1]; k++) {
          sum += a.get(m, k) * b.get(k, n);
        }
        assertThat(run.outputs().get(C).get(m, n)).as("C[%d,%d]", m, n).isEqualTo(sum);
      }
    }
  }

  private static long words(SimulationResult result, String tensor, Movement movement) {
    Counts.Traffic traffic = new Counts.Traffic(new TensorName(tensor), DRAM, movement);
    return result.counts().trafficWords().getOrDefault(traffic, 0L);
  }

  @Test
  void operandsReachTheFarCornerAHopAnElementLater() {
    Problem problem = SmallArray.withHops(1).product("M=3 N=4 K=5", OUTPUT_STATIONARY);

    PeRun run = run(problem);

    // Element (2, 3) begins 2 + 3 cycles after the first and works for 5.
    assertThat(run.result().cycles()).isEqualTo(5 + 2 + 3);
    assertThat(run.result().units().get(ARRAY).busyCycles()).isEqualTo(5);
    assertThat(stall(run.result(), ARRAY, StallReason.Cause.FILL)).isEqualTo(2 + 3);
    assertThat(run.steppedCycles()).isEqualTo((5 + 2 + 3) * 3 * 4);
    assertThat(words(run.result(), "A", Movement.READ)).isEqualTo(3 * 5);
    assertThat(words(run.result(), "B", Movement.READ)).isEqualTo(4 * 5);
    assertThat(words(run.result(), "C", Movement.WRITE)).isEqualTo(3 * 4);
    assertProduct(problem, run);
  }

  @Test
  void aHopMayTakeSeveralCycles() {
    Problem problem = SmallArray.withHops(3).product("M=3 N=4 K=5", OUTPUT_STATIONARY);

    PeRun run = run(problem);

    assertThat(run.result().cycles()).isEqualTo(5 + 3 * (2 + 3));
    assertProduct(problem, run);
  }

  @Test
  void hiddenFillTakesNoTime() {
    Problem problem = SmallArray.withHops(0).product("M=3 N=4 K=5", OUTPUT_STATIONARY);

    PeRun run = run(problem);

    assertThat(run.result().cycles()).isEqualTo(5);
    assertProduct(problem, run);
  }

  @Test
  void sumsRippleThroughTheRowsBesideTheOperands() {
    Problem problem = SmallArray.withHops(1).product("M=6 N=2 K=4", WEIGHT_STATIONARY);

    PeRun run = run(problem);

    // The sum of the first row of A leaves the last element after 3 + 1 hops.
    assertThat(run.result().cycles()).isEqualTo(6 + 3 + 1);
    assertThat(words(run.result(), "A", Movement.READ)).isEqualTo(6 * 4);
    assertThat(words(run.result(), "B", Movement.READ)).isEqualTo(4 * 2);
    assertThat(words(run.result(), "C", Movement.WRITE)).isEqualTo(6 * 2);
    assertThat(words(run.result(), "C", Movement.READ)).isZero();
    assertProduct(problem, run);
  }

  @Test
  void mergedSumsDrainOnceANest() {
    SmallArray array = new SmallArray(0, 1, Rational.of(1), 7);
    Problem problem = array.product("M=6 N=2 K=4", WEIGHT_STATIONARY);

    PeRun run = run(problem);

    assertThat(run.result().cycles()).isEqualTo(6 + 3 + 1 + 7);
    assertThat(stall(run.result(), ARRAY, StallReason.Cause.FILL)).isEqualTo(3 + 1 + 7);
    assertProduct(problem, run);
  }

  @Test
  void operationsOfPartsOfACycleAreRoundedOnceANest() {
    SmallArray slow = new SmallArray(0, 1, new Rational(7, 2), 0);
    SmallArray fast = new SmallArray(0, 1, new Rational(1, 3), 0);
    Problem slowly = slow.product("M=3 N=4 K=3", OUTPUT_STATIONARY);
    Problem quickly = fast.product("M=3 N=4 K=7", OUTPUT_STATIONARY);

    assertThat(run(slowly).result().cycles()).isEqualTo(11 + 2 + 3);
    assertThat(run(quickly).result().cycles()).isEqualTo(3 + 2 + 3);
    assertProduct(slowly, run(slowly));
    assertProduct(quickly, run(quickly));
  }

  @Test
  void elementsWithoutATileLetTheirSlotsPass() {
    Problem problem =
        SmallArray.withHops(3)
            .squares(
                "H=1 N=2 W=10",
                """
                  for h by 1  for n by 1  for w by 4  spatial w by 1 on V.lanes  compute X on V
                  for h by 1  for n by 1  for w by 1  compute Z on V
                """);

    SimulationResult result = run(problem).result();

    // Three steps for each n, the last with two lanes; then three hops until the last has left.
    assertThat(result.cycles()).isEqualTo(2 * 3 + 3 * 3 + 20);
    assertThat(stall(result, V, StallReason.Cause.FILL)).isEqualTo(9);
  }

  @Test
  void operandsFromDramSlowTheWorkDown() {
    Problem problem =
        SmallArray.withDram(2)
            .squares(
                "H=1 N=1 W=10",
                """
                  for h by 1  for n by 1  for w by 1  compute X on V
                  for h by 1  for n by 1  for w by 1  compute Z on V
                """);

    SimulationResult result = run(problem).result();

    // Two reads and a write a point at 2 words a cycle, in both nests.
    assertThat(result.cycles()).isEqualTo(2 * 15);
    assertThat(result.units().get(V).busyCycles()).isEqualTo(2 * 10);
    assertThat(stall(result, V, new StallReason.Bandwidth(DRAM))).isEqualTo(2 * 5);
  }

  @Test
  void aDoubleKeepExposesOnlyTheFirstLoadAndTheLastStore() {
    Problem problem =
        SmallArray.withDram(2)
            .squares(
                "H=1 N=6 W=10",
                """
                  keep X at Buffer
                  for h by 1  for n by 1 {
                    keep A at Buffer double
                    for w by 1  compute X on V
                  }
                  for h by 1  for n by 1 {
                    keep Z at Buffer double
                    for w by 1  compute Z on V
                  }
                """);

    SimulationResult result = run(problem).result();

    // Loads of A beside X, stores of Z beside Z; X itself is stored when all is done.
    assertThat(result.cycles()).isEqualTo(5 + 6 * 10 + 6 * 10 + 5 + 30);
    assertThat(stall(result, V, StallReason.Cause.LOAD)).isEqualTo(5);
    assertThat(stall(result, V, StallReason.Cause.STORE)).isEqualTo(5 + 30);
  }

  @Test
  void aPipelineTakesItsTilesAndItsDepthInEpochs() {
    Problem problem =
        SmallArray.withHops(0)
            .squares(
                "H=1 N=6 W=10",
                """
                  for h by 1  pipeline n by 1 {
                    keep X at Buffer copies 2
                    par {
                      stage 0  for w by 1  compute X on V
                      stage 1  for w by 1  compute Z on Array
                    }
                  }
                """);

    SimulationResult result = run(problem).result();

    assertThat(result.cycles()).isEqualTo((6 + 1) * 10);
    assertThat(stall(result, V, StallReason.Cause.EPOCH_IMBALANCE)).isEqualTo(10);
    assertThat(stall(result, ARRAY, StallReason.Cause.EPOCH_IMBALANCE)).isEqualTo(10);
  }

  private static final String HANDED_ON =
      """
      cascade handed "squares of squares, where squares stay inside"
        ranks H, W
        inputs A[H,W]
        X[h,w] = A[h,w] * A[h,w]
        Z[h,w] = X[h,w] * X[h,w]
        outputs Z
      """;

  private static Problem handedOn(String schedule) {
    return SmallArray.withDram(4)
        .problem(HANDED_ON, "schedule s for handed\n" + schedule, "H=3 W=8");
  }

  @Test
  void aTileIsNotLoadedBeforeItIsProduced() {
    Problem problem =
        handedOn(
            """
              for h by 1 {
                keep X at DRAM
                interleave V {
                  for w by 1  compute X on V
                  { keep X at Buffer double  for w by 1  compute Z on V }
                }
              }
            """);

    SimulationResult result = run(problem).result();

    // Each of three times 8 squares, 2 cycles until 8 words have come, 8 squares of them.
    assertThat(result.cycles()).isEqualTo(3 * (8 + 2 + 8));
    assertThat(stall(result, V, StallReason.Cause.LOAD)).isEqualTo(3 * 2);
  }

  @Test
  void aTileIsReadWhenItHasBeenStored() {
    Problem problem =
        handedOn(
            """
              keep X at DRAM
              for h by 1  interleave V {
                { keep X at Buffer double  for w by 1  compute X on V }
                for w by 1  compute Z on V
              }
            """);

    SimulationResult result = run(problem).result();

    assertThat(result.cycles()).isEqualTo(3 * (8 + 2 + 8));
    assertThat(stall(result, V, StallReason.Cause.STORE)).isEqualTo(3 * 2);
  }
}
