package dev.weir.opencl.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.opencl.example.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Legal clauses that no kernel follows yet. */
class ClausesTest {

  private static final String CASCADE =
      """
      cascade c
        ranks P, E, F
        inputs Q[P,E], V[F]
        S[p] = Q[p,e]
        Z[p,f] = S[p] * V[f]
        outputs Z
      """;

  private static final String TREE =
      """
      schedule s for c
        for f by 1 recompute S {
          keep S at Private
          for p by 1  for e by 1  compute S on Core
          for p by 1  compute Z on Core
        }
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          for f by 1 recompute S | for f by 1 recompute S | recompute S is not lowered to kernels yet; move S out of this loop
          for f by 1 recompute S | spatial f by 1 on groups.x recompute S | recompute S is not lowered to kernels yet; move S out of this loop
          """)
  void isRefused(String from, String to, String words) {
    assertThat(TREE).contains(from);
    Lowering lowering =
        KernelLowering.lower(Problems.of(CASCADE, TREE.replace(from, to), "P=3 E=2 F=4"));

    assertRefused(lowering, words);
  }

  @Test
  void skipIsRefused() {
    String cascade =
        """
        cascade c
          ranks P, M
          inputs A[P,M]
          Z[p] = A[p,m] | m <= p
          outputs Z
        """;
    String schedule = "schedule s for c  for p by 1  for m by 1 skip  compute Z on Core";

    assertRefused(
        KernelLowering.lower(Problems.of(cascade, schedule, "P=3 M=3")),
        "skip is not lowered to kernels yet; leave it out, and absent points are passed over");
  }

  @Test
  void resultInPlaceIsRefused() {
    String cascade =
        """
        cascade c
          ranks P
          inputs A[P]
          X[p] = A[p] + 1
          Z[p] = X[p] * X[p]
          outputs Z
        """;
    String schedule =
        """
        schedule s for c
          keep A at Private
          keep X at Private in place of A
          for p by 1  compute X on Core
          for p by 1  compute Z on Core
        """;

    assertRefused(
        KernelLowering.lower(Problems.of(cascade, schedule, "P=3")),
        "X in place of A is not lowered to kernels yet; give it room of its own");
  }

  private static void assertRefused(Lowering lowering, String words) {
    assertThat(lowering).isInstanceOf(Lowering.Refused.class);
    assertThat(((Lowering.Refused) lowering).reason()).isEqualTo(words);
  }
}
