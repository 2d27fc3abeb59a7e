package dev.weir.cli;

import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.emit.OpenClPrinter;
import dev.weir.opencl.lower.KernelLowering;
import dev.weir.opencl.lower.Lowering;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir kernel}. */
@Command(
    name = "kernel",
    description = "Print the OpenCL C that a schedule becomes. Needs no device.",
    footer = {
      "",
      "Example:",
      "  ./weir kernel configs/schedules/opencl_1pass_cpu.schedule \\",
      "      --cascade configs/cascades/attention_1pass.edge \\",
      "      --architecture configs/devices/pocl-cpu.yaml \\",
      "      --shape B=1,H=12,P=4K,M=4K,E=64,F=64 >attention.cl",
      "",
      "Exit codes: 0 printed, 2 the schedule is illegal or cannot become a kernel"
    })
final class KernelCommand extends HelpOption implements Callable<Integer> {

  @Mixin private ProblemOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Problem problem = options.legalProblem();
    switch (options.counted(() -> KernelLowering.lower(problem))) {
      case Lowering.Lowered lowered ->
          spec.commandLine().getOut().print(OpenClPrinter.print(lowered.program()));
      case Lowering.Refused refused -> throw options.noKernel(refused.where(), refused.reason());
    }
    return ExitCode.OK;
  }
}
