package dev.weir.opencl.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.schedule.Problem;
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

/** Sums over a rank that runs on work-items or lanes. */
class MergedReductionsTest {

  private static final DeviceSession SESSION = DeviceSession.open();

  @AfterAll
  static void end() {
    SESSION.close();
  }

  private static final ValidationOptions OPTIONS =
      new ValidationOptions(Set.of(InputCase.RANDOM, InputCase.TIES), false, 32, 0, 1);

  private static final String PRODUCT =
      """
      cascade product "matrix product and the largest of each row"
        ranks   I, J, K
        inputs  A[I,K], B[K,J]
        empty   R = -inf
        C[i,j] = 0.5 * A[i,k] * B[k,j]
        R[i] = C[i,j] :: max(j)
        outputs C, R
      """;

  private static void validate(String tree, String shapes) {
    Problem problem = Problems.of(PRODUCT, "schedule s for product\n" + tree, shapes);
    ValidationReport report =
        KernelValidator.validate(problem, SESSION, Tools.processor(SESSION), OPTIONS);
    assertThat(report)
        .as("%s%s%n%s", tree, shapes, report)
        .isInstanceOfSatisfying(
            ValidationReport.Checked.class,
            checked -> assertThat(checked.comparisons()).hasSize(4).allMatch(Comparison::passed));
  }

  private static final String ITEMS =
      """
      spatial i by 2 on groups.x {
        keep C, R at Local
        for i by 1  for j by 1  for k by 8  spatial k by TILE on items.x reduce C  for k by 1  compute C on Core
        for i by 1  for j by 8  spatial j by 1 on items.x reduce R  compute R on Core
      }
      """;

  private static final String LANES =
      """
      spatial i by 2 on groups.x {
        keep C, R at Local
        for i by 1  for j by 1  for k by 8  spatial k by TILE on lanes.x reduce C  for k by 1  compute C on Core
        for i by 1  for j by 8  spatial j by 1 on lanes.x reduce R  compute R on Core
      }
      """;

  /** 3 of 8 items hold what the others handed over: not only powers of 2. */
  private static final String BOTH =
      """
      {
        spatial i by 1 on groups.x  for j by 1  for k by 12  spatial k by 3 on items.y reduce C  spatial k by 1 on items.x reduce C  compute C on Core
        spatial i by 1 on groups.x {
          keep R at Local
          for j by 3  spatial j by 1 on items.x reduce R  compute R on Core
        }
      }
      """;

  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void acrossWorkItems(String tile) {
    validate(
        ITEMS.replace("TILE", tile).replace("for k by 8", "for k by " + 8 * Integer.parseInt(tile)),
        "I=4 J=48 K=48");
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void acrossLanesWithTails(String tile) {
    validate(LANES.replace("TILE", tile), "I=5 J=11 K=13");
    validate(LANES.replace("TILE", tile), "I=4 J=8 K=16");
  }

  @Test
  void acrossTwoDimensionsOfAGroup() {
    validate(BOTH, "I=3 J=12 K=24");
  }

  @Test
  void workItemsThatHaveNoTileCannotMeet() {
    Problem problem =
        Problems.of(
            PRODUCT,
            "schedule s for product\n"
                + ITEMS.replace("TILE", "1").replace("for j by 8", "for j by 4"),
            "I=4 J=48 K=48");

    assertThat(KernelLowering.lower(problem))
        .isInstanceOfSatisfying(
            Lowering.Refused.class,
            refused ->
                assertThat(refused.message())
                    .contains(
                        "work-items would have to wait for each other where not all of them"));
  }
}
