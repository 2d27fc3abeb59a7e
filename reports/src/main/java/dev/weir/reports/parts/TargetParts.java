package dev.weir.reports.parts;

import dev.weir.opencl.gpu.CompiledKernel;
import dev.weir.opencl.gpu.GpuLimits;
import dev.weir.opencl.gpu.Occupancy;
import dev.weir.opencl.gpu.Resources;
import dev.weir.opencl.gpu.Target;
import dev.weir.opencl.gpu.TargetResult;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What kernels occupy on GPUs, by the compilers for them. */
public final class TargetParts {

  private static final Cell NONE = Cell.of("–");

  private static final List<String> RESOURCES =
      List.of(
          "kernel",
          "target",
          "registers",
          "scalar registers",
          "spill stores",
          "spill loads",
          "stack",
          "local memory",
          "");

  private TargetParts() {}

  /**
   * One row a kernel and target; a target that nothing compiled for has one row.
   *
   * @param cascade whose kernels they are
   */
  public static Part.Table resources(String cascade, List<TargetResult> results, Source source) {
    return new Part.Table(
        "Kernel of " + cascade + " compiled for GPUs",
        "By clang-15 with libclc and, for NVIDIA, ptxas; nothing ran. Registers and stack are of a"
            + " work-item, scalar registers of a wave, local memory of a work-group. Spills are"
            + " bytes that the text moves for lack of registers. Stack is memory in place of"
            + " registers: for spills, and for arrays whose indices the compiler could not turn"
            + " into constants.",
        RESOURCES,
        results.stream().flatMap(result -> rows(result, source)).toList());
  }

  private static Stream<List<Cell>> rows(TargetResult result, Source source) {
    return switch (result) {
      case TargetResult.Compiled compiled ->
          compiled.kernels().stream().map(kernel -> row(compiled, kernel, source));
      case TargetResult.Failed failed ->
          Stream.of(row(failed.target(), "–", new Cell.Verdict(Outcome.FAILED, failed.reason())));
      case TargetResult.ToolMissing missing ->
          Stream.of(row(missing.target(), "–", new Cell.Verdict(Outcome.NOT_RUN, needs(missing))));
    };
  }

  private static String needs(TargetResult.ToolMissing missing) {
    return "needs " + missing.tool();
  }

  private static List<Cell> row(Target target, String kernel, Cell verdict) {
    List<Cell> row = new ArrayList<>(List.of(Cell.of(kernel), name(target)));
    row.addAll(Collections.nCopies(RESOURCES.size() - 3, NONE));
    row.add(verdict);
    return row;
  }

  private static Cell name(Target target) {
    return Cell.of("%s (%s)".formatted(target, target.example()));
  }

  private static List<Cell> row(
      TargetResult.Compiled compiled, CompiledKernel kernel, Source source) {
    if (kernel.resources().isEmpty()) {
      String reason = compiled.missing().map(TargetParts::needs).orElse("");
      return row(
          compiled.target(),
          kernel.name(),
          new Cell.Verdict(Outcome.NOT_RUN, "PTX only; " + reason));
    }
    Resources resources = kernel.resources().get();
    return List.of(
        Cell.of(kernel.name()),
        name(compiled.target()),
        figure(resources.vectorRegisters(), Unit.REGISTERS, source),
        resources.scalarRegisters().isPresent()
            ? figure(resources.scalarRegisters().getAsInt(), Unit.REGISTERS, source)
            : NONE,
        figure(resources.spills().storeBytes(), Unit.BYTES, source),
        figure(resources.spills().loadBytes(), Unit.BYTES, source),
        figure(resources.stackBytes(), Unit.BYTES, source),
        figure(resources.localBytes(), Unit.BYTES, source),
        new Cell.Verdict(
            resources.spills().isAny() ? Outcome.FAILED : Outcome.PASSED,
            resources.spills().isAny() ? spilt(resources) : ""));
  }

  private static String spilt(Resources resources) {
    int scalars = resources.spills().scalarRegisters();
    return scalars == 0 ? "spills" : "spills, %d scalar registers too".formatted(scalars);
  }

  private static String limits(Occupancy occupancy, GpuLimits gpu) {
    return occupancy.limits().stream()
        .sorted()
        .map(limit -> limit.text(gpu))
        .collect(Collectors.joining(", "));
  }

  private static Cell figure(long value, Unit unit, Source source) {
    return Cell.of(Figure.of(value, unit, source));
  }

  /** One row a kernel and target whose resources are known. */
  public static Part.Table occupancy(String cascade, List<TargetResult> results, Source source) {
    List<List<Cell>> rows = new ArrayList<>();
    for (TargetResult result : results) {
      if (result instanceof TargetResult.Compiled compiled) {
        for (CompiledKernel kernel : compiled.kernels()) {
          kernel
              .resources()
              .ifPresent(found -> rows.add(occupancy(result.target(), kernel, found, source)));
        }
      }
    }
    return new Part.Table(
        "Occupancy of GPUs by the kernel of " + cascade,
        "An estimate, not a measurement: how many waves (NVIDIA: warps) fit one unit by what they"
            + " need and by the makers' public limits, and what keeps a further work-group out. A"
            + " grid may have fewer.",
        List.of("kernel", "target", "unit", "occupancy", "of", "share", "limited by"),
        rows);
  }

  private static List<Cell> occupancy(
      Target target, CompiledKernel kernel, Resources resources, Source source) {
    Occupancy occupancy = resources.occupancy();
    Unit waves =
        switch (target.vendor()) {
          case NVIDIA -> Unit.WARPS;
          case AMD -> Unit.WAVES;
        };
    return List.of(
        Cell.of(kernel.name()),
        name(target),
        Cell.of(target.limits().unit()),
        figure(occupancy.waves(), waves, source),
        figure(occupancy.mostWaves(), waves, source),
        Cell.of(Figure.of(occupancy.fraction(), Unit.RATIO, source)),
        Cell.of(limits(occupancy, target.limits())));
  }

  /** Instructions of each kernel that compiled, counted in its text. */
  public static Part.Table instructions(String cascade, List<TargetResult> results, Source source) {
    List<List<Cell>> rows = new ArrayList<>();
    for (TargetResult result : results) {
      if (result instanceof TargetResult.Compiled compiled) {
        for (CompiledKernel kernel : compiled.kernels()) {
          rows.add(
              List.of(
                  Cell.of(kernel.name()),
                  name(compiled.target()),
                  figure(kernel.instructions().multiplyAdds(), Unit.INSTRUCTIONS, source),
                  figure(kernel.instructions().globalLoads(), Unit.INSTRUCTIONS, source),
                  figure(kernel.instructions().localLoads(), Unit.INSTRUCTIONS, source),
                  figure(kernel.instructions().barriers(), Unit.INSTRUCTIONS, source)));
        }
      }
    }
    return new Part.Table(
        "Instructions of the kernel of " + cascade,
        "Of the compiled text, each once however often it runs: PTX for NVIDIA, machine code for"
            + " AMD. Many multiply-adds a load of local memory say that registers are reused. A"
            + " work-group of one wave needs no barrier.",
        List.of("kernel", "target", "multiply-adds", "global loads", "local loads", "barriers"),
        rows);
  }
}
