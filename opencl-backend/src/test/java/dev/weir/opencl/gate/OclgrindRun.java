package dev.weir.opencl.gate;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.emit.OpenClPrinter;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.runtime.Build;
import dev.weir.opencl.runtime.Device;
import dev.weir.opencl.runtime.DeviceSearch;
import dev.weir.opencl.runtime.Devices;
import dev.weir.opencl.runtime.KernelRunner;
import java.util.Map;

/** Runs the kernels of a problem once, in a Java of its own whose only driver is Oclgrind. */
final class OclgrindRun {

  private OclgrindRun() {}

  /**
   * Entry point.
   *
   * @param arguments a variant that may plant a fault, then cascade, schedule, device, shapes
   */
  public static void main(String[] arguments) {
    Problem problem = Problems.shipped(arguments[1], arguments[2], arguments[3], arguments[4]);
    KernelProgram program = Problems.program(problem);
    String source = OpenClPrinter.print(program);
    String planted =
        switch (arguments[0]) {
          case "correct" -> source;
          case "without-barriers" -> source.replace("barrier(CLK_LOCAL_MEM_FENCE);", "");
          case "without-generation-0" -> source.replace("RM_tile[p_", "if (0) RM_tile[p_");
          default -> throw new IllegalArgumentException(arguments[0]);
        };
    if (!arguments[0].equals("correct") && planted.equals(source)) {
      throw new IllegalStateException("nothing was planted");
    }
    Device device = ((DeviceSearch.Found) Devices.list()).devices().getFirst();
    Build.Ready ready = (Build.Ready) KernelRunner.build(device, program, planted);
    try (KernelRunner runner = ready.runner()) {
      Map<TensorName, DenseTensor> inputs =
          InputData.of(
              problem.cascade(),
              problem.shapes(),
              InputData.Kind.RANDOM,
              1,
              Map.of(new TensorName("N"), new InputData.IntegerRange(0, 35)));
      for (KernelBuffer buffer : program.buffers()) {
        if (buffer.role() == KernelBuffer.Role.INPUT) {
          runner.write(buffer.tensor(), inputs.get(buffer.tensor()).values());
        }
      }
      runner.launch();
    }
    System.out.println("ran on " + device.description().name());
  }
}
