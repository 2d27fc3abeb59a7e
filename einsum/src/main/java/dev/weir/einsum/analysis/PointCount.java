package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Shapes;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How many points there are of an iteration space. Ragged last steps of partitions are exact, and
 * so are conditions over coordinates and shapes, unless counting takes too long; a condition that
 * reads values leaves the number that its other parts allow as an upper bound.
 *
 * @param points how many
 * @param whyUpperBound why the true number may be smaller; empty when it is exact
 */
public record PointCount(long points, Optional<String> whyUpperBound) {

  private static final String TOO_LONG =
      "which points there are takes more than %,d steps to count"
          .formatted(PointCounter.MOST_STEPS);

  /**
   * Points of the iteration space of an Einsum at which its condition holds, all generations
   * together, whether its operands are there or not.
   *
   * @throws ArithmeticException when the number does not fit 64 bits
   */
  public static PointCount of(Einsum einsum, Cascade cascade, Shapes shapes) {
    CoordinateScope scope = new CoordinateScope(einsum, cascade.partitions(), shapes);
    Presence space = Presence.exactly(scope.points());
    Presence held =
        einsum
            .condition()
            .map(condition -> space.and(PresentPoints.where(condition, scope)))
            .orElse(space);
    return new Counter().upTo(List.of(held, space), scope.variables(), whyUnknown(einsum));
  }

  /** Why more than coordinates and shapes decides the condition of an Einsum. */
  static Optional<String> whyUnknown(Einsum einsum) {
    return einsum
        .condition()
        .filter(condition -> !condition.isWhole())
        .map(
            condition ->
                condition.indices().flatMap(Index::tables).findAny().isPresent()
                    ? "its condition reads values"
                    : "its condition compares with numbers that need not be whole");
  }

  /** Counts, and remembers what it has counted: many Einsums have the condition of another. */
  static final class Counter {

    private record Question(CoordinateFormula formula, List<CoordinateVariable> variables) {}

    private final Map<Question, OptionalLong> known = new HashMap<>();

    /** Points of a formula; nothing where counting takes too long. */
    OptionalLong count(CoordinateFormula formula, Collection<CoordinateVariable> variables) {
      Question question = new Question(formula, variables.stream().sorted().toList());
      OptionalLong before = known.get(question);
      if (before != null) {
        return before;
      }
      OptionalLong count = PointCounter.count(formula, question.variables());
      known.put(question, count);
      return count;
    }

    /**
     * The points of the first that can be counted.
     *
     * @param choices each is part of the next
     * @param whyUnknown what is said where the first may have fewer points than it counts
     */
    PointCount upTo(
        List<Presence> choices,
        Collection<CoordinateVariable> variables,
        Optional<String> whyUnknown) {
      for (Presence choice : choices) {
        OptionalLong most = count(choice.may(), variables);
        if (most.isPresent() && !choice.equals(choices.getFirst())) {
          return new PointCount(most.getAsLong(), Optional.of(TOO_LONG));
        }
        if (most.isPresent()) {
          OptionalLong least = count(choice.must(), variables);
          return new PointCount(
              most.getAsLong(),
              least.isEmpty()
                  ? Optional.of(TOO_LONG)
                  : least.equals(most) ? Optional.empty() : whyUnknown);
        }
      }
      long box =
          variables.stream().mapToLong(CoordinateVariable::shape).reduce(1, Math::multiplyExact);
      return new PointCount(box, Optional.of(TOO_LONG));
    }
  }
}
