package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
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
import java.util.Set;

/**
 * Evaluates a cascade in double precision together with a bound of the absolute error that any
 * evaluation in a narrower format can have: in whatever order it sums, with or without fused
 * multiply-add, and whether or not it keeps numbers below the normal range. Inputs are taken as
 * exact. The bound is infinite where nothing can be promised, such as behind an overflow, a
 * division by what may be 0, or an order of values that rounding may make absent.
 */
public final class RoundingErrorEvaluator {

  /**
   * A floating-point format.
   *
   * @param unitRoundoff largest relative error of rounding to nearest, 2^-24 for single precision
   * @param smallestNormal smallest magnitude that is surely kept, 2^-126 for single precision
   * @param largest largest finite value
   * @param keepsSubnormals whether numbers below the normal range are rounded rather than lost
   */
  public record Format(
      double unitRoundoff, double smallestNormal, double largest, boolean keepsSubnormals) {
    /** IEEE 754 binary32, with subnormal numbers flushed to 0 or not. */
    public static final Format SINGLE = new Format(0x1p-24, 0x1p-126, Float.MAX_VALUE);

    /** IEEE 754 binary16; conversions to and from it keep subnormal numbers. */
    public static final Format HALF = new Format(0x1p-11, 0x1p-14, 65504, true);

    /** IEEE 754 binary64. */
    public static final Format DOUBLE =
        new Format(0x1p-53, Double.MIN_NORMAL, Double.MAX_VALUE, true);

    private static final int SIGNIFICANT_BITS = 53;
    private static final long LEADING_BIT = 1L << (SIGNIFICANT_BITS - 1);

    /** A format that may lose numbers below the normal range. */
    public Format(double unitRoundoff, double smallestNormal, double largest) {
      this(unitRoundoff, smallestNormal, largest, false);
    }

    /** Largest absolute error of a result below the normal range. */
    double underflow() {
      return keepsSubnormals ? smallestNormal * unitRoundoff : smallestNormal;
    }

    /** Whether a value is in the format. */
    boolean holds(double value) {
      double size = Math.abs(value);
      if (size < smallestNormal || !isPowerOfTwo(unitRoundoff)) {
        return holdsAnywhere(value);
      }
      return size <= largest && hasOnly(-Math.getExponent(unitRoundoff), value);
    }

    /** Whether a normal number has no more significant bits than so many. */
    private static boolean hasOnly(int significant, double value) {
      return Long.numberOfTrailingZeros(Double.doubleToRawLongBits(value) | LEADING_BIT)
          >= SIGNIFICANT_BITS - significant;
    }

    private static boolean isPowerOfTwo(double value) {
      return Math.getExponent(value) >= Double.MIN_EXPONENT
          && (Double.doubleToRawLongBits(value) & (LEADING_BIT - 1)) == 0;
    }

    private boolean holdsAnywhere(double value) {
      double kept = keepsSubnormals ? 2 * smallestNormal * unitRoundoff : smallestNormal;
      double step =
          Math.max(
              Math.scalb(2 * unitRoundoff, Math.getExponent(value)),
              2 * smallestNormal * unitRoundoff);
      double magnitude = Math.abs(value);
      return value == 0
          || (magnitude >= kept && magnitude <= largest && Math.rint(value / step) * step == value);
    }
  }

  /**
   * Largest errors of functions, in units in the last place of the result.
   *
   * @param exponentialUlps of exp
   * @param divideUlps of a quotient
   * @param logarithmUlps of log
   * @param squareRootUlps of sqrt
   * @param tangentUlps of tanh
   * @param powerUlps of pow
   * @param exponentialFloor what exp may return in place of anything smaller, as one that clamps
   *     its argument does: e^-87 when it clamps at -87; 0 when it does not
   */
  public record FunctionErrors(
      double exponentialUlps,
      double divideUlps,
      double logarithmUlps,
      double squareRootUlps,
      double tangentUlps,
      double powerUlps,
      double exponentialFloor) {
    /** What the full profile of OpenCL C allows in single precision (section 7.4, table 65). */
    public static final FunctionErrors OPENCL_FULL_PROFILE =
        new FunctionErrors(3, 2.5, 3, 3, 5, 16);

    /** What OpenCL C allows in double precision (section 7.4, table 68). */
    public static final FunctionErrors OPENCL_DOUBLE = new FunctionErrors(3, 0.5, 3, 0.5, 5, 16);

    /** Functions of which none clamps. */
    public FunctionErrors(
        double exponentialUlps,
        double divideUlps,
        double logarithmUlps,
        double squareRootUlps,
        double tangentUlps,
        double powerUlps) {
      this(exponentialUlps, divideUlps, logarithmUlps, squareRootUlps, tangentUlps, powerUlps, 0);
    }

    /**
     * These with an exponential of one's own.
     *
     * @param ulps its largest error, in units in the last place
     * @param floor what it may return in place of anything smaller
     */
    public FunctionErrors withExponential(double ulps, double floor) {
      return new FunctionErrors(
          ulps, divideUlps, logarithmUlps, squareRootUlps, tangentUlps, powerUlps, floor);
    }
  }

  /**
   * A tensor with its error.
   *
   * @param value in double precision
   * @param bound largest absolute error, element by element
   */
  public record Bounded(DenseTensor value, DenseTensor bound) {}

  private final PointCompiler compiler;
  private final BoundCompiler bounds;
  private final Map<TensorName, DenseTensor> errors;
  private final Rounding rounding;
  private final long[] point;

  private RoundingErrorEvaluator(
      Cascade cascade,
      Shapes shapes,
      Map<TensorName, DenseTensor> tensors,
      Map<TensorName, DenseTensor> errors,
      Rounding rounding) {
    this.compiler = new PointCompiler(cascade, cascade.einsums(), shapes, tensors);
    this.errors = errors;
    this.rounding = rounding;
    this.bounds = new BoundCompiler(compiler, errors, rounding);
    this.point = compiler.newPoint();
  }

  /**
   * Evaluates all Einsums with their bounds.
   *
   * @param inputs values of every input tensor, exact in the format; not modified
   * @return every tensor of the cascade by name, inputs included
   */
  public static Map<TensorName, Bounded> evaluate(
      Cascade cascade,
      Shapes shapes,
      Map<TensorName, DenseTensor> inputs,
      Format format,
      FunctionErrors functions) {
    refuseDecisions(cascade);
    Map<TensorName, DenseTensor> tensors = new HashMap<>(inputs);
    tensors.putAll(ReferenceEvaluator.allocate(cascade, shapes));
    Map<TensorName, DenseTensor> errors = new HashMap<>();
    tensors.forEach((name, tensor) -> errors.put(name, new DenseTensor(tensor.shape(), 0)));
    Rounding rounding = new Rounding(format, functions);
    RoundingErrorEvaluator evaluator =
        new RoundingErrorEvaluator(cascade, shapes, tensors, errors, rounding);
    evaluator.compile(ExecutionOrder.of(cascade, cascade.einsums())).forEach(Runnable::run);
    Map<TensorName, Bounded> bounded = new HashMap<>();
    tensors.forEach((name, tensor) -> bounded.put(name, new Bounded(tensor, errors.get(name))));
    return Map.copyOf(bounded);
  }

  /** Whatever computed values decide, rounding may decide otherwise. */
  static void refuseDecisions(Cascade cascade) {
    cascade.stops().stream()
        .findFirst()
        .ifPresent(
            stop -> {
              throw new IllegalArgumentException(
                  "the iteration along %s stops when values say so: rounding may change when"
                      .formatted(stop.rank().variable()));
            });
    Map<TensorName, Tensor> tensors = cascade.tensorsByName();
    for (Einsum einsum : cascade.einsums()) {
      if (einsum.populate().isPresent()) {
        throw new IllegalArgumentException(
            "Einsum " + einsum.output().tensor() + " orders values: rounding may change the order");
      }
      for (Access table : einsum.tables()) {
        if (tensors.get(table.tensor()).role() != Tensor.Role.INPUT) {
          throw new IllegalArgumentException(
              "Einsum "
                  + einsum.output().tensor()
                  + " reads coordinates from "
                  + table.tensor()
                  + ", which is computed: rounding may change what is read");
        }
      }
    }
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
    LoopNest nest = new LoopNest(einsum, fixed, compiler);
    BoundCompiler.BoundAt value = bounds.value(einsum.value());
    PointCompiler.PlaceAt place = compiler.place(einsum.output());
    TensorName name = einsum.output().tensor();
    BoundedReduction reduction =
        new BoundedReduction(einsum.reduction(), compiler.tensor(name), errors.get(name), rounding);
    BoundCompiler.Frame frame = new BoundCompiler.Frame(point);
    LoopNest.Body body =
        _ -> {
          double number = value.at(frame);
          if (frame.isPresent) {
            reduction.add(place.at(point), number, frame.error);
          } else if (frame.error > 0) {
            reduction.addPossible(place.at(point), frame.error);
          }
        };
    return () -> nest.run(point, body);
  }
}
