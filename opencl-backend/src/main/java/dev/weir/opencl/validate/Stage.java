package dev.weir.opencl.validate;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A kernel at one shape, and what is expected of it.
 *
 * @param expected outputs by case, where they do not depend on what the kernel decides
 */
record Stage(
    Problem problem,
    KernelProgram program,
    List<InputCase> cases,
    int repetitions,
    Map<InputCase, CompletableFuture<Optional<Reference>>> expected) {

  /** Sampled coordinates of small shapes: all. */
  static final int ALL = Integer.MAX_VALUE;

  /** Tensors that can be seen in global memory after a run, as far as they decide. */
  static Set<TensorName> seen(Cascade cascade, Set<TensorName> deciding, KernelProgram program) {
    Set<TensorName> buffers =
        program.buffers().stream().map(KernelBuffer::tensor).collect(Collectors.toSet());
    return Decisions.seen(cascade, deciding, buffers);
  }

  /** What another thread finds out about elements that a kernel left. */
  CompletableFuture<List<Comparison>> judged(
      Map<TensorName, DenseTensor> inputs, Map<TensorName, double[]> got, InputCase inputCase) {
    Cascade cascade = problem.cascade();
    Set<TensorName> deciding = Decisions.of(cascade);
    if (!deciding.isEmpty()) {
      Set<TensorName> seen = seen(cascade, deciding, program);
      return CompletableFuture.supplyAsync(
          () -> comparedGiven(deciding, seen, inputs, got, inputCase));
    }
    return expected
        .get(inputCase)
        .thenApply(reference -> compared(cascade, reference.orElseThrow(), got, inputCase));
  }

  private List<Comparison> compared(
      Cascade cascade, Reference reference, Map<TensorName, double[]> got, InputCase inputCase) {
    String shape = TailShapes.text(problem);
    return cascade.tensors().stream()
        .filter(tensor -> tensor.role() == Tensor.Role.OUTPUT)
        .map(tensor -> reference.compare(tensor, got.get(tensor.name()), inputCase, shape))
        .toList();
  }

  /** Compares what follows from what the kernel decided, and what decided. */
  private List<Comparison> comparedGiven(
      Set<TensorName> deciding,
      Set<TensorName> seen,
      Map<TensorName, DenseTensor> inputs,
      Map<TensorName, double[]> got,
      InputCase inputCase) {
    Cascade cascade = problem.cascade();
    Map<TensorName, DenseTensor> given = new HashMap<>(inputs);
    seen.forEach(
        name -> given.put(name, tensor(cascade.tensorsByName().get(name), problem, got.get(name))));
    given.putAll(following(problem, deciding, seen, given));
    List<Comparison> all = new ArrayList<>();
    for (Cascade part : Decisions.parts(cascade, deciding, seen)) {
      Problem alone =
          new Problem(part, problem.schedule(), problem.architecture(), problem.shapes());
      Map<TensorName, DenseTensor> own = inputs(part, given);
      Reference reference =
          Decisions.isOrder(part)
              ? Reference.ofOrder(alone, own)
              : Reference.of(alone, Reference.precision(program), own, ALL);
      all.addAll(compared(part, reference, got, inputCase));
    }
    return all;
  }

  /** Decisions that nobody sees, worked out from those that are seen. */
  private static Map<TensorName, DenseTensor> following(
      Problem problem,
      Set<TensorName> deciding,
      Set<TensorName> seen,
      Map<TensorName, DenseTensor> given) {
    Set<TensorName> unseen = new HashSet<>(deciding);
    unseen.removeAll(seen);
    if (unseen.isEmpty()) {
      return Map.of();
    }
    Cascade part = Decisions.part(problem.cascade(), seen, unseen);
    Map<TensorName, DenseTensor> values =
        ReferenceEvaluator.evaluate(part, problem.shapes(), inputs(part, given));
    return unseen.stream().collect(Collectors.toMap(Function.identity(), values::get));
  }

  private static Map<TensorName, DenseTensor> inputs(
      Cascade part, Map<TensorName, DenseTensor> given) {
    Map<TensorName, DenseTensor> inputs = new HashMap<>();
    part.tensors().stream()
        .filter(tensor -> tensor.role() == Tensor.Role.INPUT)
        .forEach(tensor -> inputs.put(tensor.name(), given.get(tensor.name())));
    return inputs;
  }

  private static DenseTensor tensor(Tensor tensor, Problem problem, double[] values) {
    long[] shape = tensor.ranks().stream().mapToLong(problem.shapes()::of).toArray();
    DenseTensor dense = new DenseTensor(shape, tensor.empty());
    Coordinates.forEach(shape, at -> dense.set(values[Coordinates.offset(shape, at)], at));
    return dense;
  }
}
