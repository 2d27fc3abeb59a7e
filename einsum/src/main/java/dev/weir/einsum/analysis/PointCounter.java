package dev.weir.einsum.analysis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Counts the points at which a formula holds. Parts of a conjunction that share no variable are
 * counted apart, and so are coordinates with different remainders, where few remainders matter;
 * what is left, runs of coordinates are counted of ({@link RunCounter}).
 */
final class PointCounter {

  /** Steps that a count may take; a step is a run of coordinates along which nothing changes. */
  static final long MOST_STEPS = 1L << 23;

  /** Combinations of remainders that are counted apart. */
  private static final long MOST_CLASSES = 1L << 14;

  private final RunCounter.Steps steps = new RunCounter.Steps(MOST_STEPS);

  private PointCounter() {}

  /**
   * How many points of the space of some variables.
   *
   * @param variables all that the formula reads, and perhaps others
   * @return nothing when that takes more than {@value #MOST_STEPS} steps
   * @throws ArithmeticException when the number does not fit 64 bits
   */
  static OptionalLong count(CoordinateFormula formula, Collection<CoordinateVariable> variables) {
    PointCounter counter = new PointCounter();
    long points = counter.points(formula, variables);
    return counter.steps.areLeft() ? OptionalLong.of(points) : OptionalLong.empty();
  }

  private long points(CoordinateFormula formula, Collection<CoordinateVariable> variables) {
    if (formula.equals(CoordinateFormula.Constant.FALSE)) {
      return 0;
    }
    Set<CoordinateVariable> free = new HashSet<>(variables);
    free.removeAll(formula.variables());
    long points = 1;
    for (CoordinateVariable variable : free) {
      points = Math.multiplyExact(points, variable.shape());
    }
    for (CoordinateFormula part : independentParts(formula)) {
      points = Math.multiplyExact(points, part(part));
    }
    return points;
  }

  /** Parts of a conjunction, those together that share variables. */
  private static List<CoordinateFormula> independentParts(CoordinateFormula formula) {
    return switch (formula) {
      case CoordinateFormula.Constant _ -> List.of();
      case CoordinateFormula.Comparison _, CoordinateFormula.Any _ -> List.of(formula);
      case CoordinateFormula.All all -> {
        List<CoordinateFormula> parts = new ArrayList<>();
        for (CoordinateFormula part : all.parts()) {
          List<CoordinateFormula> together = new ArrayList<>(List.of(part));
          parts.removeIf(
              other -> {
                boolean shares = other.variables().stream().anyMatch(part::reads);
                if (shares) {
                  together.add(other);
                }
                return shares;
              });
          parts.add(CoordinateFormula.all(together));
        }
        yield parts;
      }
    };
  }

  private long part(CoordinateFormula part) {
    Map<CoordinateVariable, Long> periods = new HashMap<>(SumAlong.periods(part));
    periods.entrySet().removeIf(entry -> 2 * entry.getValue() > entry.getKey().shape());
    long classes = 1;
    for (long period : periods.values()) {
      classes = Math.min(classes, MOST_CLASSES) * Math.min(period, MOST_CLASSES + 1);
    }
    if (classes == 1 || classes > MOST_CLASSES) {
      return RunCounter.count(part, steps);
    }
    Set<CoordinateVariable> whole = new HashSet<>(part.variables());
    whole.removeAll(periods.keySet());
    return classes(part, periods, new ArrayList<>(periods.keySet()), new ArrayList<>(whole));
  }

  /**
   * Among coordinates with one remainder a quotient is affine.
   *
   * @param left variables of which coordinates with different remainders are still together
   * @param variables all others
   */
  private long classes(
      CoordinateFormula part,
      Map<CoordinateVariable, Long> periods,
      List<CoordinateVariable> left,
      List<CoordinateVariable> variables) {
    if (part.equals(CoordinateFormula.Constant.FALSE)) {
      return 0;
    }
    if (left.isEmpty()) {
      return points(part, variables);
    }
    CoordinateVariable variable = left.getFirst();
    long period = periods.get(variable);
    long points = 0;
    for (long rest = 0; rest < period && steps.take(); rest++) {
      CoordinateVariable quotient =
          new CoordinateVariable(variable.name(), Math.ceilDiv(variable.shape() - rest, period));
      CoordinateSum coordinate = CoordinateSum.of(quotient).times(period).plus(rest);
      List<CoordinateVariable> more = new ArrayList<>(variables);
      more.add(quotient);
      points =
          Math.addExact(
              points,
              classes(
                  part.with(Map.of(variable, coordinate), false),
                  periods,
                  left.subList(1, left.size()),
                  more));
    }
    return points;
  }
}
