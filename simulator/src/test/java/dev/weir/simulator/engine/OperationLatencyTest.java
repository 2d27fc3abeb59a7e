package dev.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.StallReason;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operations whose results take longer than their interval, by hand, in both engines. */
class OperationLatencyTest {

  private static final UnitName ARRAY = new UnitName("Array2D");

  private static final String PRODUCTS =
      """
      cascade products "two products"
        ranks M, N, K
        inputs A[M,K], B[K,N]
        C[m,n] = A[m,k] * B[k,n]
        D[m,n] = A[m,k] * B[k,n]
        outputs C, D
      """;

  private static final String PRODUCT =
      PRODUCTS.replace("  D[m,n] = A[m,k] * B[k,n]\n", "").replace("outputs C, D", "outputs C");

  private static Problem problem(String cascade, String shapes, String schedule, long latency) {
    Problem given =
        Problem.of(
            Examples.cascadeFrom(cascade),
            Examples.schedule("schedule s for products\n" + schedule).schedule(),
            ExampleArchitectures.fuseMax(4, 4096),
            Examples.shapes(shapes));
    Problem unlimited = Machines.withBandwidths(given, _ -> Optional.empty());
    return Machines.withOperationLatency(unlimited, latency);
  }

  private static SimulationResult run(String shapes, String loops, long latency) {
    return BothEngines.run(problem(PRODUCT, shapes, loops + "  compute C on Array2D", latency));
  }

  private static long awaited(SimulationResult result) {
    return result.units().get(ARRAY).stallCycles().getOrDefault(StallReason.Cause.OPERATION, 0L);
  }

  /**
   * Two rows, five terms an element, four cycles from a term to the next one of the same element.
   * The last result is there three cycles after the unit could go on.
   */
  @ParameterizedTest
  @CsvSource({
    // Terms one after another, so all but the first of an element wait: 6 * (4 * 4 + 1) + 3.
    "3, for m by 1  for n by 1  for k by 1, 105",
    // Three other elements in between are one too few, four are enough: 2 * (4 * 4 + 3) + 3.
    "3, for m by 1  for k by 1  for n by 1, 41",
    "4, for m by 1  for k by 1  for n by 1, 43",
    // Six elements take turns.
    "3, for k by 1  for m by 1  for n by 1, 33",
    // Of a row two elements take turns, the third is alone: 2 * (18 + 17) + 3.
    "3, for m by 1  for n by 2  for k by 1  for n by 1, 73",
    // Four terms at a time are one contribution, so an element has two: 6 * (4 + 1) + 3.
    "3, for m by 1  for n by 1  for k by 4  spatial k by 1 on Array2D.rows reduce C, 33",
    // Elements at the same time do not wait for each other: 2 * (4 * 4 + 1) + 3.
    "3, for m by 1  spatial n by 1 on Array2D.columns  for k by 1, 37",
  })
  void aTermWaitsForTheSumThatItAddsTo(long columns, String loops, long cycles) {
    SimulationResult result = run("M=2 N=%d K=5".formatted(columns), loops, 4);
    SimulationResult atOnce = run("M=2 N=%d K=5".formatted(columns), loops, 1);

    assertThat(result.cycles()).isEqualTo(cycles);
    assertThat(result.units().get(ARRAY).busyCycles()).isEqualTo(atOnce.cycles());
    assertThat(awaited(result)).isEqualTo(result.cycles() - atOnce.cycles());
    assertThat(awaited(atOnce)).isZero();
  }

  @Test
  void slotsOfOthersPassWhileOneWaits() {
    String nest = "  for m by 1  for n by 1  for k by 1  compute %s on Array2D%n";
    SimulationResult result =
        BothEngines.run(
            problem(
                PRODUCTS,
                "M=2 N=3 K=5",
                "interleave Array2D {\n" + nest.formatted("C") + nest.formatted("D") + "}",
                4));

    // Each alone takes 2 * 3 * 17 + 3 cycles, of which 30 are work.
    assertThat(result.cycles()).isEqualTo(105);
    assertThat(result.units().get(ARRAY).busyCycles()).isEqualTo(2 * 30);
    assertThat(awaited(result)).isEqualTo(105 - 60);
  }

  /** What only takes longer by itself never makes a run shorter than the cost model says. */
  @Test
  void latenciesAddToRandomProblems() {
    int longer = 0;
    for (long seed = 0; seed < 200; seed++) {
      Problem given = RandomProblems.legal(seed);
      if (Simulator.refusal(given).isEmpty()) {
        Problem unlimited = Machines.withBandwidths(given, _ -> Optional.empty());
        long atOnce = cycles(unlimited);
        long later = cycles(Machines.withOperationLatency(unlimited, 5));
        assertThat(later).as("seed %d", seed).isGreaterThanOrEqualTo(atOnce);
        longer += later > atOnce ? 1 : 0;
      }
    }
    assertThat(longer).isGreaterThan(100);
  }

  private static long cycles(Problem problem) {
    return Simulator.simulate(problem, SimulationOptions.QUIET).cycles();
  }
}
