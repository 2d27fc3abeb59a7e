package dev.weir.einsum.analysis;

import dev.weir.einsum.analysis.CoordinateFormula.All;
import dev.weir.einsum.analysis.CoordinateFormula.Any;
import dev.weir.einsum.analysis.CoordinateFormula.Comparison;
import dev.weir.einsum.analysis.CoordinateFormula.Constant;
import dev.weir.einsum.analysis.CoordinateFormula.Relation;
import dev.weir.einsum.analysis.CoordinateSum.Factor;
import dev.weir.einsum.analysis.CoordinateSum.Quotient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * The points of some variables for which there are coordinates of the others such that a formula
 * holds. An equality gives a coordinate; otherwise every lower bound of it must be below every
 * upper one (Fourier and Motzkin), which is exact since one coordinate goes at a time and its
 * bounds are rounded to whole numbers. Where a comparison says neither, the answer errs on a side
 * that is chosen.
 */
final class Projection {

  /** Formulas with more comparisons are not worked on. */
  private static final int MOST_COMPARISONS = 64;

  /** Alternatives that are looked at, each with all others that stand beside it. */
  private static final int MOST_ALTERNATIVES = 256;

  /** What a comparison that cannot be worked out counts as. */
  private final boolean unknown;

  private int alternatives;

  private Projection(boolean unknown) {
    this.unknown = unknown;
  }

  /**
   * Where there are coordinates such that a formula holds.
   *
   * @param variables those to do without
   * @param unknown true for points among which the right ones are, false for points that are right
   */
  static CoordinateFormula exists(
      Collection<CoordinateVariable> variables, CoordinateFormula formula, boolean unknown) {
    Projection projection = new Projection(unknown);
    CoordinateFormula rest = formula;
    Set<CoordinateVariable> left = new TreeSet<>(variables);
    while (!left.isEmpty()) {
      CoordinateFormula now = rest;
      CoordinateVariable next =
          left.stream()
              .filter(variable -> givenBy(now, variable).isPresent())
              .findFirst()
              .orElseGet(() -> left.iterator().next());
      left.remove(next);
      rest = projection.exists(next, rest);
    }
    return rest;
  }

  private CoordinateFormula exists(CoordinateVariable variable, CoordinateFormula formula) {
    if (!formula.reads(variable)) {
      return formula;
    }
    if (formula.size() > MOST_COMPARISONS || alternatives > MOST_ALTERNATIVES) {
      return new Constant(unknown);
    }
    return switch (formula) {
      case Constant c -> c;
      case Comparison c -> conjunction(variable, List.of(c));
      case Any any ->
          CoordinateFormula.any(any.parts().stream().map(part -> exists(variable, part)).toList());
      case All all -> {
        Optional<CoordinateSum> given = givenBy(all, variable);
        yield given.isPresent()
            ? with(all, variable, given.get())
            : conjunction(variable, all.parts());
      }
    };
  }

  private CoordinateFormula with(All all, CoordinateVariable variable, CoordinateSum value) {
    return all.with(Map.of(variable, value), unknown)
        .and(CoordinateFormula.within(value, variable.shape()));
  }

  /** What a conjunction says a coordinate is equal to. */
  private static Optional<CoordinateSum> givenBy(
      CoordinateFormula formula, CoordinateVariable variable) {
    if (!(formula instanceof All all)) {
      return Optional.empty();
    }
    for (CoordinateFormula part : all.parts()) {
      if (part instanceof Comparison(CoordinateSum sum, Relation relation)
          && relation == Relation.EQUAL
          && Math.abs(sum.multipleOf(variable)) == 1) {
        CoordinateSum rest = sum.without(new CoordinateSum.Coordinate(variable));
        if (!rest.reads(variable)) {
          return Optional.of(rest.times(-sum.multipleOf(variable)));
        }
      }
    }
    return Optional.empty();
  }

  private CoordinateFormula conjunction(
      CoordinateVariable variable, Collection<CoordinateFormula> parts) {
    List<CoordinateFormula> free = new ArrayList<>();
    List<CoordinateFormula> about = new ArrayList<>();
    parts.forEach(part -> (part.reads(variable) ? about : free).add(part));
    CoordinateFormula together = CoordinateFormula.all(about);
    if (together.variables().equals(Set.of(variable))) {
      OptionalLong count = PointCounter.count(together, Set.of(variable));
      boolean isKnown = count.isPresent();
      free.add(new Constant(isKnown ? count.getAsLong() > 0 : unknown));
      return CoordinateFormula.all(free);
    }
    for (CoordinateFormula part : about) {
      if (part instanceof Any any) {
        return apart(variable, free, about, any);
      }
      if (part instanceof Comparison(CoordinateSum sum, Relation relation)
          && relation == Relation.NOT_EQUAL) {
        CoordinateFormula below = CoordinateFormula.atMostZero(sum.plus(1));
        CoordinateFormula above = CoordinateFormula.atMostZero(sum.times(-1).plus(1));
        return apart(variable, free, about, part, List.of(below, above));
      }
    }
    free.add(between(variable, about));
    return CoordinateFormula.all(free);
  }

  private CoordinateFormula apart(
      CoordinateVariable variable,
      List<CoordinateFormula> free,
      List<CoordinateFormula> about,
      Any any) {
    return apart(variable, free, about, any, any.parts());
  }

  /** Each alternative of one part with all other parts. */
  private CoordinateFormula apart(
      CoordinateVariable variable,
      List<CoordinateFormula> free,
      List<CoordinateFormula> about,
      CoordinateFormula part,
      Collection<CoordinateFormula> choices) {
    List<CoordinateFormula> others = new ArrayList<>(about);
    others.remove(part);
    CoordinateFormula rest = CoordinateFormula.all(others);
    List<CoordinateFormula> found = new ArrayList<>();
    for (CoordinateFormula alternative : choices) {
      alternatives++;
      found.add(exists(variable, rest.and(alternative)));
    }
    free.add(CoordinateFormula.any(found));
    return CoordinateFormula.all(free);
  }

  /** Lower and upper bounds of one coordinate, both included. */
  private record Bounds(List<CoordinateSum> lower, List<CoordinateSum> upper) {

    /** Takes in that a sum is at most 0. */
    boolean add(CoordinateSum sum, CoordinateVariable variable) {
      long multiple = sum.multipleOf(variable);
      if (multiple == 0) {
        return addQuotient(sum, variable);
      }
      CoordinateSum rest = sum.without(new CoordinateSum.Coordinate(variable));
      if (rest.reads(variable)) {
        return false;
      }
      // a x + r <= 0: x <= floor(-r / a), or, where a is negative, x >= ceil(r / -a).
      if (multiple > 0) {
        upper.add(rest.times(-1).quotient(multiple));
      } else {
        lower.add(rest.times(-1).quotient(-multiple).times(-1));
      }
      return true;
    }

    /** The coordinate stands inside one quotient, rounded down, and nowhere else. */
    private boolean addQuotient(CoordinateSum sum, CoordinateVariable variable) {
      for (Map.Entry<Factor, Long> entry : sum.factors().entrySet()) {
        CoordinateSum rest = sum.without(entry.getKey());
        if (entry.getKey() instanceof Quotient quotient
            && quotient.divisor().isConstant()
            && quotient.divisor().constant() > 0
            && quotient.dividend().reads(variable)
            && !rest.reads(variable)) {
          return add(dividend(quotient, entry.getValue(), rest), variable);
        }
      }
      return false;
    }

    /** What is at most 0 where a multiple of a quotient and a rest are. */
    private static CoordinateSum dividend(Quotient quotient, long multiple, CoordinateSum rest) {
      long divisor = quotient.divisor().constant();
      if (multiple > 0) {
        // floor(y / k) <= u where y <= k u + k - 1.
        CoordinateSum most = rest.times(-1).quotient(multiple);
        return quotient.dividend().minus(most.times(divisor)).plus(1 - divisor);
      }
      // floor(y / k) >= l where y >= k l.
      CoordinateSum least = rest.times(-1).quotient(-multiple).times(-1);
      return least.times(divisor).minus(quotient.dividend());
    }
  }

  private CoordinateFormula between(
      CoordinateVariable variable, List<CoordinateFormula> comparisons) {
    Bounds bounds = new Bounds(new ArrayList<>(), new ArrayList<>());
    bounds.lower().add(CoordinateSum.of(0));
    bounds.upper().add(CoordinateSum.of(variable.shape() - 1));
    boolean isKnown = true;
    for (CoordinateFormula part : comparisons) {
      Comparison comparison = (Comparison) part;
      isKnown &= bounds.add(comparison.sum(), variable);
      if (comparison.relation() == Relation.EQUAL) {
        isKnown &= bounds.add(comparison.sum().times(-1), variable);
      }
    }
    if (!isKnown && !unknown) {
      return CoordinateFormula.Constant.FALSE;
    }
    List<CoordinateFormula> found = new ArrayList<>();
    for (CoordinateSum lower : bounds.lower()) {
      for (CoordinateSum upper : bounds.upper()) {
        found.add(CoordinateFormula.atMostZero(lower.minus(upper)));
      }
    }
    return CoordinateFormula.all(found);
  }
}
