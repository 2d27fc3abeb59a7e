package dev.weir.opencl.runtime;

import java.util.List;

/** What a device's compiler made of a program. */
public sealed interface Build {

  /** Kernels that can run; whoever takes it closes it. */
  record Ready(KernelRunner runner) implements Build {}

  /**
   * The program does not run on this device.
   *
   * @param reason what is wrong
   * @param log lines of the compiler's log, those that name a line of the source followed by it
   */
  record Failed(String reason, List<String> log) implements Build {
    public Failed {
      log = List.copyOf(log);
    }
  }
}
