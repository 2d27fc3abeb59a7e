package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.weir.mapper.schedule.Problem;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One workspace for many tilings. */
class WorkspaceTest {

  private static final long SEED = 20_261_128;

  private static final Map<String, Integer> FUSEMAX = Map.of("P1", 16, "WIDTH", 256);

  private static Problem fuseMax() {
    return Shipped.fuseMax(12, 4096, 64, 16);
  }

  static Stream<Arguments> schedules() {
    Problem gemm =
        Shipped.problem(
            Shipped.schedule("gemm_ref16"),
            Shipped.architecture("architectures/ref16"),
            Shipped.shapes("M", 1000, "N", 777, "K", 300));
    Problem tpu =
        Shipped.problem(
            Shipped.schedule("attention_3pass_tpu"),
            Shipped.architecture("architectures/tpu_like"),
            Shipped.attention(2, 3, 1500, 64));
    Problem openCl =
        Shipped.problem(
            Shipped.schedule("opencl_1pass_cpu"),
            Shipped.architecture("devices/pocl-cpu"),
            Shipped.attention(2, 3, 1500, 64));
    return Stream.of(
        Arguments.of(fuseMax(), FUSEMAX),
        Arguments.of(gemm, Map.of("TM", 512, "TN", 512, "TK", 256)),
        Arguments.of(tpu, Map.of("ROWS", 8)),
        Arguments.of(openCl, Map.of("VECTORS", 4, "KEYS", 64, "COLUMNS", 64)));
  }

  /** Tilings with every parameter from 1 to a largest value, whether they fit or not. */
  private static List<Problem> tilings(
      Problem problem, Map<String, Integer> most, int count, long seed) {
    Random random = new Random(seed);
    List<Problem> tilings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, Long> values = new HashMap<>();
      most.forEach((name, limit) -> values.put(name, 1L + random.nextInt(limit)));
      tilings.add(problem.with(values));
    }
    return tilings;
  }

  private static Plan plan(Problem problem) {
    return Plan.compile(problem.cascade(), problem.schedule(), problem.architecture());
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void usedAgainGivesWhatAFreshOneGives(Problem problem, Map<String, Integer> most) {
    Plan plan = plan(problem);
    Evaluation evaluation = plan.evaluation();
    Evaluation compiled = plan.compiledEvaluation();
    for (Problem tiling : tilings(problem, most, 300, SEED)) {
      Cost fresh = CostModel.evaluate(tiling);
      evaluation.run(plan.arguments(tiling));
      compiled.run(plan.arguments(tiling));

      String name = "seed %d, %s".formatted(SEED, tiling.schedule().parameters());
      assertThat(compiled.totalPicojoules())
          .as(name)
          .isEqualTo(fresh.energy().totalPicojoules(), within(1e-9 * compiled.totalPicojoules()));
      assertThat(evaluation.cost()).as(name).isEqualTo(fresh);
      assertThat(compiled.cost()).as(name).isEqualTo(fresh);
    }
  }

  /** Tables grow when a tiling has more kinds of iterations or windows than any before it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void allocatesNothingOnceItsTablesAreLargeEnough(boolean compiled) {
    Problem problem = fuseMax();
    Plan plan = plan(problem);
    Evaluation evaluation = compiled ? plan.compiledEvaluation() : plan.evaluation();
    long[][] tilings =
        tilings(problem, FUSEMAX, 1_000, SEED).stream().map(plan::arguments).toArray(long[][]::new);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    assertThat(allocatedBytes(threads, evaluation, tilings)).as("seed %d", SEED).isPositive();
    assertThat(allocatedBytes(threads, evaluation, tilings)).as("seed %d", SEED).isZero();
  }

  private static long allocatedBytes(
      ThreadMXBean threads, Evaluation evaluation, long[][] tilings) {
    long before = threads.getCurrentThreadAllocatedBytes();
    for (long[] tiling : tilings) {
      evaluation.run(tiling);
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
