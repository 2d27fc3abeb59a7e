package dev.weir.simulator.pe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.exact.ExactEvaluator;
import dev.weir.einsum.exact.ExactField;
import dev.weir.einsum.exact.ExactTensor;
import dev.weir.einsum.exact.ExactValue;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The machine over a prime field, where nothing is rounded and no wrong operand goes unnoticed,
 * against the exact evaluator. A field knows sums, products and quotients, but no order.
 */
class PeFieldTest {

  private static final int PROBLEMS = 300;
  private static final int LEAST = 40;

  private static final String QUOTIENTS =
      """
      cascade quotients
        ranks P, M, E
        inputs A[M,P], B[M,E]
        S[p]   = A[m,p]
        Q[m,p] = A[m,p] / S[p]
        Z[p,e] = Q[m,p] * B[m,e] - 3 * A[m,p]
        outputs Z
      """;

  private static final String QUOTIENTS_SCHEDULE =
      """
      schedule s for quotients
        for p by 3 {
          keep S at Buffer
          keep Q at Buffer
          spatial p by 1 on Array.columns  spatial m by 1 on Array.rows reduce S  compute S on Array
          for m by 2  spatial m by 1 on Array.rows multicast S  spatial p by 1 on Array.columns  compute Q on Array
          for e by 1  spatial m by 1 on Array.rows reduce Z  spatial p by 1 on Array.columns multicast B  compute Z on Array
        }
      """;

  @Test
  void randomSumsOfProductsAreExact() {
    int run = 0;
    for (long seed = 0; seed < PROBLEMS; seed++) {
      Problem problem = RandomProblems.legal(seed);
      if (isOverAField(problem.cascade()) && PeSimulator.refusal(problem).isEmpty()) {
        compare(
            problem,
            RandomProblems.inputs(problem, seed),
            "seed " + seed + " " + RandomProblems.describe(problem));
        run++;
      }
    }
    assertThat(run).isGreaterThanOrEqualTo(LEAST);
  }

  @Test
  void quotientsAreExactThoughDoublesRoundThem() {
    Problem problem = SmallArray.withHops(2).problem(QUOTIENTS, QUOTIENTS_SCHEDULE, "P=7 M=4 E=3");

    compare(problem, Examples.wholeInputs(problem.cascade(), problem.shapes(), 5), "quotients");
  }

  private static void compare(
      Problem problem, Map<TensorName, DenseTensor> inputs, String description) {
    PeRun run = PeSimulator.simulate(problem, inputs, new FieldArithmetic());

    Map<TensorName, ExactTensor> expected =
        ExactEvaluator.evaluate(
            problem.cascade(), problem.shapes(), inputs, ExactField.MERSENNE, 1);
    for (TensorName output : run.outputs().keySet()) {
      long[] images =
          Arrays.stream(expected.get(output).values()).mapToLong(PeFieldTest::image).toArray();
      assertThat(run.numbers(output)).as(output + ": " + description).isEqualTo(images);
    }
  }

  private static long image(ExactValue value) {
    return switch (value) {
      case ExactValue.Finite finite -> finite.image();
      case ExactValue.Infinite infinite -> throw new AssertionError(infinite);
    };
  }

  private static boolean isOverAField(Cascade cascade) {
    for (Einsum einsum : cascade.einsums()) {
      boolean sums =
          switch (einsum.reduction()) {
            case SUM, PRODUCT -> true;
            case MAXIMUM, MINIMUM -> false;
          };
      if (!sums || !isOverAField(List.of(einsum.value()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOverAField(List<Expression> expressions) {
    return expressions.stream()
        .allMatch(
            expression ->
                isOverAField(expression.children())
                    && !(expression instanceof Expression.Binary binary
                        && switch (binary.operator()) {
                          case ADD, SUBTRACT, MULTIPLY, DIVIDE -> false;
                          case MAXIMUM, MINIMUM, POWER, SUBTRACT_THEN_EXP -> true;
                        }));
  }
}
