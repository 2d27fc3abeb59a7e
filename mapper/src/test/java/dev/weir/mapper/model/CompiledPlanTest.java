package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.schedule.Problem;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs of plans say what a walk over their trees says, which {@link Evaluation#cost} compares:
 * of random problems and of shipped ones, each at several rates and in many sizes.
 */
class CompiledPlanTest {

  private static final long CASES = 1_000;

  private static final int SIZES = 10;

  /** Of the random problems, at least this share has sizes alone that decide. */
  private static final double LEAST_SHARE = 0.3;

  @Test
  void agreesWithAWalkOnRandomProblems() {
    AtomicInteger programs = new AtomicInteger();
    RandomCostTest.check(
        LongStream.range(0, CASES),
        (problem, seed) -> {
          Problem variant = TimeVariants.of(problem, new Random(seed));
          agreesInManySizes(variant, seed);
          if (agreesInManySizes(problem, seed)) {
            programs.incrementAndGet();
          }
        },
        "CompiledPlanTest.agreesInManySizes");

    assertThat(programs.get()).isGreaterThan((int) (LEAST_SHARE * CASES));
  }

  @ParameterizedTest
  @MethodSource("dev.weir.mapper.model.ShippedCostTest#problems")
  void agreesWithAWalkOnShippedProblems(Problem problem) {
    agreesInManySizes(problem, 1);
    for (long seed = 0; seed < 4; seed++) {
      agreesInManySizes(TimeVariants.of(problem, new Random(seed)), seed);
    }
  }

  /** Whether the plan has a program. Sizes need not be legal, as both count what they are given. */
  static boolean agreesInManySizes(Problem problem, long seed) {
    Plan plan = Plan.compile(problem.cascade(), problem.schedule(), problem.architecture());
    if (plan.program().isEmpty()) {
      return false;
    }
    Random random = new Random(seed);
    Evaluation evaluation = plan.compiledEvaluation();
    long[] given = plan.arguments(problem);
    long[] arguments = given.clone();
    for (int i = 0; i < SIZES; i++) {
      evaluation.run(arguments);
      assertThat(evaluation.isByProgram()).as("%s", Arrays.toString(arguments)).isTrue();
      assertThat(evaluation.cost().latencyCycles()).isEqualTo(evaluation.cycles());
      for (int at = 0; at < arguments.length; at++) {
        boolean stays = random.nextInt(3) == 0;
        arguments[at] = stays ? given[at] : 1 + random.nextLong(2 * given[at] + 1);
      }
    }
    return true;
  }
}
