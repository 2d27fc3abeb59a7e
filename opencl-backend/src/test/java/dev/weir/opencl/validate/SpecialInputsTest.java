package dev.weir.opencl.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.example.Tools;
import dev.weir.opencl.runtime.DeviceSession;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers that are not finite: what they touch is not finite either, and nothing else changes. */
class SpecialInputsTest {

  private static final DeviceSession SESSION = DeviceSession.open();

  @AfterAll
  static void end() {
    SESSION.close();
  }

  private static final ValidationOptions ALL_POINTS =
      new ValidationOptions(
          Set.of(InputCase.NOT_A_NUMBER, InputCase.INFINITE, InputCase.NEGATIVE_INFINITE),
          false,
          80,
          0,
          1);

  @ParameterizedTest
  @CsvSource({
    "attention_1pass, opencl_1pass_cpu, pocl-cpu",
    "attention_1pass, opencl_1pass_gpu, generic-gpu",
    "attention_3pass, opencl_3pass_cpu, pocl-cpu",
    "attention_1pass_masked, opencl_1pass_cpu, pocl-cpu",
    "attention_1pass_masked, opencl_1pass_gpu, generic-gpu",
    "attention_3pass_masked, opencl_3pass_cpu, pocl-cpu",
    "attention_1pass_causal, opencl_1pass_cpu, pocl-cpu",
    "attention_1pass_triangular, opencl_1pass_causal_cpu, pocl-cpu",
    "attention_1pass_causal, opencl_1pass_gpu, generic-gpu"
  })
  void spreadAsInTheReferenceAndNoFurther(String cascade, String schedule, String device) {
    assertThat(comparisons(cascade, schedule, device))
        .hasSize(3)
        .allMatch(Comparison::passed)
        .allMatch(comparison -> comparison.comparedPoints() > comparison.allPoints() / 2);
  }

  @Test
  void areFoundWhenTheyBecomeFinite() {
    Problem problem =
        Problems.shipped(
            "attention_3pass", "opencl_3pass_cpu", "pocl-cpu", "B=2 H=2 P=45 M=75 E=16 F=24");

    // A clamp takes what is no number for its lower end.
    ValidationReport report =
        KernelValidator.validate(
            problem,
            SESSION,
            Tools.processor(SESSION),
            ALL_POINTS,
            Planted.inText(
                source -> source.replace("v_A * v_V", "fmax(v_A * v_V, (float16)(-100.0f))")));

    assertThat(((ValidationReport.Checked) report).comparisons())
        .filteredOn(comparison -> comparison.inputs() == InputCase.NOT_A_NUMBER)
        .extracting(Comparison::verdict)
        .hasOnlyElementsOfType(Comparison.Verdict.Fail.class);
  }

  @Test
  void areNotPutWhereTheyMeanAbsent() {
    Cascade cascade =
        Problems.shipped(
                "attention_3pass", "opencl_3pass_cpu", "pocl-cpu", "B=2 H=2 P=4 M=5 E=3 F=2")
            .cascade();
    Map<TensorName, DenseTensor> inputs =
        Map.of(
            new TensorName("Q"), new DenseTensor(new long[] {2, 3}, Double.NEGATIVE_INFINITY),
            new TensorName("K"), new DenseTensor(new long[] {2, 3}, Double.NEGATIVE_INFINITY),
            new TensorName("V"), new DenseTensor(new long[] {2, 3}, 0));

    Map<TensorName, DenseTensor> with =
        SpecialInputs.with(cascade, inputs, Set.of(), Double.NEGATIVE_INFINITY);

    assertThat(with.get(new TensorName("Q"))).isSameAs(inputs.get(new TensorName("Q")));
    assertThat(with.get(new TensorName("V")).values()).containsOnlyOnce(Double.NEGATIVE_INFINITY);
    assertThat(
            SpecialInputs.with(
                cascade, inputs, Set.of(new TensorName("V")), Double.NEGATIVE_INFINITY))
        .isEmpty();
  }

  private static List<Comparison> comparisons(String cascade, String schedule, String device) {
    Problem problem = Problems.shipped(cascade, schedule, device, "B=2 H=2 P=45 M=75 E=16 F=24");
    ValidationReport report =
        KernelValidator.validate(problem, SESSION, Tools.processor(SESSION), ALL_POINTS);
    assertThat(report).isInstanceOf(ValidationReport.Checked.class);
    return ((ValidationReport.Checked) report).comparisons();
  }

  /** A state that begins with nothing has nothing to do with what it would be multiplied by. */
  @ParameterizedTest
  @CsvSource({"pocl-cpu", "generic-gpu"})
  void doNotSpreadFromAStateThatBeginsWithNothing(String device) {
    Problem problem =
        Problems.plain(
            """
            cascade decay "a sum that decays, and what was known before each step"
              ranks   H, T, F
              inputs  A[H], V[H,T,F]
              S[h,0,f]   = 0
              S[h,t+1,f] = A[h] * S[h,t,f] + V[h,t,f]
              Z[h,t,f]   = A[h] * S[h,t,f]
              outputs Z
            """,
            device,
            "H=3 T=5 F=7");

    ValidationReport report =
        KernelValidator.validate(problem, SESSION, Tools.processor(SESSION), ALL_POINTS);

    assertThat(((ValidationReport.Checked) report).comparisons())
        .hasSize(3)
        .allMatch(Comparison::passed)
        .allMatch(comparison -> comparison.comparedPoints() == 3 * 5 * 7);
  }
}
