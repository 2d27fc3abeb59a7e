package dev.weir.opencl.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.example.Tools;
import dev.weir.opencl.lower.KernelLowering;
import dev.weir.opencl.lower.Lowering;
import dev.weir.opencl.runtime.DeviceSession;
import dev.weir.opencl.validate.Comparison;
import dev.weir.opencl.validate.InputCase;
import dev.weir.opencl.validate.KernelValidator;
import dev.weir.opencl.validate.ValidationOptions;
import dev.weir.opencl.validate.ValidationReport;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules for GPUs run on a processor: their results are right, whatever their shape leaves. */
class GpuSchedulesTest {

  private static final DeviceSession SESSION = DeviceSession.open();

  /** The shape itself and those with tails, of which one has a single coordinate everywhere. */
  private static final ValidationOptions WITH_TAILS =
      new ValidationOptions(Set.of(InputCase.RANDOM, InputCase.MASKED), true, 7, 0, 1);

  @AfterAll
  static void end() {
    SESSION.close();
  }

  @Test
  void cachesOfEveryLengthFromAColumnOfValuesOnHaveAKernel() {
    for (int length = 64; length <= 520; length += 3) {
      Problem problem =
          Problems.shipped(
              "attention_decode_ragged",
              "opencl_decode_gpu",
              "generic-gpu",
              "B=1 H=2 E=64 F=64 M=" + length);

      assertThat(KernelLowering.lower(problem))
          .as("M=%d", length)
          .isInstanceOf(Lowering.Lowered.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "attention_1pass_masked, opencl_1pass_gpu, B=1 H=2 P=2 M=70 E=18 F=20",
    "attention_1pass_triangular, opencl_1pass_causal_gpu, B=1 H=1 P=130 M=70 E=8 F=8",
    "attention_3pass_masked, opencl_3pass_gpu, B=2 H=1 P=3 M=66 E=35 F=17",
    "attention_decode_ragged, opencl_decode_gpu, B=2 H=2 M=300 E=18 F=40",
    "gemm, opencl_gemm_gpu, M=130 N=3 K=35",
    "zoo/titans_chunks, opencl_titans_chunks_gpu, C=2 T=3 E=5 F=70"
  })
  void areRightWithTails(String cascade, String schedule, String shapes) {
    Problem problem = Problems.shipped(cascade, schedule, "generic-gpu", shapes);

    ValidationReport report =
        KernelValidator.validate(problem, SESSION, Tools.processor(SESSION), WITH_TAILS);

    assertThat(report)
        .isInstanceOfSatisfying(
            ValidationReport.Checked.class,
            checked -> {
              assertThat(checked.comparisons()).allMatch(Comparison::passed);
              assertThat(checked.tailsNotChecked()).isEmpty();
              assertThat(checked.comparisons().stream().map(Comparison::shape).distinct())
                  .hasSize(5);
            });
  }
}
