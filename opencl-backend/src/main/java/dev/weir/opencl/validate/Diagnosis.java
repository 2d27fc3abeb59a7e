package dev.weir.opencl.validate;

import dev.weir.opencl.execute.Fault;

/**
 * Who is to blame for a wrong result: the same kernel on the same inputs once more, executed
 * statement by statement without the device's compiler.
 */
public sealed interface Diagnosis {

  /** What it was executed on. */
  InputCase inputs();

  /** Ranks and shapes, as in {@code B=1 H=12 P=4096}. */
  String shape();

  /** Who is to blame, in a sentence. */
  String text();

  /** What to do about it. */
  default String fix() {
    return switch (this) {
      case Driver _ -> "other tiles (--set of a parameter), or another driver or version of it";
      case Kernel _, Faulty _ -> "report it with the schedule: it is a fault of Weir";
    };
  }

  /** Both in one line. */
  default String message() {
    return text() + "; " + fix();
  }

  /** The kernel is right; what the device's compiler made of it is not. */
  record Driver(InputCase inputs, String shape) implements Diagnosis {
    @Override
    public String text() {
      return "the driver's compiler is wrong, not the kernel: executed without the device, the same kernel is right (%s, %s)"
          .formatted(inputs.text(), shape);
    }
  }

  /**
   * The kernel is wrong on any device.
   *
   * @param comparison what the execution without a device gave
   */
  record Kernel(InputCase inputs, String shape, Comparison comparison) implements Diagnosis {
    @Override
    public String text() {
      return "the kernel is wrong, not the driver: executed without the device, it is wrong too (%s, %s)"
          .formatted(inputs.text(), shape);
    }
  }

  /** The kernel does what no kernel may. */
  record Faulty(InputCase inputs, String shape, Fault fault) implements Diagnosis {
    @Override
    public String text() {
      return "the kernel is wrong, not the driver: executed without the device, %s (%s, %s)"
          .formatted(fault.message(), inputs.text(), shape);
    }
  }
}
