package dev.weir.opencl.gpu;

import dev.weir.opencl.emit.OpenClPrinter;
import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Compiles OpenCL C for GPUs, none of which need be there: clang and libclc make PTX or AMD's
 * machine code, ptxas makes the machine code for NVIDIA. What the makers' own OpenCL drivers do
 * with the same text may differ.
 *
 * @see <a href="https://llvm.org/docs/AMDGPUUsage.html">User Guide for the AMDGPU Backend</a>
 */
public final class GpuCompiler {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final GpuTools tools;
  private final Duration limit;

  /**
   * With tools of one's own.
   *
   * @param limit how long a single tool may run
   */
  public GpuCompiler(GpuTools tools, Duration limit) {
    this.tools = tools;
    this.limit = limit;
  }

  /** With the tools of this machine. */
  public static GpuCompiler ofMachine() {
    return new GpuCompiler(GpuTools.ofMachine(), LIMIT);
  }

  /** Compiles all kernels of a program. */
  public TargetResult compile(KernelProgram program, Target target) {
    Map<String, Long> groupSizes = new LinkedHashMap<>();
    for (Kernel kernel : program.kernels()) {
      groupSizes.put(kernel.name(), kernel.groupSize());
    }
    return switch (compile(OpenClPrinter.print(program), groupSizes, target)) {
      case TargetResult.Failed failed -> LocalMemory.explained(failed, program);
      case TargetResult.Compiled compiled -> compiled;
      case TargetResult.ToolMissing missing -> missing;
    };
  }

  /**
   * Compiles a text.
   *
   * @param groupSizes the kernels to report, each with the work-items of its work-groups
   */
  public TargetResult compile(String source, Map<String, Long> groupSizes, Target target) {
    String bitcode =
        switch (target.vendor()) {
          case NVIDIA -> "nvptx64--nvidiacl.bc";
          case AMD -> "amdgcn--amdhsa.bc";
        };
    Optional<Path> clang = tools.program(GpuTools.CLANG);
    Optional<Path> library = tools.library(bitcode);
    if (clang.isEmpty()) {
      return new TargetResult.ToolMissing(target, GpuTools.CLANG, GpuTools.CLANG_REMEDY);
    }
    if (library.isEmpty()) {
      return new TargetResult.ToolMissing(target, "libclc's " + bitcode, GpuTools.CLANG_REMEDY);
    }
    try (WorkFolder folder = WorkFolder.make()) {
      Path file = Files.writeString(folder.path().resolve("kernel.cl"), source);
      Clang compiler =
          new Clang(clang.get(), library.get(), new ChildProcess(folder.path(), limit));
      return switch (target.vendor()) {
        case NVIDIA ->
            new NvidiaCompiler(compiler, tools.program(GpuTools.PTXAS))
                .compile(file, groupSizes, target);
        case AMD -> new AmdCompiler(compiler).compile(file, groupSizes, target);
      };
    } catch (ToolFailedException failed) {
      return new TargetResult.Failed(target, failed.getMessage(), failed.log());
    } catch (IOException noRoom) {
      throw new UncheckedIOException("the compilers' temporary folder", noRoom);
    }
  }
}
