package dev.weir.opencl.validate;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.Precision;
import dev.weir.einsum.eval.ProbableErrorEvaluator;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.eval.RoundingErrorEvaluator.Bounded;
import dev.weir.einsum.eval.RoundingErrorEvaluator.Format;
import dev.weir.einsum.eval.RoundingErrorEvaluator.FunctionErrors;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.Type;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** What the outputs must be, and how far a kernel's format may be off, at sampled points. */
final class Reference {

  private final Problem problem;
  private final Sample sample;
  private final Map<TensorName, Bounded> tensors;

  private Reference(Problem problem, Sample sample, Map<TensorName, Bounded> tensors) {
    this.problem = problem;
    this.sample = sample;
    this.tensors = tensors;
  }

  /**
   * The reference at a sample.
   *
   * @param precision of the kernel
   * @param inputs exact in the formats of their buffers
   */
  static Reference of(
      Problem problem, Precision precision, Map<TensorName, DenseTensor> inputs, int sampled) {
    Sample sample = Sample.of(problem.cascade(), problem.shapes(), sampled);
    Map<TensorName, Bounded> all =
        ProbableErrorEvaluator.evaluate(
            problem.cascade(),
            sample.shapes(),
            sample.select(problem.cascade(), inputs),
            precision);
    Map<TensorName, Bounded> outputs = new HashMap<>();
    problem.cascade().tensors().stream()
        .filter(tensor -> tensor.role() == Tensor.Role.OUTPUT)
        .forEach(tensor -> outputs.put(tensor.name(), all.get(tensor.name())));
    return new Reference(problem, sample, outputs);
  }

  /** The formats in which a kernel computes and stores, by its buffers. */
  static Precision precision(KernelProgram program) {
    if (program.needsDoubles()) {
      return new Precision(Format.DOUBLE, FunctionErrors.OPENCL_DOUBLE, Map.of());
    }
    Map<TensorName, Format> stored = new HashMap<>();
    for (KernelBuffer buffer : program.buffers()) {
      if (buffer.role() != KernelBuffer.Role.INPUT
          && buffer.array().element().kind() == Type.Kind.HALF) {
        stored.put(buffer.tensor(), Format.HALF);
      }
    }
    return new Precision(Precision.SINGLE.arithmetic(), Precision.SINGLE.functions(), stored);
  }

  /** What an order of given values must be: it is exact. */
  static Reference ofOrder(Problem problem, Map<TensorName, DenseTensor> inputs) {
    Map<TensorName, Bounded> exact = new HashMap<>();
    ReferenceEvaluator.evaluate(problem.cascade(), problem.shapes(), inputs)
        .forEach(
            (name, tensor) ->
                exact.put(name, new Bounded(tensor, new DenseTensor(tensor.shape(), 0))));
    Sample all = Sample.of(problem.cascade(), problem.shapes(), Integer.MAX_VALUE);
    return new Reference(problem, all, exact);
  }

  /** Differences found so far. */
  private static final class Tally {
    private double maxError;
    private double maxMagnitude;
    private double maxOfBound;
    private long compared;
    private long unbounded;
    private Optional<Comparison.Verdict> failure = Optional.empty();
  }

  Comparison compare(Tensor tensor, double[] got, InputCase inputs, String shape) {
    Bounded expected = tensors.get(tensor.name());
    long[] whole = tensor.ranks().stream().mapToLong(problem.shapes()::of).toArray();
    Tally tally = new Tally();
    Coordinates.forEach(
        expected.value().shape(),
        at -> {
          long[] original = sample.original(tensor, at);
          add(
              tally,
              original,
              got[Coordinates.offset(whole, original)],
              expected.value().get(at),
              inputs.hasSpecial() && !Double.isFinite(expected.value().get(at))
                  ? 0
                  : expected.bound().get(at));
        });
    Comparison.Verdict verdict =
        tally.failure.orElseGet(
            () ->
                tally.compared == 0
                    ? new Comparison.Verdict.Unchecked()
                    : new Comparison.Verdict.Pass());
    return new Comparison(
        inputs,
        shape,
        tensor.name(),
        tally.maxError,
        tally.maxMagnitude,
        tally.maxOfBound,
        tally.compared,
        tally.unbounded,
        LongStream.of(whole).reduce(1, Math::multiplyExact),
        verdict);
  }

  private static void add(Tally tally, long[] at, double got, double expected, double bound) {
    if (!Double.isFinite(bound)) {
      tally.unbounded++;
      return;
    }
    tally.compared++;
    if (!Double.isFinite(expected)) {
      if (!isAllowed(got, expected) && tally.failure.isEmpty()) {
        tally.failure = failure(at, got, expected, bound);
      }
      return;
    }
    double error = error(got, expected);
    boolean isWithin = error <= bound;
    tally.maxError = Math.max(tally.maxError, error);
    tally.maxMagnitude = Math.max(tally.maxMagnitude, Math.abs(expected));
    tally.maxOfBound = Math.max(tally.maxOfBound, error == 0 ? 0 : error / bound);
    if (!isWithin && tally.failure.isEmpty()) {
      tally.failure = failure(at, got, expected, bound);
    }
  }

  /** A result that is no number is as wrong as can be. */
  private static double error(double got, double expected) {
    if (Double.isNaN(got)) {
      return Double.POSITIVE_INFINITY;
    }
    return got == expected ? 0 : Math.abs(got - expected);
  }

  /**
   * What is no number stays none. An infinity stays or becomes no number, as the factor that it
   * meets may have been rounded to 0; it never becomes finite.
   */
  private static boolean isAllowed(double got, double expected) {
    return Double.isNaN(got) || got == expected;
  }

  private static Optional<Comparison.Verdict> failure(
      long[] at, double got, double expected, double bound) {
    List<Long> coordinate = Arrays.stream(at).boxed().toList();
    return Optional.of(new Comparison.Verdict.Fail(coordinate, got, expected, bound));
  }
}
