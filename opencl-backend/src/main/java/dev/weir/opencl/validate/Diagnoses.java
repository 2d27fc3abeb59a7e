package dev.weir.opencl.validate;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.execute.Execution;
import dev.weir.opencl.execute.ExecutionOptions;
import dev.weir.opencl.execute.KernelExecutor;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Finds out who is to blame for a wrong result. */
final class Diagnoses {

  /** What nothing wrote is no number, so that it shows. */
  private static final ExecutionOptions OPTIONS =
      ExecutionOptions.plain().with(ExecutionOptions.Check.RACES).withUnset(Double.NaN);

  private Diagnoses() {}

  /**
   * Executes a program without a device and judges what comes out.
   *
   * @param inputs finite
   * @param judge compares elements of the buffers with what is expected
   */
  static Diagnosis of(
      KernelProgram program,
      InputCase inputCase,
      String shape,
      Map<TensorName, DenseTensor> inputs,
      Function<Map<TensorName, double[]>, List<Comparison>> judge) {
    Map<TensorName, double[]> values = new HashMap<>();
    program.buffers().stream()
        .filter(buffer -> buffer.role() == KernelBuffer.Role.INPUT)
        .map(KernelBuffer::tensor)
        .forEach(tensor -> values.put(tensor, inputs.get(tensor).values()));
    return switch (KernelExecutor.run(program, values, OPTIONS)) {
      case Execution.Faulted faulted -> new Diagnosis.Faulty(inputCase, shape, faulted.fault());
      case Execution.Completed completed ->
          judge.apply(completed.tensors()).stream()
              .filter(Comparison::failed)
              .findFirst()
              .<Diagnosis>map(wrong -> new Diagnosis.Kernel(inputCase, shape, wrong))
              .orElseGet(() -> new Diagnosis.Driver(inputCase, shape));
    };
  }
}
