package dev.weir.mapper.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.ir.Cascade;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.schedule.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A result in the room of its operand. */
class InPlaceCountsTest {

  private static final Cascade CASCADE =
      Examples.cascadeFrom(
          """
          cascade c
            ranks P, M, E
            inputs Q[P,E], K[M,E], B[P,M]
            S[p,m] = Q[p,e] * K[m,e]
            R[m] = S[p,m]
            Y[p,m] = S[p,m] * B[p,m]
            Z[p] = Y[p,m]
            outputs R, Z
          """);

  private static final String COMPUTES =
      """
      for p by 1  for m by 1  for e by 1  compute S on Array2D
      for p by 1  for m by 1  compute R on Array2D
      for p by 1  for m by 1  compute Y on Array2D
      for p by 1  for m by 1  compute Z on Array2D
      """;

  private static CountedRun run(String tree) {
    return CountedRun.of(CASCADE, "P=3 M=4 E=2", tree);
  }

  /** Both orders of the two keeps mean the same. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "keep S at GlobalBuffer  keep Y at GlobalBuffer in place of S\n",
        "keep Y at GlobalBuffer in place of S  keep S at GlobalBuffer\n"
      })
  void takesNoRoomAndMovesTheSame(String keeps) {
    CountedRun inPlace = run(keeps + COMPUTES);
    CountedRun apart = run(keeps.replace("in place of S", "") + COMPUTES);

    assertThat(inPlace.peakWords("GlobalBuffer")).isEqualTo(3 * 4);
    assertThat(apart.peakWords("GlobalBuffer")).isEqualTo(2 * 3 * 4);
    assertThat(inPlace.words("GlobalBuffer")).isEqualTo(apart.words("GlobalBuffer"));
    assertThat(inPlace.words("GlobalBuffer"))
        .containsEntry("Y WRITE", 12L)
        .containsEntry("Y READ", 12L)
        // The second term adds to the first; R and Y read each word once.
        .containsEntry("S READ", 3L * 12);
  }

  @Test
  void chainOfResultsKeepsOneRoom() {
    CountedRun run =
        CountedRun.of(
            Examples.cascadeFrom(
                """
                cascade c
                  ranks P
                  inputs A[P]
                  X[p] = A[p] + 1
                  Y[p] = X[p] * 2
                  Z[p] = Y[p] * Y[p]
                  outputs Z
                """),
            "P=5",
            """
            keep A at GlobalBuffer
            keep X at GlobalBuffer in place of A
            keep Y at GlobalBuffer in place of X
            for p by 1 { compute X on Array2D  compute Y on Array2D  compute Z on Array2D }
            """);

    assertThat(run.peakWords("GlobalBuffer")).isEqualTo(5);
  }

  /** What the judge forbids, the interpreter finds by itself. */
  @Test
  void readOfWhatWasWrittenOverIsAFault() {
    String late =
        "keep S at GlobalBuffer  keep Y at GlobalBuffer in place of S\n"
            + COMPUTES.replace("for p by 1  for m by 1  compute R on Array2D\n", "")
            + "for p by 1  for m by 1  compute R on Array2D";
    Problem problem = CountedRun.problem(CASCADE, "P=3 M=4 E=2", late);

    assertThatThrownBy(
            () ->
                ScheduleInterpreter.run(
                    problem, Examples.wholeInputs(CASCADE, problem.shapes(), 1)))
        .isInstanceOf(ScheduleFault.class)
        .hasMessageContaining("reads S[0, 0] after it was written over");
  }
}
