package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.Value;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The least and the greatest that a number can be in the ranges of a place. */
final class Bounds {

  /** Closed, of scalars. */
  record Interval(Value low, Value high) {}

  /** {@code constant + Σ coefficient · coordinate}. */
  record Sum(Map<RankName, Long> coefficients, long constant) {

    long coefficient(RankName rank) {
      return coefficients.getOrDefault(rank, 0L);
    }

    Sum without(RankName rank) {
      Map<RankName, Long> fewer = new TreeMap<>(coefficients);
      fewer.remove(rank);
      return new Sum(fewer, constant);
    }

    private Sum plus(Sum other, long factor) {
      Map<RankName, Long> sum = new TreeMap<>(coefficients);
      other.coefficients.forEach((rank, c) -> sum.merge(rank, factor * c, Long::sum));
      sum.values().removeIf(c -> c == 0);
      return new Sum(sum, constant + factor * other.constant);
    }

    private static Sum of(long constant) {
      return new Sum(Map.of(), constant);
    }

    private static Sum of(RankName rank, long coefficient) {
      return new Sum(Map.of(rank, coefficient), 0);
    }
  }

  private final Facts facts;
  private final IndexLowering indices;

  Bounds(Facts facts, IndexLowering indices) {
    this.facts = facts;
    this.indices = indices;
  }

  /** Of a number that is a sum of coordinates; nothing when it is not. */
  Optional<Interval> ofSum(Quantity quantity, Scope scope) {
    return sum(quantity).map(sum -> of(sum, scope));
  }

  /** Of a sum. */
  Interval of(Sum sum, Scope scope) {
    Value low = new Value.Whole(sum.constant());
    Value high = low;
    for (Map.Entry<RankName, Long> term : sum.coefficients().entrySet()) {
      Interval range = of(scope.range(term.getKey()), scope.lanes());
      long c = term.getValue();
      low = plus(low, c > 0 ? range.low() : range.high(), c);
      high = plus(high, c > 0 ? range.high() : range.low(), c);
    }
    return new Interval(low, high);
  }

  private static Value plus(Value sum, Value value, long factor) {
    return factor > 0
        ? Arithmetic.add(sum, Arithmetic.times(value, factor))
        : Arithmetic.subtract(sum, Arithmetic.times(value, -factor));
  }

  private static Interval of(Range range, int lanes) {
    long reach = range.base().coefficient(AffineForm.LANE) * (lanes - 1);
    AffineForm base = range.base().withoutLane();
    Value low = base.plus(Math.min(0, reach)).value(1);
    Value high = base.plus(Math.max(0, reach) + range.extent() - 1).value(1);
    for (AffineForm limit : range.limits()) {
      high = Arithmetic.call(Value.Function.MIN, high, limit.withoutLane().plus(-1).value(1));
    }
    return new Interval(low, high);
  }

  /** A number as a sum of coordinates. */
  Optional<Sum> sum(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex of -> sum(of.index());
      case Quantity.OfShape of -> Optional.of(Sum.of(facts.shape(of.rank())));
      case Quantity.OfNumber _, Quantity.OfScalar _ -> Optional.empty();
      case Quantity.Combined c -> {
        Optional<Sum> left = sum(c.left());
        Optional<Sum> right = sum(c.right());
        if (left.isEmpty() || right.isEmpty()) {
          yield Optional.empty();
        }
        Sum l = left.get();
        Sum r = right.get();
        yield switch (c.operator()) {
          case ADD -> Optional.of(l.plus(r, 1));
          case SUBTRACT -> Optional.of(l.plus(r, -1));
          case MULTIPLY -> {
            if (r.coefficients().isEmpty()) {
              yield Optional.of(Sum.of(0).plus(l, r.constant()));
            }
            yield l.coefficients().isEmpty()
                ? Optional.of(Sum.of(0).plus(r, l.constant()))
                : Optional.empty();
          }
          case DIVIDE, REMAINDER, MINIMUM, MAXIMUM ->
              l.coefficients().isEmpty() && r.coefficients().isEmpty()
                  ? Optional.of(Sum.of(c.operator().apply(l.constant(), r.constant())))
                  : Optional.empty();
        };
      }
    };
  }

  private Optional<Sum> sum(Index index) {
    return switch (index) {
      case Index.Coordinate c -> Optional.of(Sum.of(c.rank(), 1));
      case Index.Joined j ->
          Optional.of(Sum.of(j.outer(), facts.shape(j.inner())).plus(Sum.of(j.inner(), 1), 1));
      case Index.Next n -> Optional.of(Sum.of(n.rank(), 1).plus(Sum.of(1), 1));
      case Index.Last l -> Optional.of(Sum.of(facts.shape(l.rank())));
      case Index.Fixed f -> Optional.of(Sum.of(f.coordinate()));
      case Index.Affine a -> {
        Sum sum = Sum.of(a.offset());
        for (Index.Term term : a.terms()) {
          sum = sum.plus(Sum.of(term.rank(), 1), term.coefficient());
        }
        yield Optional.of(sum);
      }
      case Index.Computed c -> sum(c.quantity());
      case Index.HeadMap _, Index.Gathered _ -> Optional.empty();
    };
  }

  /** Of any number; nothing when no bounds follow. */
  Optional<Interval> of(Quantity quantity, Scope scope, NodePath where) {
    Optional<Interval> exact = ofSum(quantity, scope);
    if (exact.isPresent()) {
      return exact;
    }
    return switch (quantity) {
      case Quantity.OfIndex(Index.Gathered g) -> {
        boolean isOne =
            g.access().ranks().map(scope::range).allMatch(r -> r.isSingle() && !r.base().hasLane());
        yield isOne ? Optional.of(point(quantity, scope, where)) : Optional.empty();
      }
      case Quantity.OfIndex(Index.HeadMap map) -> {
        Interval heads = of(Sum.of(map.rank(), facts.shape(map.target())), scope);
        yield Optional.of(divided(heads, facts.shape(map.rank())));
      }
      case Quantity.OfIndex _, Quantity.OfShape _, Quantity.OfNumber _ -> Optional.empty();
      case Quantity.OfScalar _ -> Optional.empty();
      case Quantity.Combined c -> combined(c, scope, where);
    };
  }

  private Interval point(Quantity quantity, Scope scope, NodePath where) {
    Value value = Arithmetic.whole(indices.quantity(quantity, scope.withLanes(1), where));
    return new Interval(value, value);
  }

  private Optional<Interval> combined(Quantity.Combined c, Scope scope, NodePath where) {
    Optional<Interval> left = of(c.left(), scope, where);
    Optional<Interval> right = of(c.right(), scope, where);
    if (left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    Interval l = left.get();
    Interval r = right.get();
    Optional<Long> divisor =
        sum(c.right()).filter(sum -> sum.coefficients().isEmpty()).map(Sum::constant);
    return switch (c.operator()) {
      case ADD ->
          Optional.of(
              new Interval(Arithmetic.add(l.low(), r.low()), Arithmetic.add(l.high(), r.high())));
      case SUBTRACT ->
          Optional.of(
              new Interval(
                  Arithmetic.subtract(l.low(), r.high()), Arithmetic.subtract(l.high(), r.low())));
      case MINIMUM, MAXIMUM -> {
        Value.Function function =
            c.operator() == Quantity.Arithmetic.MINIMUM ? Value.Function.MIN : Value.Function.MAX;
        yield Optional.of(
            new Interval(
                Arithmetic.call(function, l.low(), r.low()),
                Arithmetic.call(function, l.high(), r.high())));
      }
      case DIVIDE -> divisor.filter(n -> n > 0).map(n -> divided(l, n));
      case REMAINDER ->
          divisor
              .filter(n -> n > 0)
              .map(n -> new Interval(new Value.Whole(0), new Value.Whole(n - 1)));
      case MULTIPLY ->
          divisor
              .filter(n -> n >= 0)
              .map(n -> new Interval(Arithmetic.times(l.low(), n), Arithmetic.times(l.high(), n)));
    };
  }

  private static Interval divided(Interval number, long divisor) {
    Value n = new Value.Whole(divisor);
    return new Interval(
        Arithmetic.floorDivide(number.low(), n), Arithmetic.floorDivide(number.high(), n));
  }
}
