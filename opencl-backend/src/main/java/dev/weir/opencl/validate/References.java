package dev.weir.opencl.validate;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.Precision;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.kernel.KernelProgram;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What kernels are compared with, evaluated by other threads while a device compiles and runs.
 * Kernels of one cascade at the same shapes, on whatever devices and under whatever schedules,
 * share what is expected of a sample of their outputs.
 */
public final class References {

  private final Map<Key, CompletableFuture<Optional<Reference>>> samples =
      new ConcurrentHashMap<>();

  /** All that expected values and bounds depend on. */
  private record Key(
      Cascade cascade,
      Map<RankName, Long> shapes,
      Set<TensorName> tables,
      ValidationOptions options,
      InputCase inputCase,
      Precision precision) {}

  /** Without any so far. */
  public References() {}

  /**
   * Begins to evaluate, unless that was done before.
   *
   * @param program the kernel, whose buffers say in which formats it computes and stores
   * @param sampled coordinates of each parallel rank
   * @return nothing when the case is no case here
   */
  CompletableFuture<Optional<Reference>> begin(
      Problem problem,
      KernelProgram program,
      ValidationOptions options,
      InputCase inputCase,
      int sampled) {
    CaseInputs inputs = CaseInputs.of(problem, program, options);
    Precision precision = Reference.precision(program);
    if (sampled != options.sampled()) {
      return evaluating(problem, inputs, inputCase, precision, sampled);
    }
    Key key =
        new Key(problem.cascade(), shapes(problem), inputs.tables(), options, inputCase, precision);
    return samples.computeIfAbsent(
        key, _ -> evaluating(problem, inputs, inputCase, precision, sampled));
  }

  private static CompletableFuture<Optional<Reference>> evaluating(
      Problem problem, CaseInputs inputs, InputCase inputCase, Precision precision, int sampled) {
    return CompletableFuture.supplyAsync(
        () -> {
          Map<TensorName, DenseTensor> values = inputs.values(inputCase);
          return values.isEmpty()
              ? Optional.empty()
              : Optional.of(Reference.of(problem, precision, values, sampled));
        });
  }

  private static Map<RankName, Long> shapes(Problem problem) {
    Map<RankName, Long> shapes = new TreeMap<>();
    problem.cascade().ranks().forEach(rank -> shapes.put(rank, problem.shapes().of(rank)));
    for (Partition split : problem.cascade().partitions()) {
      shapes.put(split.inner(), problem.shapes().of(split.inner()));
    }
    return shapes;
  }
}
