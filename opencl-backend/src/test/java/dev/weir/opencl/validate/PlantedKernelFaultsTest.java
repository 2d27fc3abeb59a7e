package dev.weir.opencl.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.emit.OpenClPrinter;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.example.Tools;
import dev.weir.opencl.fault.PlantedFault;
import dev.weir.opencl.fault.PlantedFaults;
import dev.weir.opencl.runtime.DeviceSession;
import java.util.Set;
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
    ValidationReport.Checked report =
        validated(problem(fault.kernel()), Planted.inKernel(fault::plantedInto));

    assertThat(failed(report)).contains(fault.killer());
    assertThat(report.diagnosis())
        .get()
        .isInstanceOfAny(Diagnosis.Kernel.class, Diagnosis.Faulty.class)
        .extracting(Diagnosis::text)
        .asString()
        .startsWith("the kernel is wrong, not the driver: executed without the device, ");
  }

  @Test
  void aFaultThatOnlyTheDeviceSeesIsTheDrivers() {
    PlantedFault fault = PlantedFaults.all().findFirst().orElseThrow();
    Problem problem = problem(fault.kernel());
    String wrong = OpenClPrinter.print(fault.plantedInto(Problems.program(problem)));

    ValidationReport.Checked report = validated(problem, Planted.inText(_ -> wrong));

    assertThat(failed(report)).contains(fault.killer());
    assertThat(report.diagnosis())
        .get()
        .isInstanceOf(Diagnosis.Driver.class)
        .extracting(Diagnosis::text)
        .asString()
        .startsWith(
            "the driver's compiler is wrong, not the kernel: executed without the device, the"
                + " same kernel is right (");
  }

  @ParameterizedTest
  @EnumSource(PlantedFault.Target.class)
  void unchangedKernelPasses(PlantedFault.Target target) {
    ValidationReport.Checked report = validated(problem(target), Planted.nothing());

    assertThat(failed(report)).isEmpty();
    assertThat(report.diagnosis()).isEmpty();
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

  private static ValidationReport.Checked validated(Problem problem, Planted planted) {
    ValidationReport report =
        KernelValidator.validate(problem, SESSION, Tools.processor(SESSION), ALL_POINTS, planted);
    assertThat(report).isInstanceOf(ValidationReport.Checked.class);
    return (ValidationReport.Checked) report;
  }

  /** Cases in which a difference is found that rounding does not explain. */
  private static Set<InputCase> failed(ValidationReport.Checked report) {
    return report.comparisons().stream()
        .filter(Comparison::failed)
        .map(Comparison::inputs)
        .collect(Collectors.toSet());
  }
}
