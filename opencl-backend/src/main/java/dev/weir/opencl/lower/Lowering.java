package dev.weir.opencl.lower;

import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.KernelProgram;

/** What becomes of a schedule on an OpenCL device. */
public sealed interface Lowering {

  /** Kernels that do what the schedule says. */
  record Lowered(KernelProgram program) implements Lowering {}

  /**
   * The schedule cannot become a kernel.
   *
   * @param where the node that stands in the way
   * @param reason what is wrong
   * @param fix how to mend it
   */
  record Refused(NodePath where, String reason, String fix) implements Lowering {

    /** Both in one line. */
    public String message() {
      return reason + "; " + fix;
    }
  }
}
