package dev.weir.opencl.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.example.Tools;
import dev.weir.opencl.runtime.DeviceSession;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelValidatorTest {

  private static final ValidationOptions QUICK =
      new ValidationOptions(InputCase.finite(), false, 5, 0, 1);

  private static final DeviceSession SESSION = DeviceSession.open();

  @AfterAll
  static void end() {
    SESSION.close();
  }

  @ParameterizedTest
  @CsvSource({
    "attention_1pass, opencl_1pass_cpu, pocl-cpu",
    "attention_1pass_masked, opencl_1pass_cpu, pocl-cpu",
    "attention_1pass_masked, opencl_1pass_gpu, generic-gpu",
    "attention_3pass, opencl_3pass_cpu, pocl-cpu",
    "attention_3pass_masked, opencl_3pass_cpu, pocl-cpu",
    "attention_3pass_masked, opencl_3pass_unfused_cpu, pocl-cpu",
    "attention_1pass_triangular, opencl_1pass_causal_cpu, pocl-cpu"
  })
  void shippedSchedulesAreRightOnAdversarialInputsWithTails(
      String cascade, String schedule, String device) {
    Problem problem = Problems.shipped(cascade, schedule, device, "B=2 H=2 P=45 M=75 E=16 F=24");

    assertThat(KernelValidator.validate(problem, SESSION, Tools.processor(SESSION), QUICK))
        .isInstanceOfSatisfying(
            ValidationReport.Checked.class,
            checked -> {
              assertThat(checked.comparisons())
                  .hasSize(cascade.endsWith("masked") ? 5 : 3)
                  .allMatch(Comparison::passed)
                  .allMatch(c -> c.comparedPoints() + c.unboundedPoints() < c.allPoints())
                  .allMatch(c -> c.allPoints() == 2 * 2 * 45 * 24);
              assertThat(checked.timing()).isEmpty();
              assertThat(checked.sourceHash()).hasSize(16);
            });
  }

  @Test
  void onlyARightKernelIsTimed() {
    Problem problem =
        Problems.shipped(
            "attention_1pass", "opencl_1pass_cpu", "pocl-cpu", "B=1 H=1 P=32 M=64 E=64 F=64");
    ValidationOptions timed = new ValidationOptions(Set.of(InputCase.RANDOM), true, 3, 2, 1);

    ValidationReport right =
        KernelValidator.validate(
            problem, SESSION, Tools.processor(SESSION), timed, Planted.nothing());
    ValidationReport wrong =
        KernelValidator.validate(
            problem,
            SESSION,
            Tools.processor(SESSION),
            timed,
            Planted.inText(source -> source.replace("* 0.125f", "* 0.126f")));

    assertThat(right)
        .isInstanceOfSatisfying(
            ValidationReport.Checked.class,
            checked -> {
              assertThat(checked.passed()).isTrue();
              assertThat(checked.timing()).isPresent();
              // E + F multiply-accumulates a score, and what the softmax adds.
              assertThat(checked.timing().get().operations())
                  .isBetween(4.0 * 32 * 64 * 64, 5.0 * 32 * 64 * 64);
            });
    assertThat(wrong)
        .isInstanceOfSatisfying(
            ValidationReport.Checked.class,
            checked -> {
              assertThat(checked.passed()).isFalse();
              assertThat(checked.timing()).isEmpty();
              assertThat(checked.comparisons())
                  .extracting(Comparison::verdict)
                  .hasAtLeastOneElementOfType(Comparison.Verdict.Fail.class);
            });
  }

  @Test
  void thoroughCheckComparesASampleThatIsNotAFewPoints() {
    Problem problem =
        Problems.shipped(
            "attention_1pass", "opencl_1pass_cpu", "pocl-cpu", "B=1 H=1 P=64 M=64 E=16 F=64");

    assertThat(
            KernelValidator.validate(
                problem, SESSION, Tools.processor(SESSION), ValidationOptions.thorough()))
        .isInstanceOfSatisfying(
            ValidationReport.Checked.class,
            checked ->
                assertThat(checked.comparisons())
                    .filteredOn(comparison -> comparison.shape().contains("P=64"))
                    .isNotEmpty()
                    .allMatch(comparison -> comparison.comparedPoints() == 16 * 16)
                    .allMatch(comparison -> comparison.allPoints() == 64 * 64));
  }

  @Test
  void refusalIsHandedOn() {
    Problem problem =
        Problems.of(
            """
            cascade sum "of one"
              ranks   I
              inputs  A[I]
              C = A[i]
              outputs C
            """,
            """
            schedule s "groups" for sum
              spatial i by 1 on groups.x reduce C  compute C on Core
            """,
            "I=2");

    assertThat(KernelValidator.validate(problem, SESSION, Tools.processor(SESSION), QUICK))
        .isInstanceOfSatisfying(
            ValidationReport.Refused.class,
            refused -> assertThat(refused.message()).contains("C lacks rank I"));
  }
}
