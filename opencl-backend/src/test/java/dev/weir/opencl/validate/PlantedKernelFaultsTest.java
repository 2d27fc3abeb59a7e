package dev.weir.opencl.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.example.Tools;
import dev.weir.opencl.fault.PlantedFault;
import dev.weir.opencl.fault.PlantedFaults;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.runtime.DeviceSession;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Kernels of shipped schedules that are wrong in one place: none passes. */
class PlantedKernelFaultsTest {

  private static final DeviceSession SESSION = DeviceSession.open();

  @AfterAll
  static void end() {
    SESSION.close();
  }

  private static final ValidationOptions ALL_POINTS =
      new ValidationOptions(InputCase.finite(), false, 80, 0, 1);

  static Stream<PlantedFault> faults() {
    return PlantedFaults.all();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void isFoundByTheCaseThatMustFindIt(PlantedFault fault) {
    Problem problem = problem(fault.kernel());
    KernelProgram program = Problems.program(problem);

    Set<InputCase> failed = failed(problem, _ -> fault.plantedInto(program));

    assertThat(failed).contains(fault.killer());
  }

  @ParameterizedTest
  @EnumSource(PlantedFault.Target.class)
  void unchangedKernelPasses(PlantedFault.Target target) {
    assertThat(failed(problem(target), source -> source)).isEmpty();
  }

  @Test
  void thereAreMany() {
    assertThat(PlantedFaults.all().map(PlantedFault::name)).hasSizeGreaterThan(24);
    assertThat(PlantedFaults.all().map(PlantedFault::name)).doesNotHaveDuplicates();
  }

  private static Problem problem(PlantedFault.Target target) {
    return Problems.shipped(
        target.cascade(), target.schedule(), target.device(), "B=2 H=2 P=45 M=75 E=16 F=24");
  }

  /** Cases in which a difference is found that rounding does not explain. */
  private static Set<InputCase> failed(Problem problem, UnaryOperator<String> planting) {
    ValidationReport report =
        KernelValidator.validate(problem, SESSION, Tools.processor(SESSION), ALL_POINTS, planting);
    assertThat(report).isInstanceOf(ValidationReport.Checked.class);
    return ((ValidationReport.Checked) report)
        .comparisons().stream()
            .filter(comparison -> comparison.verdict() instanceof Comparison.Verdict.Fail)
            .map(Comparison::inputs)
            .collect(Collectors.toSet());
  }
}
