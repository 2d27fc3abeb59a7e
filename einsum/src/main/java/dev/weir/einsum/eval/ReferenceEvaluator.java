package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Evaluates a cascade in double precision, as its Einsums read: no schedule. Each Einsum becomes a
 * loop nest over arrays; one that is nothing but a sum of products of two tensors is left to matrix
 * multiplication, which sums in another order. Running time is the number of points of all
 * iteration spaces.
 */
public final class ReferenceEvaluator {

  /** How Einsums are evaluated; each method falls back to those before it. */
  enum Method {
    /** Point by point. */
    POINTS,
    /** A row of points at a time, with the same values. */
    ROWS,
    /** Sums of products as matrix products. */
    PRODUCTS
  }

  private final PointCompiler compiler;
  private final Method method;
  private final long[] point;

  private ReferenceEvaluator(
      Cascade cascade,
      List<Einsum> einsums,
      Shapes shapes,
      Map<TensorName, DenseTensor> tensors,
      Method method) {
    this.method = method;
    this.compiler = new PointCompiler(cascade, einsums, shapes, tensors);
    this.point = compiler.newPoint();
  }

  /**
   * Evaluates all Einsums.
   *
   * @param inputs values of every input tensor; not modified
   * @return every tensor of the cascade by name, inputs included
   */
  public static Map<TensorName, DenseTensor> evaluate(
      Cascade cascade, Shapes shapes, Map<TensorName, DenseTensor> inputs) {
    return evaluate(cascade, cascade.einsums(), shapes, inputs);
  }

  /** Evaluates other Einsums over the tensors of a cascade. */
  static Map<TensorName, DenseTensor> evaluate(
      Cascade cascade, List<Einsum> einsums, Shapes shapes, Map<TensorName, DenseTensor> inputs) {
    return evaluate(cascade, einsums, shapes, inputs, Method.PRODUCTS);
  }

  /** The same by a method of choice. */
  static Map<TensorName, DenseTensor> evaluate(
      Cascade cascade,
      List<Einsum> einsums,
      Shapes shapes,
      Map<TensorName, DenseTensor> inputs,
      Method method) {
    Map<TensorName, DenseTensor> tensors = new HashMap<>(inputs);
    tensors.putAll(allocate(cascade, shapes));
    ReferenceEvaluator evaluator =
        new ReferenceEvaluator(cascade, einsums, shapes, tensors, method);
    evaluator.compile(ExecutionOrder.of(cascade, einsums)).forEach(Runnable::run);
    return Map.copyOf(tensors);
  }

  /** Empty tensors for everything that a cascade computes. */
  static Map<TensorName, DenseTensor> allocate(Cascade cascade, Shapes shapes) {
    Map<TensorName, DenseTensor> tensors = new HashMap<>();
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() != Tensor.Role.INPUT) {
        tensors.put(tensor.name(), new DenseTensor(shape(tensor, shapes), tensor.empty()));
      }
    }
    return tensors;
  }

  /** Coordinates of each rank of a tensor; a generation more where it is iterative. */
  public static long[] shape(Tensor tensor, Shapes shapes) {
    return tensor.ranks().stream()
        .mapToLong(r -> shapes.of(r) + (tensor.generations().equals(Optional.of(r)) ? 1 : 0))
        .toArray();
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
    Optional<EarlyStop> stop = steps.stop().map(s -> new EarlyStop(s, steps, compiler));
    return () -> {
      boolean isOver = false;
      for (long step = 0; step < shape && !isOver; step++) {
        for (Runnable einsum : inside) {
          point[slot] = step;
          einsum.run();
        }
        point[slot] = step;
        isOver = stop.isPresent() && stop.get().after(point);
      }
    };
  }

  private Runnable compile(Einsum einsum, Set<RankName> fixed) {
    if (einsum.populate().isPresent()) {
      Population population = new Population(einsum, fixed, compiler);
      return () -> population.run(point);
    }
    Runnable loops = loops(einsum, fixed);
    if (method != Method.PRODUCTS) {
      return loops;
    }
    return Contraction.of(einsum, fixed, compiler, new ValueCompiler(compiler))
        .<Runnable>map(
            contraction ->
                () -> {
                  if (!contraction.run(point)) {
                    loops.run();
                  }
                })
        .orElse(loops);
  }

  private Runnable loops(Einsum einsum, Set<RankName> fixed) {
    Accumulator accumulator = new Accumulator(einsum, compiler.tensor(einsum.output().tensor()));
    LoopNest.Body body = atPoint(einsum, accumulator);
    LoopNest nest = new LoopNest(einsum, fixed, compiler);
    Runnable pointwise = () -> nest.run(point, body);
    return method == Method.POINTS
        ? pointwise
        : RowLoops.of(einsum, fixed, compiler, accumulator, body)
            .<Runnable>map(rows -> () -> rows.run(point))
            .orElse(pointwise);
  }

  private LoopNest.Body atPoint(Einsum einsum, Accumulator accumulator) {
    ValueCompiler.ValueAt value = new ValueCompiler(compiler).value(einsum.value());
    PointCompiler.PlaceAt place = compiler.place(einsum.output());
    ValueCompiler.Frame frame = new ValueCompiler.Frame(point);
    return _ -> {
      double number = value.at(frame);
      if (!frame.isPresent) {
        return;
      }
      int at = place.at(point);
      if (at < 0) {
        throw new IndexOutOfBoundsException(
            einsum.output().tensor() + " is written outside its shape");
      }
      accumulator.add(at, number);
    };
  }
}
