package dev.weir.cli;

import dev.weir.cli.experiment.EnvironmentException;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.emit.OpenClPrinter;
import dev.weir.opencl.gpu.GpuCompiler;
import dev.weir.opencl.gpu.Target;
import dev.weir.opencl.gpu.TargetResult;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.NumberFormat;
import dev.weir.opencl.lower.KernelLowering;
import dev.weir.opencl.lower.Lowering;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir kernel}. */
@Command(
    name = "kernel",
    description = {
      "The OpenCL C that a schedule becomes: see it, or compile it for GPUs. Needs no device.",
      "Followed by a schedule, it shows."
    },
    subcommands = {KernelCommand.Show.class, KernelCommand.Compile.class},
    preprocessor = ShowIsMeant.class,
    footer = {
      "",
      "Examples:",
      "  ./weir kernel show configs/schedules/opencl_1pass_gpu.schedule -a generic-gpu \\",
      "      --shape B=1,H=12,P=4K,M=4K",
      "  ./weir kernel compile configs/schedules/opencl_1pass_gpu.schedule -a generic-gpu \\",
      "      --shape B=1,H=12,P=4K,M=4K",
      "",
      "Exit codes: 0 done, 1 a kernel does not compile or spills, 2 the schedule is illegal or",
      "            cannot become a kernel, 3 a compiler is missing"
    })
final class KernelCommand extends HelpOption implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return ExitCode.OK;
  }

  /** The kernels of a problem. */
  private static KernelProgram program(
      ProblemOptions options, Problem problem, NumberFormat format) {
    return switch (options.counted(() -> KernelLowering.lower(problem, format))) {
      case Lowering.Lowered lowered -> lowered.program();
      case Lowering.Refused refused ->
          throw options.noKernel(refused.where(), refused.reason(), refused.fix());
    };
  }

  /** The text. */
  @Command(
      name = "show",
      description = {
        "Show the OpenCL C that a schedule becomes.",
        "What of the schedule each part comes from stands beside it on a terminal of 160 columns"
            + " or",
        "more, otherwise in comments, so that what is written to a file compiles."
      },
      footer = {
        "",
        "Examples:",
        "  ./weir kernel show configs/schedules/opencl_1pass_gpu.schedule -a generic-gpu \\",
        "      --shape B=1,H=12,P=4K,M=4K --side-by-side | less -S",
        "  ./weir kernel show configs/schedules/opencl_1pass_cpu.schedule \\",
        "      --cascade configs/cascades/attention_1pass.edge \\",
        "      --architecture configs/devices/pocl-cpu.yaml \\",
        "      --shape B=1,H=12,P=4K,M=4K,E=64,F=64 >attention.cl",
        "",
        "Exit codes: 0 shown, 2 the schedule is illegal or cannot become a kernel"
      })
  static final class Show extends HelpOption implements Callable<Integer>, MakesKernels {

    @Mixin private ProblemOptions options;

    @Mixin private PrecisionOption precision;

    @ArgGroup private View view = new View();

    @Spec private CommandSpec spec;

    /** At most one of them. */
    static final class View {

      @Option(names = "--side-by-side", description = "Schedule to the left, kernel to the right.")
      private boolean sideBySide;

      @Option(
          names = "--plain",
          description = "The kernel alone, with the lines that messages of compilers count.")
      private boolean plain;
    }

    @Override
    public Integer call() {
      Problem problem = options.legalProblem();
      KernelProgram program = program(options, problem, precision.format());
      String text = view.plain ? OpenClPrinter.print(program) : beside(problem, program);
      spec.commandLine().getOut().print(text);
      return ExitCode.OK;
    }

    private String beside(Problem problem, KernelProgram program) {
      KernelListing listing = KernelListing.of(problem, OpenClPrinter.lines(program));
      boolean isWide = view.sideBySide || Terminal.columns() >= KernelListing.WIDE;
      return isWide ? listing.sideBySide() : listing.withComments();
    }
  }

  /** For GPUs. */
  @Command(
      name = "compile",
      description = {
        "Compile the kernels of a schedule for GPUs, whether or not one is there.",
        "Shows registers, spills, stack, local memory, occupancy and what limits it, instructions.",
        "Nothing runs."
      },
      footer = {
        "",
        "Examples:",
        "  ./weir kernel compile configs/schedules/opencl_1pass_gpu.schedule -a generic-gpu \\",
        "      --shape B=1,H=12,P=4K,M=4K",
        "  ./weir kernel compile configs/schedules/opencl_1pass_gpu.schedule -a generic-gpu \\",
        "      --shape B=1,H=12,P=4K,M=4K --target gfx90a,gfx1030 --format json",
        "",
        "Exit codes: 0 all compile, 1 one does not compile or spills, 2 the schedule is illegal or",
        "            cannot become a kernel, 3 a compiler is missing"
      })
  static final class Compile extends HelpOption implements Callable<Integer>, MakesKernels {

    @Mixin private ProblemOptions options;

    @Mixin private PrecisionOption precision;

    @Option(
        names = "--target",
        split = ",",
        paramLabel = "TARGET",
        converter = TargetConverter.class,
        defaultValue = "sm_80,sm_90,gfx90a",
        description = "Of ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if left out.")
    private List<Target> targets;

    @Option(
        names = "--format",
        paramLabel = "FORMAT",
        defaultValue = "text",
        description = "text or json; ${DEFAULT-VALUE} if left out.")
    private OutputFormat format;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      Problem problem = options.legalProblem();
      KernelProgram program = program(options, problem, precision.format());
      GpuCompiler compiler = GpuCompiler.ofMachine();
      List<TargetResult> results =
          targets.stream().distinct().map(target -> compiler.compile(program, target)).toList();
      spec.commandLine()
          .getOut()
          .print(
              switch (format) {
                case TEXT -> TargetText.of(problem, results);
                case JSON -> FindingsJson.document(TargetJson.of(problem, results));
              });
      if (results.stream().anyMatch(Compile::isWrong)) {
        return ExitCode.CHECK_FAILED;
      }
      List<String> missing = TargetText.missing(results);
      if (!missing.isEmpty()) {
        throw new EnvironmentException(String.join("\n", missing));
      }
      return ExitCode.OK;
    }

    private static boolean isWrong(TargetResult result) {
      return switch (result) {
        case TargetResult.Compiled compiled -> compiled.spills();
        case TargetResult.Failed _ -> true;
        case TargetResult.ToolMissing _ -> false;
      };
    }
  }
}
