package dev.weir.opencl.execute;

import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.execute.ExecutionOptions.Check;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * Runs a program of kernels as its printed OpenCL C would run, without a device: work-groups one
 * after another, the work-items of a group statement by statement, so that all are at the same
 * statement at any time. Accesses out of bounds and barriers that some work-items miss are faults;
 * races and reads of what nothing wrote are, if asked for. Arithmetic is that of the types: each
 * operation rounds once, and exponentials and the like are correct to the last place but for rare
 * halfway cases.
 *
 * <p>Time is proportional to the operations executed, lane by lane; memory to the tensors and the
 * values of one work-group.
 */
public final class KernelExecutor {

  private final KernelProgram program;
  private final ExecutionOptions options;
  private final Map<TensorName, Storage> buffers = new HashMap<>();

  private KernelExecutor(KernelProgram program, ExecutionOptions options) {
    this.program = program;
    this.options = options;
  }

  /**
   * Runs all kernels once.
   *
   * @param inputs elements of every input, row-major, finite, rounded to the type of its array; not
   *     modified
   * @throws IllegalArgumentException if an input is missing, has another length or is not finite,
   *     or if the program is not one that could be compiled
   */
  public static Execution run(
      KernelProgram program, Map<TensorName, double[]> inputs, ExecutionOptions options) {
    KernelExecutor executor = new KernelExecutor(program, options);
    program.buffers().forEach(buffer -> executor.allocate(buffer, inputs));
    try {
      List<AccessCounts.Kernel> counts = new ArrayList<>();
      program.kernels().forEach(kernel -> counts.add(executor.run(kernel)));
      Map<TensorName, double[]> tensors = new HashMap<>();
      executor.buffers.forEach((tensor, storage) -> tensors.put(tensor, storage.copy()));
      return new Execution.Completed(tensors, new AccessCounts(counts));
    } catch (FaultException fault) {
      return new Execution.Faulted(fault.fault());
    }
  }

  private void allocate(KernelBuffer buffer, Map<TensorName, double[]> inputs) {
    Storage storage = new Storage(program.name(), buffer.array(), options, Optional.empty());
    if (buffer.role() == KernelBuffer.Role.INPUT) {
      storage.fill(rounded(buffer, inputs));
    }
    buffers.put(buffer.tensor(), storage);
  }

  private static double[] rounded(KernelBuffer buffer, Map<TensorName, double[]> inputs) {
    TensorName tensor = buffer.tensor();
    double[] given = inputs.get(tensor);
    if (given == null) {
      throw new IllegalArgumentException(
          "no values for input %s (got values for %s)".formatted(tensor, inputs.keySet()));
    }
    if (given.length != buffer.array().length()) {
      throw new IllegalArgumentException(
          "%s has %d elements, not %d".formatted(tensor, buffer.array().length(), given.length));
    }
    DoubleUnaryOperator rounding = Kinds.rounding(buffer.array().element().kind());
    double[] values = new double[given.length];
    for (int i = 0; i < given.length; i++) {
      if (!Double.isFinite(given[i])) {
        throw new IllegalArgumentException(
            tensor + " holds " + given[i] + "; inputs of kernels are finite");
      }
      values[i] = rounding.applyAsDouble(given[i]);
    }
    return values;
  }

  private AccessCounts.Kernel run(Kernel kernel) {
    WorkGroup group = new WorkGroup(kernel, options);
    Map<Array, Storage> shared = new HashMap<>();
    for (KernelBuffer buffer : kernel.arguments()) {
      Array array = buffer.array();
      Storage storage = buffers.get(buffer.tensor());
      shared.put(array, storage.in(kernel.name(), array, races(group, array)));
    }
    List<Storage> local = new ArrayList<>();
    for (Array array : kernel.localArrays()) {
      Storage storage = new Storage(kernel.name(), array, options, races(group, array));
      local.add(storage);
      shared.put(array, storage);
    }
    List<Region> regions = new ArrayList<>();
    Code code = Code.ofKernel(regions);
    Scope scope = Scope.of(kernel.name(), shared);
    kernel.arguments().forEach(_ -> UnoptimisedCode.parameter(code));
    Step body = new StatementCompiler(group, scope).compile(kernel.body(), code);
    code.count(Instruction.Opcode.RET, 1);
    group.run(scope, local, code.region(), body);
    return Tally.of(kernel.name(), regions);
  }

  private Optional<RaceDetector> races(WorkGroup group, Array array) {
    return options.has(Check.RACES)
        ? Optional.of(
            new RaceDetector(group.kernel(), array, Storage.places(array), group.epochs()))
        : Optional.empty();
  }
}
