package dev.weir.opencl.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.example.Tools;
import dev.weir.opencl.runtime.DeviceSession;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A bound can fail only if right kernels come near it. */
class BoundTightnessTest {

  private static final DeviceSession SESSION = DeviceSession.open();

  @AfterAll
  static void end() {
    SESSION.close();
  }

  private static final double MOST_TIMES = 100;

  @ParameterizedTest
  @CsvSource({
    "attention_1pass, opencl_1pass_cpu, pocl-cpu",
    "attention_1pass_masked, opencl_1pass_cpu, pocl-cpu",
    "attention_1pass_causal, opencl_1pass_cpu, pocl-cpu",
    "attention_1pass, opencl_1pass_gpu, generic-gpu",
    "attention_1pass_masked, opencl_1pass_gpu, generic-gpu",
    "attention_1pass_causal, opencl_1pass_gpu, generic-gpu",
    "attention_3pass, opencl_3pass_cpu, pocl-cpu",
    "attention_1pass_triangular, opencl_1pass_causal_cpu, pocl-cpu",
    "attention_3pass, opencl_3pass_unfused_cpu, pocl-cpu",
    "attention_3pass_masked, opencl_3pass_cpu, pocl-cpu"
  })
  void isAtMostAHundredTimesTheErrorsOfRandomData(String cascade, String schedule, String device) {
    Problem problem = Problems.shipped(cascade, schedule, device, "B=1 H=1 P=96 M=1536 E=64 F=64");
    ValidationOptions random = new ValidationOptions(Set.of(InputCase.RANDOM), false, 16, 0, 1);

    assertThat(KernelValidator.validate(problem, SESSION, Tools.processor(SESSION), random))
        .isInstanceOfSatisfying(
            ValidationReport.Checked.class,
            checked ->
                assertThat(checked.comparisons())
                    .isNotEmpty()
                    .allSatisfy(
                        comparison -> {
                          double times = 1 / comparison.maxErrorOfBound();
                          System.out.printf(
                              "%s, %s: bound is %.0f times the largest error%n",
                              cascade, schedule, times);
                          assertThat(times).isBetween(1.0, MOST_TIMES);
                        }));
  }
}
