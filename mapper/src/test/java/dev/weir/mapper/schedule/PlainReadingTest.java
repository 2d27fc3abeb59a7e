package dev.weir.mapper.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a reader of plain tiles must leave to others. */
class PlainReadingTest {

  private static final String CASCADE =
      """
      cascade c
        ranks P, M, W, H, Hk
        inputs A[M], B[P], K[Hk]
        X[p] = A[p+w] | w <= p
        Y[p] = B[p] * B[p]
        Z[h] = K[h*Hk/H]
        outputs X, Y, Z
      """;

  private static final String TREE =
      """
      for p by 1 for w by 1 compute X on Array2D
      { keep B at GlobalBuffer for p by 1 compute Y on Array2D }
      for h by 1 compute Z on Array2D
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          for w by 1 | for w by 1 skip | P=3 M=5 W=3 H=4 Hk=2 | skip in 'for w by 1 skip'
          for p by 1 for w | { keep A at GlobalBuffer for w by 1 for p by 1 compute X on Array2D } for p by 1 for w | P=3 M=5 W=3 H=4 Hk=2 | keep A, which is read through an affine index or a head map
          for h by 1 | keep K at GlobalBuffer for h by 1 | P=3 M=5 W=3 H=4 Hk=2 | keep K, which is read through an affine index or a head map
          keep B at GlobalBuffer | keep B at GlobalBuffer keep Y at GlobalBuffer in place of B | P=3 M=5 W=3 H=4 Hk=2 |
          for p by 1 | for p by 1 | P=3 M=4 W=3 H=4 Hk=2 | reads of A outside its shape
          for p by 1 | for p by 1 | P=3 M=5 W=3 H=4 Hk=2 |
          """)
  void firstExceptionIsNamed(String from, String to, String shapes, String words) {
    assertThat(TREE).contains(from);
    String tree = TREE.replaceFirst(from, to);
    Problem problem =
        Problem.of(
            Examples.cascadeFrom(CASCADE),
            Examples.schedule("schedule s for c " + tree).schedule(),
            ExampleArchitectures.fuseMax(4, 4096),
            Examples.shapes(shapes));

    assertThat(PlainReading.exception(problem)).isEqualTo(Optional.ofNullable(words));
  }

  @Test
  void produceReadThroughSeveralIndicesIsNotPlain() {
    Problem problem =
        Problem.of(
            Examples.cascadeFrom(
                """
                cascade c
                  ranks P
                  inputs A[P]
                  X[p] = A[p]
                  Y[p] = X[p/2]
                  outputs X, Y
                """),
            Examples.schedule(
                    "schedule s for c for p by 1 compute X on Array2D for p by 1 compute Y on"
                        + " Array2D")
                .schedule(),
            ExampleArchitectures.fuseMax(4, 4096),
            Examples.shapes("P=3"));

    assertThat(PlainReading.exception(problem))
        .contains("reads of X, which is produced, through several indices");
  }

  @Test
  void readsByValuesAreNotPlain() {
    Problem problem =
        Problem.of(
            Examples.cascadeFrom(
                """
                cascade c
                  ranks P, M
                  inputs A[M], J[P]
                  X[p] = A[J[p]]
                  outputs X
                """),
            Examples.schedule("schedule s for c for p by 1 compute X on Array2D").schedule(),
            ExampleArchitectures.fuseMax(4, 4096),
            Examples.shapes("P=3 M=4"));

    assertThat(PlainReading.exception(problem))
        .contains("reads of A at coordinates that values decide");
  }
}
