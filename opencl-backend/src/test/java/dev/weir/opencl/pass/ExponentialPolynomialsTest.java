package dev.weir.opencl.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.emit.OpenClPrinter;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.example.Tools;
import dev.weir.opencl.execute.Execution;
import dev.weir.opencl.execute.ExecutionOptions;
import dev.weir.opencl.execute.KernelExecutor;
import dev.weir.opencl.kernel.NumberFormat;
import dev.weir.opencl.lower.KernelLowering;
import dev.weir.opencl.lower.Lowering;
import dev.weir.opencl.runtime.DeviceSession;
import dev.weir.opencl.validate.Comparison;
import dev.weir.opencl.validate.InputCase;
import dev.weir.opencl.validate.KernelValidator;
import dev.weir.opencl.validate.ValidationOptions;
import dev.weir.opencl.validate.ValidationReport;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Polynomials that stand for exp are as exact as OpenCL C has it, everywhere. */
class ExponentialPolynomialsTest {

  private static final int VALUES = 1 << 16;
  private static final double OVERFLOW = 0x1p127 * Math.sqrt(2);

  private static Problem exponentials(String variant, int count) {
    return Problems.of(
        """
        cascade c
          ranks P
          inputs A[P]
          Z[p] = exp(A[p])
          outputs Z
        """,
        "schedule s for c  for p by 16  spatial p by 1 on lanes.x  compute Z on Core with "
            + variant,
        "P=" + count);
  }

  static Stream<Arguments> variants() {
    return Stream.of("exp_polynomial", "exp_sixth")
        .flatMap(
            variant ->
                Arrays.stream(ExecutionOptions.Contraction.values())
                    .map(contraction -> Arguments.of(variant, contraction)));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void errorsAreAtMostThreeUnitsInTheLastPlace(
      String variant, ExecutionOptions.Contraction contraction) {
    double[] values = values();
    Problem problem = exponentials(variant, values.length);
    ExecutionOptions options = ExecutionOptions.plain().with(contraction);

    Execution execution =
        KernelExecutor.run(Problems.program(problem), Map.of(new TensorName("A"), values), options);

    double[] results = ((Execution.Completed) execution).tensors().get(new TensorName("Z"));
    double worst = 0;
    for (int i = 0; i < values.length; i++) {
      double exact = Math.exp(values[i]);
      double error = Math.abs(results[i] - exact);
      if (exact < Float.MIN_NORMAL) {
        assertThat(results[i]).as("exp(%s)", values[i]).isBetween(0.0, (double) Float.MIN_NORMAL);
      } else if (exact > OVERFLOW * (1 + 0x1p-20)) {
        assertThat(results[i]).as("exp(%s)", values[i]).isInfinite();
      } else if (exact < OVERFLOW * (1 - 0x1p-20)) {
        double units = error / Math.ulp((float) exact);
        assertThat(units).as("exp(%s) = %s", values[i], results[i]).isLessThanOrEqualTo(3);
        worst = Math.max(worst, units);
      }
    }
    assertThat(worst).isGreaterThan(0.5);
  }

  /** Everywhere, and close to where the whole number next to x / ln 2 changes. */
  private static double[] values() {
    Random random = new Random(20_261_129);
    double[] values = new double[VALUES];
    for (int i = 0; i < VALUES; i++) {
      double half = (random.nextInt(-127, 129) + 0.5) * Math.log(2);
      values[i] =
          (float)
              switch (i % 4) {
                case 0 -> random.nextDouble(-110, 100);
                case 1 -> random.nextDouble(-0.4, 0.4);
                case 2 -> half + random.nextGaussian() * 1e-3;
                default -> Math.scalb(random.nextDouble(-1, 1), random.nextInt(-40, 14));
              };
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"exp_polynomial", "exp_sixth"})
  void devicesComputeThemWithInfinitiesAndWhatIsNoNumber(String variant) {
    ValidationOptions options =
        new ValidationOptions(Set.of(InputCase.values()), false, 4096, 0, 1);
    try (DeviceSession session = DeviceSession.open()) {
      ValidationReport report =
          KernelValidator.validate(
              exponentials(variant, 1000), session, Tools.processor(session), options);

      assertThat(report)
          .isInstanceOfSatisfying(
              ValidationReport.Checked.class,
              checked ->
                  assertThat(checked.comparisons()).isNotEmpty().allMatch(Comparison::passed));
    }
  }

  @Test
  void doublePrecisionTakesTheDevicesOwn() {
    Lowering lowering =
        KernelLowering.lower(exponentials("exp_polynomial", 8), NumberFormat.DOUBLE);

    assertThat(lowering)
        .isInstanceOfSatisfying(
            Lowering.Lowered.class,
            lowered -> assertThat(OpenClPrinter.print(lowered.program())).contains("exp("));
  }
}
