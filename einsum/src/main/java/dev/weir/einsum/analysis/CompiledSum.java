package dev.weir.einsum.analysis;

import dev.weir.einsum.analysis.CoordinateSum.Coordinate;
import dev.weir.einsum.analysis.CoordinateSum.Extreme;
import dev.weir.einsum.analysis.CoordinateSum.Factor;
import dev.weir.einsum.analysis.CoordinateSum.Product;
import dev.weir.einsum.analysis.CoordinateSum.Quotient;
import java.util.List;
import java.util.Map;

/** A sum that is evaluated often: variables by their place in a point. */
sealed interface CompiledSum {

  /** Its value at a point, which is not modified. */
  long at(long[] point);

  /** Multiples of coordinates and of other factors. */
  final class Affine implements CompiledSum {

    private final long constant;
    private final int[] places;
    private final long[] multiples;
    private final CompiledSum[] others;

    private Affine(long constant, int[] places, long[] multiples, CompiledSum[] others) {
      this.constant = constant;
      this.places = places;
      this.multiples = multiples;
      this.others = others;
    }

    @Override
    public long at(long[] point) {
      long sum = constant;
      for (int at = 0; at < places.length; at++) {
        sum += multiples[at] * point[places[at]];
      }
      for (int at = 0; at < others.length; at++) {
        sum += multiples[places.length + at] * others[at].at(point);
      }
      return sum;
    }
  }

  /** Two sums in one number. */
  record Combined(Factor factor, CompiledSum left, CompiledSum right) implements CompiledSum {

    @Override
    public long at(long[] point) {
      long one = left.at(point);
      long other = right.at(point);
      return switch (factor) {
        case Quotient _ -> Math.floorDiv(one, other);
        case Product _ -> one * other;
        case Extreme e -> e.isLargest() ? Math.max(one, other) : Math.min(one, other);
        case Coordinate c -> throw new IllegalStateException("no two sums: " + c);
      };
    }
  }

  /**
   * Ready to be evaluated. No value in between overflows, since the bounds of the sum were computed
   * without.
   *
   * @param order variables in the order in which points give them
   */
  static CompiledSum of(CoordinateSum sum, List<CoordinateVariable> order) {
    List<Map.Entry<Factor, Long>> coordinates =
        sum.factors().entrySet().stream().filter(e -> e.getKey() instanceof Coordinate).toList();
    List<Map.Entry<Factor, Long>> others =
        sum.factors().entrySet().stream().filter(e -> !(e.getKey() instanceof Coordinate)).toList();
    int[] places =
        coordinates.stream()
            .mapToInt(entry -> order.indexOf(((Coordinate) entry.getKey()).variable()))
            .toArray();
    long[] multiples = new long[coordinates.size() + others.size()];
    for (int at = 0; at < multiples.length; at++) {
      multiples[at] =
          at < coordinates.size()
              ? coordinates.get(at).getValue()
              : others.get(at - coordinates.size()).getValue();
    }
    return new Affine(
        sum.constant(),
        places,
        multiples,
        others.stream().map(entry -> of(entry.getKey(), order)).toArray(CompiledSum[]::new));
  }

  private static CompiledSum of(Factor factor, List<CoordinateVariable> order) {
    return switch (factor) {
      case Coordinate c -> of(CoordinateSum.of(c.variable()), order);
      case Quotient q -> new Combined(q, of(q.dividend(), order), of(q.divisor(), order));
      case Product p -> new Combined(p, of(p.left(), order), of(p.right(), order));
      case Extreme e -> new Combined(e, of(e.left(), order), of(e.right(), order));
    };
  }
}
