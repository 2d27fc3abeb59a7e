package dev.weir.einsum.ir;

import dev.weir.einsum.source.InvalidInputException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * What indices and conditions divide by. A divisor that coordinates and shapes decide is never 0,
 * at no coordinates whatever, so that nobody who evaluates, counts or generates has to say what
 * that would mean.
 */
final class Divisors {

  private static final String EXPECTED =
      "expected one that is not 0 at any coordinates, such as max(..., 1)";

  /** A closed interval that a number lies in. */
  private record Range(double low, double high) {

    private static final Range ANY = new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    Range {
      // A quotient may be -0, which is no other number.
      low += 0.0;
      high += 0.0;
    }

    static Range of(double value) {
      return new Range(value, value);
    }

    boolean hasZero() {
      return low <= 0 && high >= 0;
    }

    Range apply(Quantity.Arithmetic operator, Range right) {
      return switch (operator) {
        case ADD -> new Range(low + right.low, high + right.high);
        case SUBTRACT -> new Range(low - right.high, high - right.low);
        case MULTIPLY -> corners(right, (a, b) -> a == 0 || b == 0 ? 0 : a * b);
        case DIVIDE -> right.hasZero() ? ANY : corners(right, Range::quotient);
        case REMAINDER -> remainder(right);
        case MINIMUM -> new Range(Math.min(low, right.low), Math.min(high, right.high));
        case MAXIMUM -> new Range(Math.max(low, right.low), Math.max(high, right.high));
      };
    }

    private static double quotient(double left, double right) {
      return Double.isInfinite(right)
          ? left * right < 0 ? Double.NEGATIVE_INFINITY : 0
          : Math.floor(left / right);
    }

    private Range remainder(Range right) {
      if (right.hasZero()) {
        return ANY;
      }
      if (right.low < 0) {
        return new Range(right.low + 1, 0);
      }
      return low >= 0 && high < right.low ? this : new Range(0, right.high - 1);
    }

    private Range corners(Range right, DoubleBinaryOperator operator) {
      double[] values =
          DoubleStream.of(
                  operator.applyAsDouble(low, right.low),
                  operator.applyAsDouble(low, right.high),
                  operator.applyAsDouble(high, right.low),
                  operator.applyAsDouble(high, right.high))
              .sorted()
              .toArray();
      return new Range(values[0], values[values.length - 1]);
    }
  }

  private final Function<RankName, OptionalLong> shapes;
  private final boolean isFirst;

  /**
   * @param shapes elements of the ranks that have a shape by now
   * @param isFirst whether all coordinates are 0, and not every one that there is
   */
  private Divisors(Function<RankName, OptionalLong> shapes, boolean isFirst) {
    this.shapes = shapes;
    this.isFirst = isFirst;
  }

  /** Whether a divisor is 0 at the first coordinates, which exist whatever the shapes are. */
  static boolean isZeroAtFirst(Quantity divisor) {
    Divisors first = new Divisors(_ -> OptionalLong.empty(), true);
    return divisor.isWhole() && first.range(divisor).equals(Range.of(0));
  }

  /**
   * Refuses shapes at which a divisor may be 0.
   *
   * @throws InvalidInputException when there is such a divisor
   */
  static void check(Cascade cascade, Shapes shapes) {
    Divisors divisors = new Divisors(shapes::known, false);
    for (Einsum einsum : cascade.einsums()) {
      Stream<Quantity> quantities =
          Stream.concat(
              einsum.indices().flatMap(Divisors::quantities),
              Stream.concat(
                  einsum.populate().stream()
                      .flatMap(populate -> populate.mass().stream())
                      .flatMap(Divisors::parts),
                  Stream.concat(
                      einsum.condition().stream().flatMap(Divisors::quantities),
                      einsum.value().conditions().flatMap(Divisors::quantities))));
      divisors.check(quantities, "Einsum " + einsum.output().tensor());
    }
    cascade
        .scalars()
        .forEach(
            (scalar, value) ->
                divisors.check(
                    Stream.concat(
                        value.indices().flatMap(Divisors::quantities),
                        value.conditions().flatMap(Divisors::quantities)),
                    "scalar " + scalar));
    for (Stop stop : cascade.stops()) {
      divisors.check(quantities(stop.condition()), "the stop of " + stop.rank().variable());
    }
    cascade
        .distributions()
        .forEach(
            (input, said) ->
                divisors.check(said.bounds().flatMap(Divisors::parts), "input " + input));
  }

  private void check(Stream<Quantity> quantities, String where) {
    quantities
        .flatMap(Divisors::divisor)
        .filter(Quantity::isWhole)
        .forEach(
            divisor -> {
              Range range = range(divisor);
              if (range.hasZero()) {
                throw new InvalidInputException(
                    "a divisor of %s can be 0 (got %s, %s)"
                        .formatted(where, shown(range), EXPECTED),
                    Optional.empty());
              }
            });
  }

  private static Stream<Quantity> divisor(Quantity quantity) {
    return quantity instanceof Quantity.Combined c && c.operator().divides()
        ? Stream.of(c.right())
        : Stream.empty();
  }

  private static String shown(Range range) {
    return range.equals(Range.of(0))
        ? "one that is 0 at these shapes"
        : "one from %.0f to %.0f at these shapes".formatted(range.low, range.high);
  }

  /** A quantity and all that it is made of. */
  private static Stream<Quantity> parts(Quantity quantity) {
    Stream<Quantity> inside =
        switch (quantity) {
          case Quantity.OfIndex of -> quantities(of.index());
          case Quantity.OfShape _, Quantity.OfNumber _, Quantity.OfScalar _ -> Stream.empty();
          case Quantity.Combined c -> Stream.concat(parts(c.left()), parts(c.right()));
        };
    return Stream.concat(Stream.of(quantity), inside);
  }

  private static Stream<Quantity> quantities(Index index) {
    return switch (index) {
      case Index.Computed computed -> parts(computed.quantity());
      case Index.Gathered gathered ->
          gathered.access().indices().stream().flatMap(Divisors::quantities);
      case Index.Coordinate _,
          Index.Joined _,
          Index.Next _,
          Index.Last _,
          Index.Fixed _,
          Index.Affine _,
          Index.HeadMap _ ->
          Stream.empty();
    };
  }

  private static Stream<Quantity> quantities(Condition condition) {
    return switch (condition) {
      case Condition.Compare c -> Stream.concat(parts(c.left()), parts(c.right()));
      case Condition.All all -> all.parts().stream().flatMap(Divisors::quantities);
      case Condition.Any any -> any.parts().stream().flatMap(Divisors::quantities);
      case Condition.Not not -> quantities(not.part());
    };
  }

  private Range range(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex of -> range(of.index());
      case Quantity.OfShape of -> shape(of.rank());
      case Quantity.Combined c -> range(c.left()).apply(c.operator(), range(c.right()));
      case Quantity.OfNumber _, Quantity.OfScalar _ ->
          throw new IllegalStateException("not whole: " + quantity);
    };
  }

  private Range range(Index index) {
    return switch (index) {
      case Index.Coordinate c -> coordinate(c.rank());
      case Index.Joined j -> coordinate(j.parent());
      case Index.Next n -> coordinate(n.rank()).apply(Quantity.Arithmetic.ADD, Range.of(1));
      case Index.Last l -> shape(l.rank());
      case Index.Fixed f -> Range.of((double) f.coordinate());
      case Index.Affine a -> {
        Range sum = Range.of((double) a.offset());
        for (Index.Term term : a.terms()) {
          Range each =
              Range.of((double) term.coefficient())
                  .apply(Quantity.Arithmetic.MULTIPLY, coordinate(term.rank()));
          sum = sum.apply(Quantity.Arithmetic.ADD, each);
        }
        yield sum;
      }
      case Index.HeadMap h -> coordinate(h.target());
      case Index.Computed c -> range(c.quantity());
      case Index.Gathered _ -> throw new IllegalStateException("not whole: " + index);
    };
  }

  private Range shape(RankName rank) {
    OptionalLong known = shapes.apply(rank);
    return known.isPresent()
        ? Range.of((double) known.getAsLong())
        : new Range(1, Double.POSITIVE_INFINITY);
  }

  private Range coordinate(RankName rank) {
    return isFirst ? Range.of(0) : new Range(0, shape(rank).high() - 1);
  }
}
