package dev.weir.einsum.analysis;

import dev.weir.einsum.analysis.Dependences.Edge;
import dev.weir.einsum.analysis.Dependences.Kind;
import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * When the Einsums of a cascade can run relative to sweeps over one rank. Time 2n − 1 is <em>during
 * sweep n</em>, step by step with it; 2n is <em>after sweep n</em>; 0 is before the first. An
 * Einsum over the whole rank runs during some sweep. One that does not, runs with the sweep when
 * all that it reads comes step by step, and after it otherwise; so does a combination of partial
 * results, a few to a tile, which is no sweep of its own.
 */
final class SweepTimes {

  private final RankFamily family;
  private final Dependences dependences;
  private final List<Einsum> einsums;
  private final Map<TensorName, Tensor> tensors;
  private final IntPredicate sweeps;
  private final List<List<Edge>> into;
  private final Set<Edge> stepwise;
  private final BitSet writingStepwise;
  private final int[] earliest;

  /** Times relative to sweeps of all Einsums over the whole rank. */
  SweepTimes(RankFamily family, Dependences dependences) {
    this.family = family;
    this.dependences = dependences;
    this.einsums = dependences.cascade().einsums();
    this.tensors = dependences.cascade().tensorsByName();
    this.into =
        IntStream.range(0, einsums.size()).<List<Edge>>mapToObj(_ -> new ArrayList<>()).toList();
    this.stepwise = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Edge edge : dependences.edges()) {
      if (!isOfAnotherGeneration(edge)) {
        into.get(edge.reader()).add(edge);
      }
      if (family.isReadStepwise(edge.access(), tensor(edge.access()), einsums.get(edge.reader()))) {
        stepwise.add(edge);
      }
    }
    this.writingStepwise = new BitSet();
    BitSet whole = new BitSet();
    for (int place = 0; place < einsums.size(); place++) {
      Einsum einsum = einsums.get(place);
      whole.set(place, family.isSweptBy(einsum, tensors));
      boolean goesAlong = whole.get(place) || family.hasSteps(einsum.iterationSpace());
      writingStepwise.set(
          place, !goesAlong || family.isStepwise(einsum.output(), tensor(einsum.output())));
    }
    this.sweeps = whole::get;
    this.earliest = new int[einsums.size()];
    settle();
  }

  private SweepTimes(SweepTimes of, IntPredicate sweeps) {
    this.family = of.family;
    this.dependences = of.dependences;
    this.einsums = of.einsums;
    this.tensors = of.tensors;
    this.into = of.into;
    this.stepwise = of.stepwise;
    this.writingStepwise = of.writingStepwise;
    this.sweeps = sweeps;
    this.earliest = new int[einsums.size()];
    settle();
  }

  /**
   * Times relative to the sweeps of some Einsums only.
   *
   * @param some whether the Einsum at a place sweeps, so that it cannot run between two sweeps
   */
  SweepTimes relativeTo(IntPredicate some) {
    return new SweepTimes(this, some);
  }

  /** Earliest time of an Einsum, by its place. */
  int earliest(int place) {
    return earliest[place];
  }

  boolean isWhole(int place) {
    return sweeps.test(place);
  }

  /** When the values that an Einsum writes at a time are there, step by step if that is odd. */
  int written(int place, int time) {
    return isDuring(time) && !writingStepwise.get(place) ? time + 1 : time;
  }

  /** When a reader may use values that are there at a time. */
  int available(Edge edge, int written) {
    return isDuring(written) && !stepwise.contains(edge) ? written + 1 : written;
  }

  /** When the earliest Einsum that an edge comes from lets its reader run. */
  int available(Edge edge) {
    return available(edge, written(edge.producer(), earliest[edge.producer()]));
  }

  /** Edges that order Einsums within one generation of the iterative ranks of other families. */
  List<Edge> into(int place) {
    return into.get(place);
  }

  /** Iterative ranks of other families of which each generation needs sweeps of its own. */
  Set<RankName> sweptAgainFor() {
    Set<RankName> ranks = new TreeSet<>();
    for (Edge edge : dependences.edges()) {
      if (isOfAnotherGeneration(edge) && available(edge) > earliest[edge.reader()]) {
        tensor(edge.access()).generations().ifPresent(ranks::add);
      }
    }
    return ranks;
  }

  /**
   * Times of a schedule that runs everything as early as possible, except that what is computed
   * from inputs alone waits for its first reader, so that it need not be kept.
   */
  int[] placement() {
    int[] placement = earliest.clone();
    boolean[] movable = new boolean[einsums.size()];
    for (int place = 0; place < placement.length; place++) {
      movable[place] =
          isWhole(place) && into(place).stream().allMatch(edge -> movable[edge.producer()]);
    }
    for (int place = placement.length - 1; place >= 0; place--) {
      List<Edge> readers = dependences.outOf(place);
      if (movable[place] && !readers.isEmpty()) {
        while (permits(readers, written(place, placement[place] + 2), placement)) {
          placement[place] += 2;
        }
      }
    }
    return placement;
  }

  private boolean permits(List<Edge> readers, int written, int[] placement) {
    return readers.stream().allMatch(edge -> available(edge, written) <= placement[edge.reader()]);
  }

  static boolean isDuring(int time) {
    return time % 2 != 0;
  }

  private void settle() {
    // Every round but the last raises some time, and a barrier needs a reduction to complete.
    int limit = 2 * einsums.size() + 2;
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int place = 0; place < earliest.length; place++) {
        int time = into(place).stream().mapToInt(this::available).max().orElse(0);
        if (isWhole(place) && !isDuring(time)) {
          time++;
        }
        if (time > limit) {
          throw new IllegalArgumentException(
              "Einsum "
                  + einsums.get(place).output().tensor()
                  + " needs a value that depends on its own last generation along "
                  + family.root());
        }
        changed |= time > earliest[place];
        earliest[place] = Math.max(time, earliest[place]);
      }
    }
  }

  private boolean isOfAnotherGeneration(Edge edge) {
    return edge.kind() == Kind.PREVIOUS_GENERATION
        && tensor(edge.access()).generations().stream().noneMatch(family.members()::contains);
  }

  private Tensor tensor(Access access) {
    return tensors.get(access.tensor());
  }
}
