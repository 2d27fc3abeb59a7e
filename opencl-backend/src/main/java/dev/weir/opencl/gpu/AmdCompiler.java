package dev.weir.opencl.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Machine code by clang alone: as assembly, which says what it needs, and as an object. */
record AmdCompiler(Clang clang) {

  private static final String TRIPLE = "amdgcn-amd-amdhsa";

  private static final Pattern MULTIPLY_ADD =
      Pattern.compile("\\bv_(?:fma|fmac|fmaak|fmamk|mad|mac|madak|madmk)_f(?:32|64)");
  private static final Pattern PACKED_MULTIPLY_ADD = Pattern.compile("\\bv_pk_fma_f32");
  private static final Pattern GLOBAL_LOAD = Pattern.compile("\\b(?:global|flat)_load_");
  private static final Pattern LOCAL_LOAD = Pattern.compile("\\bds_(?:read|load)");
  private static final Pattern BARRIER = Pattern.compile("\\bs_barrier\\b");

  TargetResult compile(Path source, Map<String, Long> groupSizes, Target target)
      throws IOException, ToolFailedException {
    String assembly =
        clang.assembly(
            source,
            List.of("-cl-std=CL1.2", "-target", TRIPLE, "-mcpu=" + target, "-nogpulib", "-w"));
    requireNothingUndefined(assembly, source, target);
    AmdMetadata metadata = AmdMetadata.of(assembly);
    List<CompiledKernel> kernels = new ArrayList<>();
    for (Map.Entry<String, Long> kernel : groupSizes.entrySet()) {
      String body = body(assembly, kernel.getKey());
      Spills spills = AmdSpills.of(body, metadata.number(kernel.getKey(), ".sgpr_spill_count"));
      kernels.add(
          new CompiledKernel(
              kernel.getKey(),
              kernel.getValue(),
              instructions(body),
              Optional.of(
                  metadata.resources(
                      kernel.getKey(), kernel.getValue(), spills, target.limits()))));
    }
    return new TargetResult.Compiled(target, kernels, Optional.empty());
  }

  private void requireNothingUndefined(String assembly, Path source, Target target)
      throws IOException, ToolFailedException {
    Path input = Files.writeString(source.resolveSibling("amd.s"), assembly);
    Path object = source.resolveSibling("amd.o");
    clang.run(
        List.of(
            clang.program().toString(),
            "-target",
            TRIPLE,
            "-mcpu=" + target,
            "-nogpulib",
            "-c",
            input.toString(),
            "-o",
            object.toString()),
        input);
    List<String> symbols = ElfSymbols.undefined(Files.readAllBytes(object));
    if (!symbols.isEmpty()) {
      throw new ToolFailedException(
          Unresolved.reason(symbols), List.of("the object leaves each undefined"));
    }
  }

  private static String body(String assembly, String kernel) throws ToolFailedException {
    int start = assembly.indexOf("\n" + kernel + ":");
    int end = assembly.indexOf("\t.size\t" + kernel + ",", Math.max(start, 0));
    if (start < 0 || end < 0) {
      throw new ToolFailedException(
          "the assembly has no kernel " + kernel, assembly.lines().limit(20).toList());
    }
    return assembly.substring(start, end);
  }

  private static Instructions instructions(String body) {
    return new Instructions(
        MULTIPLY_ADD.matcher(body).results().count()
            + 2 * PACKED_MULTIPLY_ADD.matcher(body).results().count(),
        GLOBAL_LOAD.matcher(body).results().count(),
        LOCAL_LOAD.matcher(body).results().count(),
        BARRIER.matcher(body).results().count());
  }
}
