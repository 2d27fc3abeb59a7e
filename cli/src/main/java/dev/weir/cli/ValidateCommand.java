package dev.weir.cli;

import dev.weir.cli.experiment.EnvironmentException;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.runtime.Device;
import dev.weir.opencl.runtime.DeviceSearch;
import dev.weir.opencl.runtime.Devices;
import dev.weir.opencl.validate.KernelValidator;
import dev.weir.opencl.validate.ValidationOptions;
import dev.weir.opencl.validate.ValidationReport;
import dev.weir.reports.model.Source;
import dev.weir.reports.parts.KernelParts;
import dev.weir.reports.text.TextReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir validate}. */
@Command(
    name = "validate",
    description = {
      "Run the kernel of a schedule on an OpenCL device and check its results.",
      "They are compared with the reference evaluator, on random and adversarial inputs and at"
          + " shapes",
      "that leave remainders. Only what is right is timed."
    },
    footer = {
      "",
      "Example:",
      "  ./weir validate configs/schedules/opencl_1pass_cpu.schedule \\",
      "      --cascade configs/cascades/attention_1pass_masked.edge \\",
      "      --architecture configs/devices/pocl-cpu.yaml --shape B=1,H=2,P=512,M=512,E=64,F=64",
      "",
      "Exit codes: 0 right, 1 wrong, or the device refuses the kernel, 2 a file is wrong,",
      "            3 no OpenCL device"
    })
final class ValidateCommand extends HelpOption implements Callable<Integer> {

  @Mixin private ProblemOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Problem problem = options.legalProblem();
    return switch (Devices.list()) {
      case DeviceSearch.NoDevice none ->
          throw new EnvironmentException(
              "NOT RUN: " + none.reason() + "\n    fix: " + none.remedy());
      case DeviceSearch.Found found -> validate(problem, found.devices().getFirst());
    };
  }

  private int validate(Problem problem, Device device) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("device  " + KernelParts.device(device.description()));
    ValidationReport report =
        options.counted(
            () -> KernelValidator.validate(problem, device, ValidationOptions.thorough()));
    switch (report) {
      case ValidationReport.Refused refused ->
          throw options.noKernel(refused.where(), refused.reason());
      case ValidationReport.NotBuilt notBuilt -> {
        out.println("FAILED  " + notBuilt.reason());
        notBuilt.log().forEach(line -> out.println("    " + line));
        out.println("    fix: ./weir kernel show --plain with the same arguments prints the text");
        return ExitCode.CHECK_FAILED;
      }
      case ValidationReport.Checked checked -> {
        Source source = new Source("kernel run", "this schedule", List.of());
        out.println();
        out.print(
            TextReport.part(KernelParts.comparisons(problem.cascade().name(), checked, source)));
        checked
            .timing()
            .ifPresent(
                timing ->
                    out.printf(
                        "%ntime    %.3f ms, fastest of %d runs; median %.3f ms; %.1f Gflop/s%n",
                        timing.minimumMilliseconds(),
                        timing.runs(),
                        timing.medianMilliseconds(),
                        timing.gigaflops()));
        return checked.passed() ? ExitCode.OK : ExitCode.CHECK_FAILED;
      }
    }
  }
}
