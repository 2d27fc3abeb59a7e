package dev.weir.mapper.random;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.schedule.Problem;
import org.junit.jupiter.api.Test;

/** Features of schedules that a person can look through. */
class FeaturesTest {

  private static Problem on(String cascade, String schedule, String shapes) {
    return ProblemText.read(cascade, schedule, ExampleArchitectures.fuseMax(4, 64), shapes);
  }

  private static final String MATRIX_VECTOR =
      """
      cascade product
        ranks     M, P
        inputs    A[M,P], B[M]
        Z[p] = A[m,p] * B[m]
        outputs   Z
      """;

  @Test
  void loopsThatDivideHaveNone() {
    Problem problem =
        on(
            MATRIX_VECTOR,
            """
            schedule plain for product
              for m by 2  for m by 1  for p by 1  compute Z on Array2D
            """,
            "M=4 P=4");

    assertThat(Features.of(problem)).isEmpty();
  }

  @Test
  void spatialLoops() {
    Problem problem =
        on(
            MATRIX_VECTOR,
            """
            schedule instances for product
              for m by 3
              keep Z at GlobalBuffer
              spatial p by 1 on Array2D.rows multicast B
                spatial m by 1 on Array2D.columns reduce Z  compute Z on Array2D
            """,
            "M=4 P=4");

    assertThat(Features.of(problem))
        .containsExactlyInAnyOrder(
            Feature.IMPERFECT_FACTOR,
            Feature.MULTICAST,
            Feature.SPATIAL_REDUCE,
            Feature.PARTIAL_SUMS,
            Feature.BYPASS);
  }

  @Test
  void clausesThatDoNothingDoNotCount() {
    Problem problem =
        on(
            MATRIX_VECTOR,
            """
            schedule single for product
              for p by 1  for m by 1
              spatial p by 1 on Array2D.rows multicast B
                spatial m by 1 on Array2D.columns reduce Z  compute Z on Array2D
            """,
            "M=4 P=4");

    assertThat(Features.of(problem)).isEmpty();
  }

  private static final String TWO =
      """
      cascade two
        ranks     M, P
        inputs    A[M,P]
        X[m,p] = A[m,p] | %s
        Z[p]   = X[m,p]
        outputs   Z
      """;

  private static final String PIPELINED =
      """
      schedule pipelined for two
        for p by 1 flow  pipeline m by 2
        keep X at GlobalBuffer copies 2
        par {
          stage 0  for m by 1  compute X on Array2D
          stage 1  for m by 1  compute Z on Array1D
        }
      """;

  @Test
  void pipelinesAndWindows() {
    Problem band = on(TWO.formatted("m <= p and p-m < 2"), PIPELINED, "M=4 P=4");
    Problem bound = on(TWO.formatted("m <= p and m < 2"), PIPELINED, "M=4 P=4");

    assertThat(Features.of(band))
        .containsExactlyInAnyOrder(
            Feature.FUSION,
            Feature.PIPELINE,
            Feature.FLOW,
            Feature.PREDICATE,
            Feature.WINDOW,
            Feature.BYPASS,
            Feature.COPIES,
            Feature.PAR);
    assertThat(Features.of(bound)).contains(Feature.PREDICATE).doesNotContain(Feature.WINDOW);
  }

  @Test
  void unfusedIsNotFused() {
    Problem problem =
        on(
            TWO.formatted("m < p"),
            """
            schedule phases for two
              keep X at GlobalBuffer double
              for p by 1  for m by 1  compute X on Array2D
              for p by 1  for m by 1  compute Z on Array1D
            """,
            "M=4 P=4");

    assertThat(Features.of(problem))
        .containsExactlyInAnyOrder(Feature.PREDICATE, Feature.DOUBLE, Feature.BYPASS);
  }
}
