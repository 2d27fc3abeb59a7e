package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Bounds of output elements from the errors that each computed element adds. A sweep goes through a
 * cascade backwards and leaves in each element the derivative of an output with respect to it, so
 * that errors which cancel, as those of a maximum or a common denominator do, cancel here too. One
 * sweep serves a few output elements of every slot, its results.
 */
final class AdjointSweeps {

  /** Elements and points after which further outputs keep the bound that they have. */
  private static final long MOST_VISITS = 1_000_000_000L;

  /** Results of a sweep: as many as one vector of a processor holds. */
  private static final int MOST_RESULTS = 8;

  /** Derivatives that are kept at a time, 256 MiB. */
  private static final long MOST_DERIVATIVES = 1L << 25;

  /** Covers the double precision of the derivatives. */
  private static final double SAFETY = 1 + 0x1p-20;

  private final PointCompiler compiler;
  private final double confidence;
  private final CarriedRanks carried;
  private final List<ComputedTensor> computed = new ArrayList<>();
  private final Map<TensorName, double[]> adjoints = new HashMap<>();
  private final List<Runnable> backwards;
  private final long[] point;

  /** Derivatives of the results with respect to the element whose terms are gone through. */
  private final double[] results;

  private long visits;

  AdjointSweeps(
      Cascade cascade,
      PointCompiler compiler,
      Map<TensorName, DenseTensor> tensors,
      Map<TensorName, ElementErrors> errors,
      double confidence) {
    this.compiler = compiler;
    this.confidence = confidence;
    this.point = compiler.newPoint();
    List<Tensor> all =
        cascade.tensors().stream().filter(tensor -> errors.containsKey(tensor.name())).toList();
    this.carried = CarriedRanks.of(cascade, all, compiler.shapes());
    this.results = new double[results(all, tensors)];
    for (Tensor tensor : all) {
      DenseTensor values = tensors.get(tensor.name());
      ElementErrors own = errors.get(tensor.name());
      ComputedTensor one = new ComputedTensor(tensor, values, own, carried, results.length);
      adjoints.put(tensor.name(), one.adjoint);
      computed.add(one);
    }
    this.backwards = compile(ExecutionOrder.of(cascade, cascade.einsums()));
  }

  private static int results(List<Tensor> computed, Map<TensorName, DenseTensor> tensors) {
    long elements =
        computed.stream().mapToLong(tensor -> tensors.get(tensor.name()).array().length).sum();
    return Math.clamp(MOST_DERIVATIVES / Math.max(1, elements), 1, MOST_RESULTS);
  }

  /**
   * Bounds of the elements of an output.
   *
   * @param bounds largest errors known so far. Modified: smaller where a sweep says so.
   */
  void tighten(Tensor output, double[] bounds) {
    ComputedTensor seeded =
        computed.stream()
            .filter(tensor -> tensor.name().equals(output.name()))
            .findFirst()
            .orElseThrow();
    int[] place = carried.placeInSlot(output, seeded.values);
    int places = Arrays.stream(place).max().orElse(-1) + 1;
    int count = results.length;
    for (int seed = 0; seed < places && visits < MOST_VISITS; seed += count) {
      adjoints.values().forEach(adjoint -> Arrays.fill(adjoint, 0));
      for (int at = 0; at < place.length; at++) {
        if (place[at] >= seed && place[at] < seed + count) {
          seeded.adjoint[at * count + place[at] - seed] = 1;
        }
      }
      double[] bySlot = sweep();
      for (int at = 0; at < place.length; at++) {
        if (place[at] >= seed && place[at] < seed + count) {
          double bound = bySlot[seeded.slot[at] * count + place[at] - seed];
          if (bound < bounds[at]) {
            bounds[at] = bound;
          }
        }
      }
    }
  }

  private double[] sweep() {
    backwards.forEach(Runnable::run);
    double[] fixed = new double[carried.slots() * results.length];
    double[] squares = new double[carried.slots() * results.length];
    for (ComputedTensor tensor : computed) {
      visits += tensor.slot.length;
      tensor.gather(confidence, fixed, squares);
    }
    for (int i = 0; i < fixed.length; i++) {
      fixed[i] = SAFETY * (fixed[i] + confidence * Math.sqrt(squares[i]));
    }
    return fixed;
  }

  private List<Runnable> compile(List<ExecutionOrder> order) {
    List<Runnable> compiled = new ArrayList<>();
    for (ExecutionOrder part : order.reversed()) {
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
      for (long step = shape - 1; step >= 0; step--) {
        for (Runnable einsum : inside) {
          point[slot] = step;
          einsum.run();
        }
      }
    };
  }

  private Runnable compile(Einsum einsum, Set<RankName> fixed) {
    boolean readsComputed =
        einsum.value().reads().anyMatch(access -> adjoints.containsKey(access.tensor()));
    if (!readsComputed || einsum.reduction() == Monoid.PRODUCT) {
      return () -> {};
    }
    ElementLoops loops = new ElementLoops(einsum, fixed, compiler);
    PointCompiler.PlaceAt place = compiler.place(einsum.output());
    TensorName name = einsum.output().tensor();
    double[] adjoint = adjoints.get(name);
    double[] values = compiler.tensor(name).array();
    Terms terms = new Terms(einsum);
    ElementLoops.Element element =
        at -> {
          visits++;
          int where = place.at(at);
          if (where >= 0 && take(adjoint, where)) {
            terms.begin(values[where]);
            loops.terms(at, terms);
          }
        };
    return () -> loops.elements(point, element);
  }

  /** Takes the derivatives of an element over; whether any is not 0. */
  private boolean take(double[] adjoint, int element) {
    boolean isAny = false;
    for (int i = 0; i < results.length; i++) {
      results[i] = adjoint[element * results.length + i];
      isAny |= results[i] != 0;
    }
    return isAny;
  }

  /** The terms of an element: each of a sum gets its derivative, of a maximum the first largest. */
  private final class Terms implements LoopNest.Body {
    private final AdjointCompiler.PushAt push;
    private final ValueCompiler.ValueAt value;
    private final ValueCompiler.Frame frame = new ValueCompiler.Frame(point);
    private final boolean isChoice;
    private double chosen;
    private boolean isGiven;

    Terms(Einsum einsum) {
      push = new AdjointCompiler(compiler, adjoints, results).push(einsum.value());
      value = new ValueCompiler(compiler).value(einsum.value());
      isChoice = einsum.reduction() != Monoid.SUM;
    }

    void begin(double element) {
      chosen = element;
      isGiven = false;
    }

    @Override
    public void at(long[] at) {
      visits++;
      if (!isChoice) {
        push.at(frame, 1);
      } else if (!isGiven && value.at(frame) == chosen && frame.isPresent) {
        push.at(frame, 1);
        isGiven = true;
      }
    }
  }
}
