package dev.weir.einsum.analysis;

import dev.weir.einsum.analysis.CoordinateFormula.Relation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts the points of a formula by runs. Of the variables, coordinates of the outer ones are tried
 * where that matters; along each variable the comparisons that are decided there change at few
 * places, which are computed where a sum is affine and found by bisection where it never turns.
 * What turns, such as a remainder, is affine along every coordinate that lies a period further.
 */
final class RunCounter {

  /** Runs that a count may still look at. */
  static final class Steps {
    private long left;

    Steps(long left) {
      this.left = left;
    }

    /** Takes one; false if there was none. */
    boolean take() {
      left--;
      return left >= 0;
    }

    /** Whether none was taken that was not there. */
    boolean areLeft() {
      return left >= 0;
    }
  }

  private static final byte UNKNOWN = 0;
  private static final byte HOLDS = 1;
  private static final byte FAILS = 2;

  /** A comparison, ready to be evaluated. */
  private static final class Atom {
    private final CompiledSum sum;
    private final Relation relation;

    /** The level of its innermost variable: there it is decided. */
    private final int level;

    private final boolean[] reads;

    /** Along the variable of its level. */
    private final boolean isOneWay;

    private final long period;
    private byte truth = UNKNOWN;

    Atom(CoordinateFormula.Comparison comparison, List<CoordinateVariable> order) {
      Set<CoordinateVariable> variables = comparison.sum().variables();
      this.sum = CompiledSum.of(comparison.sum(), order);
      this.relation = comparison.relation();
      this.reads = new boolean[order.size()];
      int last = 0;
      for (int at = 0; at < order.size(); at++) {
        reads[at] = variables.contains(order.get(at));
        last = reads[at] ? at : last;
      }
      this.level = last;
      this.isOneWay = SumAlong.isOneWay(comparison.sum(), order.get(last));
      this.period = SumAlong.period(comparison.sum(), order.get(last));
    }
  }

  /** The formula, ready to be evaluated. */
  private sealed interface Node {
    record Leaf(Atom atom) implements Node {}

    record Inner(boolean isAll, List<Node> parts) implements Node {}
  }

  private final List<CoordinateVariable> order;
  private final List<Atom> atoms = new ArrayList<>();
  private final Node root;
  private final long[] point;
  private final Steps steps;

  private RunCounter(CoordinateFormula formula, Steps steps) {
    this.order = order(formula);
    this.root = compiled(formula, new HashMap<>());
    this.point = new long[order.size()];
    this.steps = steps;
  }

  /** Points over the variables that a formula reads; too few where no steps are left. */
  static long count(CoordinateFormula formula, Steps steps) {
    return new RunCounter(formula, steps).count(0);
  }

  /** Innermost the one that saves most by not being tried coordinate by coordinate. */
  private static List<CoordinateVariable> order(CoordinateFormula formula) {
    Map<CoordinateVariable, Long> periods = SumAlong.periods(formula);
    return formula.variables().stream()
        .sorted(
            Comparator.comparingLong(
                    (CoordinateVariable variable) ->
                        variable.shape() / periods.getOrDefault(variable, 1L))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private Node compiled(CoordinateFormula formula, Map<CoordinateFormula, Atom> known) {
    return switch (formula) {
      case CoordinateFormula.Constant c ->
          throw new IllegalArgumentException("part of a formula: " + c);
      case CoordinateFormula.Comparison c ->
          new Node.Leaf(
              known.computeIfAbsent(
                  c,
                  _ -> {
                    Atom atom = new Atom(c, order);
                    atoms.add(atom);
                    return atom;
                  }));
      case CoordinateFormula.All all ->
          new Node.Inner(true, all.parts().stream().map(part -> compiled(part, known)).toList());
      case CoordinateFormula.Any any ->
          new Node.Inner(false, any.parts().stream().map(part -> compiled(part, known)).toList());
    };
  }

  /** Points over the variables from a level on, those outside standing still. */
  private long count(int level) {
    byte decided = decide(root);
    if (decided != UNKNOWN) {
      return decided == HOLDS ? volume(level) : 0;
    }
    List<Atom> here = new ArrayList<>();
    if (!matters(root, level, here) && here.isEmpty()) {
      return Math.multiplyExact(order.get(level).shape(), count(level + 1));
    }
    long shape = order.get(level).shape();
    long period = 1;
    for (Atom atom : here) {
      if (!atom.isOneWay) {
        period = SumAlong.commonPeriod(period, atom.period, shape);
      }
    }
    long points = 0;
    for (long first = 0; first < period && steps.areLeft(); first++) {
      points = Math.addExact(points, countClass(level, here, first, period));
    }
    here.forEach(atom -> atom.truth = UNKNOWN);
    return points;
  }

  private long volume(int level) {
    long volume = 1;
    for (CoordinateVariable variable : order.subList(level, order.size())) {
      volume = Math.multiplyExact(volume, variable.shape());
    }
    return volume;
  }

  /** Points at the coordinates first, first + period and so on. */
  private long countClass(int level, List<Atom> here, long first, long period) {
    long length = Math.ceilDiv(order.get(level).shape() - first, period);
    Run run = new Run(level, first, period, length);
    long[] changes = changes(here, run);
    long points = 0;
    long from = 0;
    for (long to : changes) {
      if (to == from) {
        continue;
      }
      if (!steps.take()) {
        return points;
      }
      point[level] = first + from * period;
      for (Atom atom : here) {
        atom.truth = atom.relation.holds(atom.sum.at(point)) ? HOLDS : FAILS;
      }
      points = Math.addExact(points, countRun(run, from, to));
      from = to;
    }
    return points;
  }

  /**
   * Coordinates of one variable.
   *
   * @param length how many
   */
  private record Run(int level, long first, long period, long length) {

    long coordinate(long step) {
      return first + step * period;
    }
  }

  /** Points at steps of a run at which no comparison that is decided there changes. */
  private long countRun(Run run, long from, long to) {
    byte decided = decide(root);
    if (decided == FAILS) {
      return 0;
    }
    if (decided == HOLDS || !matters(root, run.level(), new ArrayList<>())) {
      return Math.multiplyExact(to - from, count(run.level() + 1));
    }
    long points = 0;
    for (long step = from; step < to && steps.take(); step++) {
      point[run.level()] = run.coordinate(step);
      points = Math.addExact(points, count(run.level() + 1));
    }
    return points;
  }

  /** Where runs end along which no comparison changes that is decided here, in order. */
  private long[] changes(List<Atom> here, Run run) {
    long[] changes = new long[2 * here.size() + 1];
    int count = 0;
    for (Atom atom : here) {
      for (int past = 0; past <= 1; past++) {
        changes[count++] = change(atom, run, past);
      }
    }
    changes[count] = run.length();
    Arrays.sort(changes);
    return changes;
  }

  /**
   * The first step at which the sum, which moves one way, is on 0 or past it, seen from the start.
   *
   * @param past 1 for past it
   * @return the length of the run if there is none; 0 if it is there from the start
   */
  private long change(Atom atom, Run run, int past) {
    long length = run.length();
    long start = value(atom, run, 0);
    long end = value(atom, run, length - 1);
    if (Long.signum(start) == Long.signum(end)) {
      return length;
    }
    boolean isRising = end > start;
    if (run.period() % atom.period != 0) {
      return bisect(atom, run, isRising, past);
    }
    long rise = Math.abs(value(atom, run, 1) - start);
    return Math.min(length, Math.ceilDiv(past + Math.abs(start), rise));
  }

  private long bisect(Atom atom, Run run, boolean isRising, int past) {
    long below = -1;
    long reached = run.length();
    while (reached - below > 1) {
      long middle = (below + reached) >>> 1;
      long value = value(atom, run, middle);
      if ((isRising ? value : -value) >= past) {
        reached = middle;
      } else {
        below = middle;
      }
    }
    return reached;
  }

  private long value(Atom atom, Run run, long step) {
    point[run.level()] = run.coordinate(step);
    return atom.sum.at(point);
  }

  private static byte decide(Node node) {
    return switch (node) {
      case Node.Leaf leaf -> leaf.atom().truth;
      case Node.Inner inner -> {
        byte outweighs = inner.isAll() ? FAILS : HOLDS;
        byte decided = inner.isAll() ? HOLDS : FAILS;
        for (Node part : inner.parts()) {
          byte one = decide(part);
          if (one == outweighs) {
            yield outweighs;
          }
          decided = one == UNKNOWN ? UNKNOWN : decided;
        }
        yield decided;
      }
    };
  }

  /**
   * Whether something that is decided further inside, and on which it depends whether the formula
   * holds, reads the variable of a level. Collects what is decided at that level.
   */
  private static boolean matters(Node node, int level, List<Atom> here) {
    if (decide(node) != UNKNOWN) {
      return false;
    }
    return switch (node) {
      case Node.Leaf leaf -> {
        if (leaf.atom().level == level && !here.contains(leaf.atom())) {
          here.add(leaf.atom());
        }
        yield leaf.atom().level > level && leaf.atom().reads[level];
      }
      case Node.Inner inner -> {
        boolean matters = false;
        for (Node part : inner.parts()) {
          matters |= matters(part, level, here);
        }
        yield matters;
      }
    };
  }
}
