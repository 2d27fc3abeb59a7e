package dev.weir.opencl.validate;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.ir.Distribution;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.Type;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a kernel is run on: the same for the same arguments, so whoever needs it later makes it
 * again instead of keeping it.
 *
 * @param problem for its cascade and shapes
 * @param tables inputs that hold integers
 * @param options seed and format
 */
record CaseInputs(Problem problem, Set<TensorName> tables, ValidationOptions options) {

  /** Of a kernel. */
  static CaseInputs of(Problem problem, KernelProgram program, ValidationOptions options) {
    return new CaseInputs(problem, tables(program), options);
  }

  private static Set<TensorName> tables(KernelProgram program) {
    return program.buffers().stream()
        .filter(buffer -> buffer.role() == KernelBuffer.Role.INPUT)
        .filter(buffer -> buffer.array().element().kind() == Type.Kind.INT)
        .map(KernelBuffer::tensor)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Values of all inputs; none when the case is no case here. */
  Map<TensorName, DenseTensor> values(InputCase inputCase) {
    Map<TensorName, DenseTensor> exact =
        InputData.of(
            problem.cascade(),
            problem.shapes(),
            inputCase.kind(),
            options.seed(),
            ranges(inputCase));
    Map<TensorName, DenseTensor> inputs = StoredInputs.of(exact, tables, options.format());
    return inputCase.hasSpecial()
        ? SpecialInputs.with(problem.cascade(), inputs, tables, inputCase.special())
        : inputs;
  }

  /** Ranges of the tables whose values the cascade leaves open, or may leave to this case. */
  private Map<TensorName, InputData.IntegerRange> ranges(InputCase inputCase) {
    long largest =
        problem.cascade().tensors().stream()
            .flatMap(tensor -> tensor.ranks().stream())
            .mapToLong(problem.shapes()::of)
            .max()
            .orElse(1);
    long high = inputCase.largestEntry(largest);
    Map<TensorName, InputData.IntegerRange> ranges = new HashMap<>();
    Map<TensorName, Distribution> said = problem.cascade().distributions();
    tables.stream()
        .filter(table -> inputCase.isFree(Optional.ofNullable(said.get(table))))
        .forEach(table -> ranges.put(table, new InputData.IntegerRange(0, high)));
    return ranges;
  }
}
