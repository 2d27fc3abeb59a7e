package dev.weir.opencl.gate;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.example.RandomText;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.lower.KernelLowering;
import dev.weir.opencl.lower.Lowering;
import dev.weir.opencl.runtime.Build;
import dev.weir.opencl.runtime.Device;
import dev.weir.opencl.runtime.DeviceSearch;
import dev.weir.opencl.runtime.Devices;
import dev.weir.opencl.runtime.KernelRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Runs problems once on a device that counts instructions, and prints their outputs and what the
 * device logged. The log begins anew with every program, so it is read after each.
 */
final class CountRun {

  private static final String KERNEL = "kernel ";

  private CountRun() {}

  /**
   * Entry point.
   *
   * @param arguments a name for each problem, see {@link #program}
   */
  public static void main(String[] arguments) throws IOException {
    Device device = ((DeviceSearch.Found) Devices.list()).devices().getFirst();
    for (String name : arguments) {
      Optional<KernelProgram> program = program(name);
      if (program.isPresent()) {
        System.out.println("problem " + name);
        run(program.get(), inputs(name), build(name, device, program.get()));
        System.out.println("log " + log().replace('\n', ' '));
      }
    }
    System.out.println("ran on " + device.description().name());
  }

  private static Build.Ready build(String name, Device device, KernelProgram program) {
    return switch (KernelRunner.build(device, program)) {
      case Build.Ready ready -> ready;
      case Build.Failed failed ->
          throw new IllegalStateException(name + ": " + failed.reason() + failed.log());
    };
  }

  /** Problem {@code random SEED}, or {@code CASCADE SCHEDULE DEVICE SHAPES}. */
  static Problem problem(String name) {
    String[] parts = name.split(" ", 4);
    return parts[0].equals("random")
        ? RandomText.legal(Long.parseLong(parts[1])).problem()
        : Problems.shipped(parts[0], parts[1], parts[2], parts[3]);
  }

  /** Kernels of a problem, unless refused, or kernel {@code kernel SEED}. */
  static Optional<KernelProgram> program(String name) {
    if (name.startsWith(KERNEL)) {
      return Optional.of(RandomKernel.program(seed(name)));
    }
    return switch (KernelLowering.lower(problem(name))) {
      case Lowering.Lowered lowered -> Optional.of(lowered.program());
      case Lowering.Refused _ -> Optional.empty();
    };
  }

  private static long seed(String name) {
    return Long.parseLong(name.substring(KERNEL.length()));
  }

  /** The same values in every Java; entries of tables from none to all. */
  static Map<TensorName, double[]> inputs(String name) {
    return name.startsWith(KERNEL)
        ? RandomKernel.inputs(seed(name))
        : inputs(problem(name), InputData.Kind.RANDOM);
  }

  static Map<TensorName, double[]> inputs(Problem problem, InputData.Kind kind) {
    Map<TensorName, double[]> values = new HashMap<>();
    tensors(problem, kind).forEach((name, tensor) -> values.put(name, tensor.values()));
    return values;
  }

  static Map<TensorName, DenseTensor> tensors(Problem problem, InputData.Kind kind) {
    long largest =
        problem.cascade().tensors().stream()
            .flatMap(tensor -> tensor.ranks().stream())
            .mapToLong(problem.shapes()::of)
            .max()
            .orElse(1);
    InputData.IntegerRange lengths = new InputData.IntegerRange(0, largest);
    return InputData.of(
        problem.cascade(), problem.shapes(), kind, 1, Map.of(new TensorName("N"), lengths));
  }

  private static String log() throws IOException {
    Path file = Path.of(System.getenv("OCLGRIND_LOG"));
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private static void run(
      KernelProgram program, Map<TensorName, double[]> inputs, Build.Ready ready) {
    try (KernelRunner runner = ready.runner()) {
      program.buffers().stream()
          .filter(buffer -> buffer.role() == KernelBuffer.Role.INPUT)
          .map(KernelBuffer::tensor)
          .forEach(tensor -> runner.write(tensor, inputs.get(tensor)));
      // Its memory is zero at first; a fill would make it NaN.
      runner.launchOnFreshMemory();
      program.buffers().stream()
          .filter(buffer -> buffer.role() == KernelBuffer.Role.OUTPUT)
          .map(KernelBuffer::tensor)
          .forEach(tensor -> System.out.println(output(tensor, runner.read(tensor))));
    }
  }

  private static String output(TensorName tensor, float[] values) {
    StringBuilder line = new StringBuilder("output ").append(tensor);
    for (float value : values) {
      // Whether a zero is negative does not matter.
      line.append(' ').append(value + 0f);
    }
    return line.toString();
  }

  /** Names of random problems, or of random kernels. */
  static String[] random(String what, long first, long count) {
    String[] names = new String[Math.toIntExact(count)];
    Arrays.setAll(names, i -> what + " " + (first + i));
    return names;
  }
}
