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

  /** One sentence for a reader who wonders what to do. */
  String text();

  /** The kernel is right; what the device's compiler made of it is not. */
  record Driver(InputCase inputs, String shape) implements Diagnosis {
    @Override
    public String text() {
      return "the driver's compiler is wrong, not the kernel: executed without the device, the same kernel is right (%s, %s); try another driver or version, or a schedule with other tiles"
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
      return "the kernel is wrong, not the driver: executed without the device, it is wrong too (%s, %s); this is a fault of Weir, which we ask you to report with the schedule"
          .formatted(inputs.text(), shape);
    }
  }

  /** The kernel does what no kernel may. */
  record Faulty(InputCase inputs, String shape, Fault fault) implements Diagnosis {
    @Override
    public String text() {
      return "the kernel is wrong, not the driver: executed without the device, %s (%s, %s); this is a fault of Weir, which we ask you to report with the schedule"
          .formatted(fault.message(), inputs.text(), shape);
    }
  }
}
