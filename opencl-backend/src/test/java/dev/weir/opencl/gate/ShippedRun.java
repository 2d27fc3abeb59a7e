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
import dev.weir.opencl.runtime.KernelRunner;
import dev.weir.opencl.runtime.LocalDevice;
import dev.weir.opencl.runtime.LocalDevices;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Runs kernels of shipped schedules once, in a Java of its own whose only driver is Oclgrind. */
final class ShippedRun {

  static final String SHAPES = "B=1 H=1 P=19 M=35 N=21 K=18 E=8 F=8 C=2 T=3";

  private ShippedRun() {}

  /**
   * Entry point.
   *
   * @param arguments a text to replace and its replacement (a planted fault, or two equal texts),
   *     then cascade, schedule and device of each problem
   */
  public static void main(String[] arguments) throws IOException {
    for (int i = 2; i < arguments.length; i += 3) {
      // A context each: Oclgrind mistakes buffers in the place of earlier ones for unwritten.
      LocalDevice device = LocalDevices.find().all().getFirst();
      Problem problem = Problems.shipped(arguments[i], arguments[i + 1], arguments[i + 2], SHAPES);
      KernelProgram program = Problems.program(problem);
      String source = OpenClPrinter.print(program);
      String planted = source.replace(arguments[0], arguments[1]);
      if (planted.equals(source) && !arguments[0].equals(arguments[1])) {
        throw new IllegalStateException("nothing was planted");
      }
      run(problem, program, (Build.Ready) KernelRunner.build(device, program, planted));
      Oclgrind.printLog();
    }
    System.out.println("ran on " + LocalDevices.find().all().getFirst().description().name());
  }

  static void run(Problem problem, KernelProgram program, Build.Ready ready) {
    try (KernelRunner runner = ready.runner()) {
      InputData.IntegerRange lengths = new InputData.IntegerRange(0, 35);
      Map<TensorName, DenseTensor> inputs =
          InputData.of(
              problem.cascade(),
              problem.shapes(),
              InputData.Kind.RANDOM,
              1,
              Map.of(new TensorName("N"), lengths));
      List<KernelBuffer> buffers = program.buffers();
      buffers.stream()
          .filter(buffer -> buffer.role() == KernelBuffer.Role.INPUT)
          .forEach(b -> runner.write(b.tensor(), inputs.get(b.tensor()).values()));
      // Oclgrind takes memory that clEnqueueFillBuffer set for unwritten, even after a kernel
      // wrote.
      runner.launchOnFreshMemory();
    }
  }
}
