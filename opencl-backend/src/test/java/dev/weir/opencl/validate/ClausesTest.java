package dev.weir.opencl.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.emit.OpenClPrinter;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.example.Tools;
import dev.weir.opencl.lower.KernelLowering;
import dev.weir.opencl.lower.Lowering;
import dev.weir.opencl.runtime.DeviceSession;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels follow every clause that a legal schedule may have, or say which they cannot. */
class ClausesTest {

  private static final DeviceSession SESSION = DeviceSession.open();

  @AfterAll
  static void end() {
    SESSION.close();
  }

  private static final ValidationOptions OPTIONS =
      new ValidationOptions(Set.of(InputCase.values()), false, 32, 0, 1);

  private static String validate(String cascade, String schedule, String shapes) {
    Problem problem = Problems.of(cascade, schedule, shapes);
    ValidationReport report =
        KernelValidator.validate(problem, SESSION, Tools.processor(SESSION), OPTIONS);
    assertThat(report)
        .as("%s%s%n%s", schedule, shapes, report)
        .isInstanceOfSatisfying(
            ValidationReport.Checked.class,
            checked -> assertThat(checked.comparisons()).isNotEmpty().allMatch(Comparison::passed));
    return OpenClPrinter.print(Problems.program(problem));
  }

  private static final String OUTER =
      """
      cascade c
        ranks P, E, F
        inputs Q[P,E], V[F]
        S[p] = Q[p,e]
        Z[p,f] = S[p] * V[f]
        outputs Z
      """;

  @ParameterizedTest
  @ValueSource(strings = {"for f by 1", "spatial f by 1 on groups.x", "spatial f by 1 on items.x"})
  void whatIsRecomputedIsProducedInEveryIteration(String loop) {
    validate(
        OUTER,
        """
        schedule s for c
          LOOP recompute S {
            keep S at Private
            for p by 1  for e by 1  compute S on Core
            for p by 1  compute Z on Core
          }
        """
            .replace("LOOP", loop),
        "P=3 E=2 F=4");
  }

  @Test
  void resultTakesTheRoomOfWhatItReads() {
    String text =
        validate(
            """
            cascade c
              ranks P
              inputs A[P]
              X[p] = A[p] + 1
              Z[p] = X[p] * X[p]
              outputs Z
            """,
            """
            schedule s for c
              for p by 8 {
                keep A at Private
                keep X at Private in place of A
                for p by 8  spatial p by 1 on lanes.x  compute X on Core
                for p by 8  spatial p by 1 on lanes.x  compute Z on Core
              }
            """,
            "P=13");

    assertThat(text).contains("A_tile[0] = v_A + 1.0f").doesNotContain("X_tile");
  }

  private static final String CAUSAL =
      """
      cascade c
        ranks P, M, E
        inputs A[P,E], B[M,E]
        empty S = -inf
        S[p,m] = A[p,e] * B[m,e] | m <= p
        G[p] = S[p,m] :: max(m)
        Z[p] = S[p,m] | m <= p
        outputs S, G, Z
      """;

  @ParameterizedTest
  @ValueSource(strings = {"P=16 M=16 E=3", "P=13 M=17 E=2", "P=1 M=1 E=1"})
  void blocksWithoutAPresentPointAreNotVisitedAndHoldTheEmptyValue(String shapes) {
    String text =
        validate(
            CAUSAL,
            """
            schedule s for c
              for p by 4 {
                keep G, Z at Private
                for m by 4 {
                  keep S at Private
                  for p by 4 skip {
                    keep B at Local
                    for m by 1  for p by 4  spatial p by 1 on lanes.x multicast B  for e by 1  compute S on Core
                  }
                  for m by 1  for p by 4  spatial p by 1 on lanes.x  compute G on Core
                  for m by 4 skip  for m by 1  for p by 4  spatial p by 1 on lanes.x  compute Z on Core
                }
              }
            """,
            shapes);

    // The only point of all is always there.
    assertThat(text.contains("visited")).isEqualTo(!shapes.equals("P=1 M=1 E=1"));
  }

  @Test
  void nestEndsWhereNoPointIsPresentAnyMore() {
    String text =
        validate(
            """
            cascade c
              ranks B, M
              inputs A[B,M], N[B] :: integers(0, M)
              Z[b] = A[b,m] | m < N[b]
              outputs Z
            """,
            "schedule s for c  spatial b by 1 on groups.x  { keep Z at Private for m by 1 compute Z"
                + " on Core }",
            "B=5 M=24");

    assertThat(text).contains("min(24, N[group_x])");
  }

  @Test
  void tilesOfWindowsHoldWhatIsReachedAndNothingBeyondABorder() {
    String cascade =
        """
        cascade c
          ranks P, W
          inputs A[P], K[W]
          Z[p] = A[p+w-2] * K[w]
          outputs Z
        """;
    for (String loops :
        new String[] {
          "for p by 1  for w by 1", "for w by 1  for p by 4  spatial p by 1 on lanes.x multicast K"
        }) {
      validate(
          cascade,
          """
          schedule s for c
            for p by 4 {
              keep A at Local refetch
              keep Z at Private
              LOOPS  compute Z on Core
            }
          """
              .replace("LOOPS", loops),
          "P=13 W=5");
      validate(
          cascade,
          """
          schedule s for c
            spatial p by 4 on groups.x {
              keep A, K at Local
              keep Z at Private
              LOOPS  compute Z on Core
            }
          """
              .replace("LOOPS", loops),
          "P=16 W=3");
    }
  }

  @Test
  void tileThatSlidesMustSayThatItIsLoadedWhole() {
    Problem problem =
        Problems.of(
            """
            cascade c
              ranks P, W
              inputs A[P], K[W]
              Z[p] = A[p+w] * K[w]
              outputs Z
            """,
            "schedule s for c  for p by 4 { keep A at Private for p by 1 for w by 1 compute Z on"
                + " Core }",
            "P=16 W=3");

    assertThat(KernelLowering.lower(problem))
        .isInstanceOfSatisfying(
            Lowering.Refused.class,
            refused ->
                assertThat(refused.message())
                    .isEqualTo(
                        "the tile of A slides along the loop around its keep, and a kernel loads"
                            + " it whole each time; write `refetch` after the level of the keep"));
  }

  @Test
  void headsOfQueriesShareTilesOfKeys() {
    String cascade =
        """
        cascade c
          ranks H, Hk, P, E
          inputs Q[H,P,E], K[Hk,E]
          Z[h,p] = Q[h,p,e] * K[h*Hk/H,e]
          outputs Z
        """;
    for (String around :
        new String[] {"for h by 1", "for h by 2", "for h by 3", "spatial h by 2 on groups.x"}) {
      validate(
          cascade,
          """
          schedule s for c
            AROUND {
              keep K at LEVEL
              for h by 1  for p by 1  for e by 1  compute Z on Core
            }
          """
              .replace("AROUND", around)
              .replace("LEVEL", around.contains("groups") ? "Local" : "Private"),
          "H=6 Hk=3 P=4 E=5");
    }
  }

  @Test
  void tilesReadThroughTablesAreWhole() {
    validate(
        """
        cascade c
          ranks P, T, M, E
          inputs K[M,E], J[P,T] :: integers(0, M - 1), Q[P,E]
          S[p,t] = Q[p,e] * K[J[p,t],e]
          outputs S
        """,
        """
        schedule s for c
          for e by 2 {
            keep K at Private
            for p by 1  for t by 1  for e by 1  compute S on Core
          }
        """,
        "P=5 T=3 M=9 E=6");
  }

  @Test
  void whatLanesShareMustBeMulticast() {
    Problem problem =
        Problems.of(
            OUTER,
            """
            schedule s for c
              keep S at Global
              for p by 8  spatial p by 1 on lanes.x  for e by 1  compute S on Core
              for f by 1  for p by 8  spatial p by 1 on lanes.x  compute Z on Core
            """,
            "P=8 E=2 F=4");

    assertThat(KernelLowering.lower(problem))
        .isInstanceOfSatisfying(
            Lowering.Refused.class,
            refused ->
                assertThat(refused.message())
                    .isEqualTo(
                        "V lacks rank P, which runs on lanes here, so one load serves all of them;"
                            + " say `multicast V` in the loop over lanes"));
  }

  @Test
  void workItemsLoadForThemselves() {
    Problem problem =
        Problems.of(
            OUTER,
            """
            schedule s for c
              keep S at Global
              for p by 1  for e by 1  compute S on Core
              for f by 1  spatial p by 1 on items.x multicast V  compute Z on Core
            """,
            "P=8 E=2 F=4");

    assertThat(KernelLowering.lower(problem))
        .isInstanceOfSatisfying(
            Lowering.Refused.class,
            refused ->
                assertThat(refused.message())
                    .isEqualTo(
                        "work-items each load for themselves, nothing is multicast to them; leave"
                            + " out `multicast V`, or keep V in local memory around this loop"));
  }

  @ParameterizedTest
  @CsvSource({
    "exp, exp_rough, 'exp_rough of exp, degree 3'",
    "relu, relu_quick, 'relu_quick of relu, no polynomial'"
  })
  void variantsThatNoKernelHasAreRefused(String function, String variant, String got) {
    assertThat(KernelLowering.lower(elementwise(function, " with " + variant, "P=8")))
        .isInstanceOfSatisfying(
            Lowering.Refused.class,
            refused ->
                assertThat(refused.message())
                    .isEqualTo(
                        "a kernel writes out exp as a polynomial of degree 5 or 6, which are as"
                            + " exact as OpenCL's own (got %s); leave out `with %s`"
                                .formatted(got, variant)));
  }

  private static Problem elementwise(String function, String clause, String shape) {
    return Problems.of(
        """
        cascade c
          ranks P
          inputs A[P]
          Z[p] = %s(A[p])
          outputs Z
        """
            .formatted(function),
        "schedule s for c  for p by 1  compute Z on Core" + clause,
        shape);
  }
}
