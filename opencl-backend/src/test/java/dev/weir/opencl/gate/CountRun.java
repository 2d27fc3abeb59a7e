package dev.weir.opencl.gate;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.example.PlainKernels;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.example.RandomKernels;
import dev.weir.opencl.example.RandomText;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.lower.KernelLowering;
import dev.weir.opencl.lower.Lowering;
import dev.weir.opencl.plain.Binding;
import dev.weir.opencl.runtime.Build;
import dev.weir.opencl.runtime.KernelRunner;
import dev.weir.opencl.runtime.LocalDevice;
import dev.weir.opencl.runtime.LocalDevices;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Runs problems once, on a device that counts instructions, and prints outputs and its log. */
final class CountRun {

  private static final String KERNEL = "kernel ";

  private CountRun() {}

  /** Kernels and what they run on. */
  record Example(KernelProgram program, Map<TensorName, double[]> inputs) {}

  /**
   * Entry point.
   *
   * @param arguments a name for each problem, see {@link #example}
   */
  public static void main(String[] arguments) throws IOException {
    for (String name : arguments) {
      // A context each: Oclgrind mistakes buffers in the place of earlier ones for unwritten.
      LocalDevice device = LocalDevices.find().all().getFirst();
      Optional<Example> example = example(name);
      if (example.isPresent()) {
        System.out.println("problem " + name);
        run(example.get(), build(name, device, example.get().program()));
        Oclgrind.printLog();
      }
    }
    System.out.println("ran on " + LocalDevices.find().all().getFirst().description().name());
  }

  private static Build.Ready build(String name, LocalDevice device, KernelProgram program) {
    return switch (KernelRunner.build(device, program)) {
      case Build.Ready ready -> ready;
      case Build.Failed failed ->
          throw new IllegalStateException(name + ": " + failed.reason() + failed.log());
    };
  }

  /**
   * Problem {@code random SEED}, {@code FAMILY SEED} of a family of random kernels, {@code plain
   * CASCADE BINDING LENGTH} of plain schedules, or {@code CASCADE SCHEDULE DEVICE SHAPES}.
   */
  static Problem problem(String name) {
    String[] parts = name.split(" ", 4);
    if (parts[0].equals("random")) {
      return RandomText.legal(Long.parseLong(parts[1])).problem();
    }
    if (parts[0].equals("plain")) {
      return PlainKernels.of(parts[1], Binding.valueOf(parts[2]), Long.parseLong(parts[3]));
    }
    for (RandomKernels.Family family : RandomKernels.Family.values()) {
      if (parts[0].equals(family.text())) {
        return RandomKernels.of(family, Long.parseLong(parts[1])).orElseThrow();
      }
    }
    return Problems.shipped(parts[0], parts[1], parts[2], parts[3]);
  }

  /** Kernels of a problem, unless refused, or kernel {@code kernel SEED}. */
  static Optional<Example> example(String name) {
    if (name.startsWith(KERNEL)) {
      long seed = Long.parseLong(name.substring(KERNEL.length()));
      return Optional.of(new Example(RandomKernel.program(seed), RandomKernel.inputs(seed)));
    }
    Problem problem = problem(name);
    return program(problem)
        .map(program -> new Example(program, inputs(problem, InputData.Kind.RANDOM)));
  }

  /** Kernels, unless refused. */
  static Optional<KernelProgram> program(Problem problem) {
    return switch (KernelLowering.lower(problem)) {
      case Lowering.Lowered lowered -> Optional.of(lowered.program());
      case Lowering.Refused _ -> Optional.empty();
    };
  }

  /** The same values in every Java; entries of tables from one before the first to one too many. */
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
    Map<TensorName, InputData.IntegerRange> tables = new HashMap<>();
    problem.cascade().einsums().stream()
        .flatMap(einsum -> einsum.tables().stream())
        .map(Access::tensor)
        .filter(table -> !problem.cascade().distributions().containsKey(table))
        .forEach(table -> tables.put(table, new InputData.IntegerRange(-1, largest)));
    tables.put(new TensorName("N"), new InputData.IntegerRange(0, largest));
    return InputData.of(problem.cascade(), problem.shapes(), kind, 1, tables);
  }

  private static void run(Example example, Build.Ready ready) {
    KernelProgram program = example.program();
    try (KernelRunner runner = ready.runner()) {
      program.buffers().stream()
          .filter(buffer -> buffer.role() == KernelBuffer.Role.INPUT)
          .map(KernelBuffer::tensor)
          .forEach(tensor -> runner.write(tensor, example.inputs().get(tensor)));
      // Its memory is zero at first; a fill would make it NaN.
      runner.launchOnFreshMemory();
      program.buffers().stream()
          .filter(buffer -> buffer.role() == KernelBuffer.Role.OUTPUT)
          .map(KernelBuffer::tensor)
          .forEach(tensor -> System.out.println(output(tensor, runner.read(tensor))));
    }
  }

  private static String output(TensorName tensor, double[] values) {
    StringBuilder line = new StringBuilder("output ").append(tensor);
    for (double value : values) {
      // Whether a zero is negative does not matter.
      line.append(' ').append((float) value + 0f);
    }
    return line.toString();
  }

  /** Names of all shipped cascades under their plain schedules. */
  static List<String> plain(long length) {
    return PlainKernels.cascades().stream()
        .flatMap(
            cascade ->
                Arrays.stream(Binding.values())
                    .map(binding -> "plain %s %s %d".formatted(cascade, binding, length)))
        .toList();
  }

  /** Names of problems of a family: of those seeds of which there are some. */
  static String[] random(RandomKernels.Family family, long first, long count) {
    return LongStream.range(first, first + count)
        .filter(seed -> RandomKernels.of(family, seed).isPresent())
        .mapToObj(seed -> family.text() + " " + seed)
        .toArray(String[]::new);
  }

  /** Names of random problems, or of random kernels. */
  static String[] random(String what, long first, long count) {
    String[] names = new String[Math.toIntExact(count)];
    Arrays.setAll(names, i -> what + " " + (first + i));
    return names;
  }
}
