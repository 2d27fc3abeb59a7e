package dev.weir.opencl.example;

import dev.weir.opencl.gpu.TargetResult;

/** Compilers for GPUs that a test needs: missing, it is skipped, and in CI it fails. */
public final class Gpus {

  private Gpus() {}

  /** Kernels that compiled. */
  public static TargetResult.Compiled compiled(TargetResult result) {
    return switch (result) {
      case TargetResult.Compiled compiled -> compiled;
      case TargetResult.Failed failed ->
          throw new AssertionError(
              failed.target() + ": " + failed.reason() + "\n" + String.join("\n", failed.log()));
      case TargetResult.ToolMissing missing -> throw skipped(missing);
    };
  }

  /** Skips the test when the tools are not there. */
  public static void requireTools(TargetResult result) {
    if (result instanceof TargetResult.ToolMissing missing) {
      throw skipped(missing);
    }
  }

  private static RuntimeException skipped(TargetResult.ToolMissing missing) {
    return Tools.missing(missing.tool() + " is not installed; " + missing.remedy());
  }
}
