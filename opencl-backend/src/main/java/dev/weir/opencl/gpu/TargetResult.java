package dev.weir.opencl.gpu;

import java.util.List;
import java.util.Optional;

/** What became of kernels for one target. */
public sealed interface TargetResult {

  Target target();

  /**
   * All compile, and nothing that they call is missing.
   *
   * @param kernels in launch order
   * @param missing a tool without which their resources are not known
   */
  record Compiled(Target target, List<CompiledKernel> kernels, Optional<ToolMissing> missing)
      implements TargetResult {
    public Compiled {
      kernels = List.copyOf(kernels);
    }

    /** Whether registers ran out in one of them. */
    public boolean spills() {
      return kernels.stream()
          .flatMap(kernel -> kernel.resources().stream())
          .anyMatch(resources -> resources.spills().isAny());
    }
  }

  /**
   * They do not compile.
   *
   * @param reason what is wrong
   * @param log what the compiler said, with the lines of the source
   * @param fix how to mend it, if that is known
   */
  record Failed(Target target, String reason, List<String> log, Optional<String> fix)
      implements TargetResult {
    public Failed {
      log = List.copyOf(log);
    }

    /** One that nobody knows how to mend. */
    public Failed(Target target, String reason, List<String> log) {
      this(target, reason, log, Optional.empty());
    }
  }

  /**
   * It could not be tried.
   *
   * @param tool what is not there
   * @param remedy what to install
   */
  record ToolMissing(Target target, String tool, String remedy) implements TargetResult {}
}
