package dev.weir.cli.experiment;

import dev.weir.opencl.gpu.GpuCompiler;
import dev.weir.opencl.gpu.Target;
import dev.weir.opencl.gpu.TargetResult;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Source;
import dev.weir.reports.parts.TargetParts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Compiles kernels that are written for GPUs, those with several work-items in a work-group, for
 * GPUs that are not here. The tools are optional: without them a notice says so, and that is all.
 */
final class GpuStep {

  private static final List<Target> TARGETS = List.of(Target.SM_80, Target.SM_90, Target.GFX90A);

  private final SectionBuilder section;
  private final Consumer<String> say;
  private final GpuCompiler compiler = GpuCompiler.ofMachine();

  GpuStep(SectionBuilder section, Consumer<String> say) {
    this.section = section;
    this.say = say;
  }

  void run(KernelStep.Wanted one, KernelProgram program) {
    if (program.kernels().stream().allMatch(kernel -> kernel.groupSize() == 1)) {
      return;
    }
    String cascade = one.problem().cascade().name();
    say.accept("compiling the kernel of " + cascade + " for GPUs");
    List<TargetResult> tried = new ArrayList<>();
    for (Target target : TARGETS) {
      tried.add(compiler.compile(program, target));
    }
    List<TargetResult> results =
        tried.stream().filter(result -> missing(result).isEmpty()).toList();
    tried.stream()
        .flatMap(result -> missing(result).stream())
        .collect(Collectors.groupingBy(TargetResult.ToolMissing::tool))
        .values()
        .forEach(missing -> notice(cascade, missing));
    if (!results.isEmpty()) {
      tables(one, cascade, results);
    }
  }

  private static Optional<TargetResult.ToolMissing> missing(TargetResult result) {
    return switch (result) {
      case TargetResult.Compiled compiled -> compiled.missing();
      case TargetResult.Failed _ -> Optional.empty();
      case TargetResult.ToolMissing missing -> Optional.of(missing);
    };
  }

  private void notice(String cascade, List<TargetResult.ToolMissing> missing) {
    String targets =
        missing.stream().map(one -> one.target().toString()).collect(Collectors.joining(", "));
    TargetResult.ToolMissing first = missing.getFirst();
    section.part(
        new Part.Notice(
            "Kernel of " + cascade + " for " + targets,
            Outcome.NOT_RUN,
            "%s is not there\nTo compile it: %s".formatted(first.tool(), first.remedy())));
  }

  private void tables(KernelStep.Wanted one, String cascade, List<TargetResult> results) {
    String shapes = Sources.shapes(one.problem());
    Source source =
        new Source(
            "GPU compilers",
            "cascade %s, schedule %s, %s; compiled, nothing ran"
                .formatted(cascade, one.problem().schedule().name(), shapes),
            one.sources().at(shapes, "").inputs());
    section.part(TargetParts.resources(cascade, results, source));
    section.part(TargetParts.occupancy(cascade, results, source));
    section.part(TargetParts.instructions(cascade, results, source));
    List<String> failures = new ArrayList<>();
    for (TargetResult result : results) {
      if (result instanceof TargetResult.Failed failed) {
        failures.add(failed.target() + ": " + failed.reason());
        section.notice(
            "Kernel of %s for %s".formatted(cascade, failed.target()),
            Outcome.FAILED,
            failed.reason() + "\n" + String.join("\n", failed.log()));
      }
    }
    section.check(
        "kernel of " + cascade + " compiles for GPUs",
        "clang-15, libclc and ptxas: "
            + results.stream()
                .map(result -> result.target().toString())
                .collect(Collectors.joining(", ")),
        failures.isEmpty() ? Outcome.PASSED : Outcome.FAILED,
        failures.isEmpty()
            ? "registers, memory and occupancy in the tables above"
            : String.join("; ", failures));
  }
}
