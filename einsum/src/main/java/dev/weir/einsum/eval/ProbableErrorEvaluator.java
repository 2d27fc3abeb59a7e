package dev.weir.einsum.eval;

import dev.weir.einsum.eval.RoundingErrorEvaluator.Bounded;
import dev.weir.einsum.eval.RoundingErrorEvaluator.Format;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Evaluates a cascade in double precision together with a bound that the error of a computation in
 * given formats exceeds with a probability of at most {@link #FAILURE_PROBABILITY}, for all
 * elements together. It is far below what {@link RoundingErrorEvaluator} allows, which holds
 * always.
 *
 * <p>The model (Higham and Mary, A new approach to probabilistic rounding error analysis, SIAM J.
 * Sci. Comput. 41, 2019): the relative errors of sums, differences, products and of storing are at
 * most the unit roundoff, have mean zero and are independent, except that equal values are rounded
 * alike. A sum of them with coefficients c then exceeds λ·u·‖c‖₂ with a probability of at most
 * 2·exp(-λ²/2) (Hoeffding). Nothing of that kind is assumed of functions and quotients, of lost
 * subnormal numbers and of what linearisation leaves out: their largest values add up.
 *
 * <p>The coefficients are exact: first the cascade is evaluated forwards, with the errors that each
 * element's own operations add and a rough bound of the whole; then sweeps backwards give the
 * derivatives of each output element with respect to all of them. So errors that are common to a
 * numerator and its denominator cancel, as do those of a maximum that is subtracted everywhere.
 *
 * <p>Orders of summation: any that has nothing to do with the values, with or without fused
 * multiply-add, and a sum may be added to another term by term; see {@link TermStatistics}.
 */
public final class ProbableErrorEvaluator {

  /** Chance that the error of any element exceeds its bound though all roundings are right. */
  public static final double FAILURE_PROBABILITY = 1e-9;

  private final PointCompiler compiler;
  private final Map<TensorName, ElementErrors> errors = new HashMap<>();
  private final Precision precision;
  private final Rounding rounding;
  private final double confidence;
  private final LocalErrorCompiler values;
  private final long[] point;

  private ProbableErrorEvaluator(
      Cascade cascade,
      Shapes shapes,
      Map<TensorName, DenseTensor> tensors,
      Set<TensorName> computed,
      Precision precision) {
    this.compiler = new PointCompiler(cascade, cascade.einsums(), shapes, tensors);
    this.precision = precision;
    this.rounding =
        new Rounding(precision.arithmetic(), precision.functions(), Format.DOUBLE.unitRoundoff());
    long elements = 0;
    for (TensorName name : computed) {
      int size = tensors.get(name).array().length;
      errors.put(name, new ElementErrors(size));
      elements += size;
    }
    // Two events an element: its own sum forwards, and all roundings in its sweep.
    this.confidence = Math.sqrt(2 * Math.log(2 * 2.0 * elements / FAILURE_PROBABILITY));
    this.values = new LocalErrorCompiler(compiler, errors, rounding, confidence);
    this.point = compiler.newPoint();
  }

  /**
   * Evaluates all Einsums with bounds.
   *
   * @param inputs values of every input tensor, exact in their formats; not modified
   * @return every tensor of the cascade by name, inputs included; bounds of outputs are tight,
   *     those of other tensors are not
   * @throws IllegalArgumentException if computed values decide what is computed
   */
  public static Map<TensorName, Bounded> evaluate(
      Cascade cascade, Shapes shapes, Map<TensorName, DenseTensor> inputs, Precision precision) {
    RoundingErrorEvaluator.refuseDecisions(cascade);
    Map<TensorName, DenseTensor> computed = ReferenceEvaluator.allocate(cascade, shapes);
    Map<TensorName, DenseTensor> tensors = new HashMap<>(inputs);
    tensors.putAll(computed);
    ProbableErrorEvaluator evaluator =
        new ProbableErrorEvaluator(cascade, shapes, tensors, computed.keySet(), precision);
    evaluator.compile(ExecutionOrder.of(cascade, cascade.einsums())).forEach(Runnable::run);
    Map<TensorName, Bounded> bounded = new HashMap<>();
    inputs.forEach(
        (name, tensor) ->
            bounded.put(name, new Bounded(tensor, new DenseTensor(tensor.shape(), 0))));
    computed.forEach((name, tensor) -> bounded.put(name, evaluator.forwards(name, tensor)));
    AdjointSweeps sweeps =
        new AdjointSweeps(
            cascade, evaluator.compiler, tensors, evaluator.errors, evaluator.confidence);
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.OUTPUT) {
        sweeps.tighten(tensor, bounded.get(tensor.name()).bound().array());
      }
    }
    return Map.copyOf(bounded);
  }

  private Bounded forwards(TensorName name, DenseTensor tensor) {
    DenseTensor bound = new DenseTensor(tensor.shape(), 0);
    double[] total = errors.get(name).total;
    System.arraycopy(total, 0, bound.array(), 0, total.length);
    return new Bounded(tensor, bound);
  }

  private List<Runnable> compile(List<ExecutionOrder> order) {
    List<Runnable> compiled = new ArrayList<>();
    for (ExecutionOrder part : order) {
      compiled.add(
          switch (part) {
            case ExecutionOrder.Single single -> compile(single.einsum(), single.fixed());
            case ExecutionOrder.Steps steps -> compile(steps);
          });
    }
    return compiled;
  }

  private Runnable compile(ExecutionOrder.Steps steps) {
    List<Runnable> inside = compile(steps.inside());
    int slot = compiler.slot(steps.rank());
    long shape = compiler.shapes().of(steps.rank());
    return () -> {
      for (long step = 0; step < shape; step++) {
        for (Runnable einsum : inside) {
          point[slot] = step;
          einsum.run();
        }
      }
    };
  }

  private Runnable compile(Einsum einsum, Set<RankName> fixed) {
    ElementLoops loops = new ElementLoops(einsum, fixed, compiler);
    LocalErrorCompiler.ValueAt value = values.value(einsum.value());
    PointCompiler.PlaceAt place = compiler.place(einsum.output());
    TensorName name = einsum.output().tensor();
    DenseTensor tensor = compiler.tensor(name);
    ElementErrors own = errors.get(name);
    LocalErrorCompiler.Frame frame = new LocalErrorCompiler.Frame(point);
    Map<Integer, TermStatistics> unfinished = new HashMap<>();
    boolean isAtOnce = isAtOnce(einsum, fixed);
    TermStatistics shared = new TermStatistics(einsum.reduction(), rounding, confidence);
    ElementLoops.Element element =
        at -> {
          int where = place.at(at);
          if (where < 0) {
            return;
          }
          if (isAtOnce) {
            shared.clear();
          }
          TermStatistics terms =
              isAtOnce
                  ? shared
                  : unfinished.computeIfAbsent(
                      where, _ -> new TermStatistics(einsum.reduction(), rounding, confidence));
          loops.terms(
              at,
              _ -> {
                double number = value.at(frame);
                if (frame.isPresent) {
                  terms.add(number, frame);
                } else if (frame.total > 0) {
                  terms.addPossible(frame.total, tensor.empty());
                }
              });
          terms.finish(where, tensor.array(), own);
          precision
              .storage(name)
              .ifPresent(format -> store(format, tensor.array()[where], where, own));
        };
    return () -> loops.elements(point, element);
  }

  /** Whether an element is complete when its coordinates are left. */
  private static boolean isAtOnce(Einsum einsum, Set<RankName> fixed) {
    return einsum.output().ranks().toList().containsAll(fixed)
        && einsum.output().indices().stream()
            .allMatch(
                index ->
                    switch (index) {
                      case Index.Coordinate _,
                          Index.Joined _,
                          Index.Next _,
                          Index.Last _,
                          Index.Fixed _ ->
                          true;
                      case Index.Affine _, Index.HeadMap _, Index.Computed _, Index.Gathered _ ->
                          false;
                    });
  }

  /** Rounds an element to the format that it is stored in. */
  private static void store(Format format, double value, int at, ElementErrors errors) {
    if (errors.total[at] == 0 && (format.holds(value) || Double.isInfinite(value))) {
      return;
    }
    double magnitude = Math.abs(value) + errors.total[at];
    double rounding = format.unitRoundoff() * magnitude;
    errors.total[at] += rounding + format.underflow();
    errors.fixed[at] += format.underflow();
    errors.spread[at] = Math.hypot(errors.spread[at], rounding);
    errors.worst[at] += rounding;
    if (magnitude + errors.total[at] > format.largest()) {
      errors.total[at] = Double.POSITIVE_INFINITY;
      errors.fixed[at] = Double.POSITIVE_INFINITY;
    }
  }
}
