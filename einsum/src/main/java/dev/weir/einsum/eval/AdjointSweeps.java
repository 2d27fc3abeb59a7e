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
 * sweep serves one output element of every slot.
 */
final class AdjointSweeps {

  /** Elements and points after which further outputs keep the bound that they have. */
  private static final long MOST_VISITS = 1_000_000_000L;

  /** Covers the double precision of the derivatives. */
  private static final double SAFETY = 1 + 0x1p-20;

  private final PointCompiler compiler;
  private final double confidence;
  private final CarriedRanks carried;
  private final List<ComputedTensor> computed = new ArrayList<>();
  private final Map<TensorName, double[]> adjoints = new HashMap<>();
  private final List<Runnable> backwards;
  private final long[] point;
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
    for (Tensor tensor : all) {
      DenseTensor values = tensors.get(tensor.name());
      ElementErrors own = errors.get(tensor.name());
      ComputedTensor one = new ComputedTensor(tensor, values, own, carried);
      adjoints.put(tensor.name(), one.adjoint);
      computed.add(one);
    }
    this.backwards = compile(ExecutionOrder.of(cascade, cascade.einsums()));
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
    for (int seed = 0; seed < places && visits < MOST_VISITS; seed++) {
      adjoints.values().forEach(adjoint -> Arrays.fill(adjoint, 0));
      for (int at = 0; at < place.length; at++) {
        seeded.adjoint[at] = place[at] == seed ? 1 : 0;
      }
      double[] bySlot = sweep();
      for (int at = 0; at < place.length; at++) {
        double bound = bySlot[seeded.slot[at]];
        if (place[at] == seed && bound < bounds[at]) {
          bounds[at] = bound;
        }
      }
    }
  }

  private double[] sweep() {
    backwards.forEach(Runnable::run);
    double[] fixed = new double[carried.slots()];
    double[] squares = new double[carried.slots()];
    for (ComputedTensor tensor : computed) {
      visits += tensor.adjoint.length;
      tensor.gather(confidence, fixed, squares);
    }
    for (int slot = 0; slot < fixed.length; slot++) {
      fixed[slot] = SAFETY * (fixed[slot] + confidence * Math.sqrt(squares[slot]));
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
          if (where >= 0 && adjoint[where] != 0) {
            terms.begin(adjoint[where], values[where]);
            loops.terms(at, terms);
          }
        };
    return () -> loops.elements(point, element);
  }

  /** The terms of an element: each of a sum gets its derivative, of a maximum the first largest. */
  private final class Terms implements LoopNest.Body {
    private final AdjointCompiler.PushAt push;
    private final ValueCompiler.ValueAt value;
    private final ValueCompiler.Frame frame = new ValueCompiler.Frame(point);
    private final boolean isChoice;
    private double derivative;
    private double chosen;
    private boolean isGiven;

    Terms(Einsum einsum) {
      push = new AdjointCompiler(compiler, adjoints).push(einsum.value());
      value = new ValueCompiler(compiler).value(einsum.value());
      isChoice = einsum.reduction() != Monoid.SUM;
    }

    void begin(double ofElement, double element) {
      derivative = ofElement;
      chosen = element;
      isGiven = false;
    }

    @Override
    public void at(long[] at) {
      visits++;
      if (!isChoice) {
        push.at(frame, derivative);
      } else if (!isGiven && value.at(frame) == chosen && frame.isPresent) {
        push.at(frame, derivative);
        isGiven = true;
      }
    }
  }
}
