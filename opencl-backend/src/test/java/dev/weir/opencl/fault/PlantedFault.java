package dev.weir.opencl.fault;

import dev.weir.opencl.emit.OpenClPrinter;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.validate.InputCase;

/**
 * A fault of a kernel.
 *
 * @param name what is wrong
 * @param kernel whose kernel is made wrong
 * @param killer an input case that must show it
 * @param change makes it wrong
 */
public record PlantedFault(
    String name, Target kernel, InputCase killer, KernelChanges.Change change) {

  /** Whose kernel. */
  public enum Target {
    ONE_PASS_LANES("attention_1pass_masked", "opencl_1pass_cpu", "pocl-cpu"),
    ONE_PASS_ITEMS("attention_1pass_masked", "opencl_1pass_gpu", "generic-gpu"),
    THREE_PASSES("attention_3pass_masked", "opencl_3pass_cpu", "pocl-cpu");

    private final String cascade;
    private final String schedule;
    private final String device;

    Target(String cascade, String schedule, String device) {
      this.cascade = cascade;
      this.schedule = schedule;
      this.device = device;
    }

    /** Name of the cascade's file. */
    public String cascade() {
      return cascade;
    }

    /** Name of the schedule's file. */
    public String schedule() {
      return schedule;
    }

    /** Name of the device's file. */
    public String device() {
      return device;
    }
  }

  /** A program with the fault; fails when there was nothing to make wrong. */
  public KernelProgram plantedInto(KernelProgram program) {
    KernelProgram wrong = change.apply(program);
    String text = OpenClPrinter.print(program);
    if (OpenClPrinter.print(wrong).equals(text)) {
      throw new IllegalStateException(name + ": nothing was planted in\n" + text);
    }
    return wrong;
  }

  @Override
  public String toString() {
    return kernel + ": " + name;
  }
}
