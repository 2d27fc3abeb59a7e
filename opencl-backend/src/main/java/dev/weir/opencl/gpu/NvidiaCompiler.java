package dev.weir.opencl.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PTX by clang, which knows no newer target than sm_86, and machine code of the wanted target by
 * ptxas.
 *
 * @param ptxas none where it is missing
 */
record NvidiaCompiler(Clang clang, Optional<Path> ptxas) {

  private static final List<String> OPTIONS =
      List.of(
          "-cl-std=CL1.2",
          "-target",
          "nvptx64--nvidiacl",
          "-Xclang",
          "-target-cpu",
          "-Xclang",
          "sm_80");

  private static final Pattern EXTERNAL =
      Pattern.compile("\\.extern\\s+\\.func\\s+(?:\\([^)]*\\)\\s*)?([\\w$]+)");
  private static final Pattern MULTIPLY_ADD = Pattern.compile("\\bfma\\.[a-z.]*f(?:32|64)\\b");
  private static final Pattern GLOBAL_LOAD = Pattern.compile("\\bld\\.(?:volatile\\.)?global\\b");
  private static final Pattern LOCAL_LOAD = Pattern.compile("\\bld\\.(?:volatile\\.)?shared\\b");
  private static final Pattern BARRIER = Pattern.compile("\\bbar(?:rier)?\\.sync\\b");

  private static final Pattern STACK =
      Pattern.compile(
          "(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads");
  private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");
  private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

  TargetResult compile(Path source, Map<String, Long> groupSizes, Target target)
      throws IOException, ToolFailedException {
    String ptx = clang.assembly(source, OPTIONS);
    requireNoExternalFunction(ptx);
    Optional<String> log = Optional.empty();
    if (ptxas.isPresent()) {
      log = Optional.of(assemble(ptxas.get(), ptx, source, target));
    }
    List<CompiledKernel> kernels = new ArrayList<>();
    for (Map.Entry<String, Long> kernel : groupSizes.entrySet()) {
      String name = kernel.getKey();
      long groupSize = kernel.getValue();
      Instructions instructions = instructions(body(ptx, name));
      Optional<Resources> resources = Optional.empty();
      if (log.isPresent()) {
        resources = Optional.of(resources(log.get(), name, groupSize, target.limits()));
      }
      kernels.add(new CompiledKernel(name, groupSize, instructions, resources));
    }
    Optional<TargetResult.ToolMissing> missing =
        log.isPresent()
            ? Optional.empty()
            : Optional.of(
                new TargetResult.ToolMissing(target, GpuTools.PTXAS, GpuTools.PTXAS_REMEDY));
    return new TargetResult.Compiled(target, kernels, missing);
  }

  private String assemble(Path program, String ptx, Path source, Target target)
      throws IOException, ToolFailedException {
    Path input = Files.writeString(source.resolveSibling("kernel.ptx"), ptx);
    Path output = source.resolveSibling("kernel.cubin");
    return clang.run(
        List.of(
            program.toString(), "-v", "-arch=" + target, input.toString(), "-o", output.toString()),
        input);
  }

  private static void requireNoExternalFunction(String ptx) throws ToolFailedException {
    List<String> functions =
        EXTERNAL.matcher(ptx).results().map(found -> found.group(1)).distinct().sorted().toList();
    if (!functions.isEmpty()) {
      throw new ToolFailedException(
          Unresolved.reason(functions), List.of("PTX declares .extern .func for each"));
    }
  }

  /** From the head of a kernel to the brace in the first column. */
  private static String body(String ptx, String kernel) throws ToolFailedException {
    Matcher body =
        Pattern.compile("(?s)\\.entry " + Pattern.quote(kernel) + "\\(.*?\\n\\}").matcher(ptx);
    if (!body.find()) {
      throw new ToolFailedException("PTX has no kernel " + kernel, ptx.lines().limit(20).toList());
    }
    return body.group();
  }

  private static Instructions instructions(String body) {
    return new Instructions(
        MULTIPLY_ADD.matcher(body).results().count(),
        GLOBAL_LOAD.matcher(body).results().count(),
        LOCAL_LOAD.matcher(body).results().count(),
        BARRIER.matcher(body).results().count());
  }

  private static Resources resources(String log, String kernel, long groupSize, GpuLimits limits)
      throws ToolFailedException {
    Matcher part =
        Pattern.compile(
                "(?s)Compiling entry function '"
                    + Pattern.quote(kernel)
                    + "' for .*?(?=Compiling entry function|$)")
            .matcher(log);
    String said = part.find() ? part.group() : "";
    Matcher stack = STACK.matcher(said);
    Matcher registers = REGISTERS.matcher(said);
    if (!stack.find() || !registers.find()) {
      throw new ToolFailedException(
          "ptxas -v says nothing of kernel " + kernel + " that can be read", log.lines().toList());
    }
    Matcher shared = SHARED.matcher(said);
    long localBytes = shared.find() ? Long.parseLong(shared.group(1)) : 0;
    int used = Integer.parseInt(registers.group(1));
    return new Resources(
        used,
        OptionalInt.empty(),
        new Spills(Long.parseLong(stack.group(2)), Long.parseLong(stack.group(3)), 0),
        Long.parseLong(stack.group(1)),
        localBytes,
        Occupancy.estimate(limits, groupSize, used, 0, localBytes));
  }
}
