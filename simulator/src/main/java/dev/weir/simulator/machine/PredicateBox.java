package dev.weir.simulator.machine;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.Shapes;

/** Whether a condition holds on a whole box of coordinates, on none of it, or on a part. */
final class PredicateBox {

  /** What is known of a box. */
  enum Holds {
    EVERYWHERE,
    NOWHERE,
    /** On a part, or the bounds are too coarse to tell. A box of one point is never here. */
    PARTLY;

    Holds negated() {
      return switch (this) {
        case EVERYWHERE -> NOWHERE;
        case NOWHERE -> EVERYWHERE;
        case PARTLY -> PARTLY;
      };
    }
  }

  /** Whole numbers from low to high, both included. */
  private record Interval(long low, long high) {
    static final long UNKNOWN = Long.MAX_VALUE / 4;

    static Interval anything() {
      return new Interval(-UNKNOWN, UNKNOWN);
    }

    boolean isPoint() {
      return low == high;
    }
  }

  private final Ranks ranks;
  private final Shapes shapes;

  PredicateBox(Ranks ranks, Shapes shapes) {
    this.ranks = ranks;
    this.shapes = shapes;
  }

  Holds holds(Condition condition, Ranges box) {
    return switch (condition) {
      case Condition.Compare compare ->
          compare(
              quantity(compare.left(), box), compare.comparison(), quantity(compare.right(), box));
      case Condition.All all -> {
        Holds result = Holds.EVERYWHERE;
        for (Condition part : all.parts()) {
          result = both(result, holds(part, box));
        }
        yield result;
      }
      case Condition.Any any -> {
        Holds result = Holds.EVERYWHERE;
        for (Condition part : any.parts()) {
          result = both(result, holds(part, box).negated());
        }
        yield result.negated();
      }
      case Condition.Not not -> holds(not.part(), box).negated();
    };
  }

  private static Holds both(Holds left, Holds right) {
    if (left == Holds.NOWHERE || right == Holds.NOWHERE) {
      return Holds.NOWHERE;
    }
    return left == Holds.EVERYWHERE ? right : left;
  }

  private static Holds compare(Interval left, Condition.Comparison order, Interval right) {
    if (left.isPoint() && right.isPoint()) {
      return order.holds(left.low(), right.low()) ? Holds.EVERYWHERE : Holds.NOWHERE;
    }
    return switch (order) {
      case LESS -> less(left, right);
      case LESS_OR_EQUAL -> less(right, left).negated();
      case GREATER -> less(right, left);
      case GREATER_OR_EQUAL -> less(left, right).negated();
      case EQUAL -> apart(left, right) ? Holds.NOWHERE : Holds.PARTLY;
      case NOT_EQUAL -> apart(left, right) ? Holds.EVERYWHERE : Holds.PARTLY;
    };
  }

  private static Holds less(Interval left, Interval right) {
    if (left.high() < right.low()) {
      return Holds.EVERYWHERE;
    }
    return left.low() >= right.high() ? Holds.NOWHERE : Holds.PARTLY;
  }

  private static boolean apart(Interval left, Interval right) {
    return left.high() < right.low() || right.high() < left.low();
  }

  private Interval quantity(Quantity quantity, Ranges box) {
    return switch (quantity) {
      case Quantity.OfIndex of -> index(of.index(), box);
      case Quantity.OfNumber _, Quantity.OfScalar _ ->
          throw new IllegalStateException("a simulation has no values, so not " + quantity);
      case Quantity.OfShape shape -> {
        long value = shapes.of(shape.rank());
        yield new Interval(value, value);
      }
      case Quantity.Combined combined ->
          combine(
              quantity(combined.left(), box), combined.operator(), quantity(combined.right(), box));
    };
  }

  private Interval index(Index index, Ranges box) {
    return switch (index) {
      case Index.Coordinate c -> range(ranks.number(c.rank()), box, 0);
      case Index.Next next -> range(ranks.number(next.rank()), box, 1);
      case Index.Joined joined -> {
        Interval outer = range(ranks.number(joined.outer()), box, 0);
        Interval inner = range(ranks.number(joined.inner()), box, 0);
        long step = shapes.of(joined.inner());
        yield new Interval(outer.low() * step + inner.low(), outer.high() * step + inner.high());
      }
      case Index.Last last -> {
        long shape = shapes.of(last.rank());
        yield new Interval(shape, shape);
      }
      case Index.Fixed fixed -> new Interval(fixed.coordinate(), fixed.coordinate());
      case Index.Affine affine -> {
        Interval sum = new Interval(affine.offset(), affine.offset());
        for (Index.Term term : affine.terms()) {
          Interval factor = new Interval(term.coefficient(), term.coefficient());
          Interval product = multiply(factor, range(ranks.number(term.rank()), box, 0));
          sum = new Interval(sum.low() + product.low(), sum.high() + product.high());
        }
        yield sum;
      }
      case Index.HeadMap map -> {
        Interval head = range(ranks.number(map.rank()), box, 0);
        long groups = shapes.of(map.target());
        long heads = shapes.of(map.rank());
        yield new Interval(head.low() * groups / heads, head.high() * groups / heads);
      }
      case Index.Computed computed -> quantity(computed.quantity(), box);
      case Index.Gathered gathered ->
          throw new IllegalStateException(
              "values of " + gathered.access().tensor() + " in a simulation, which has none");
    };
  }

  private static Interval range(int rank, Ranges box, long plus) {
    long low = box.low[rank] + plus;
    return new Interval(low, low + box.extent[rank] - 1);
  }

  private static Interval combine(Interval left, Quantity.Arithmetic operator, Interval right) {
    if (left.isPoint() && right.isPoint()) {
      long value = operator.apply(left.low(), right.low());
      return new Interval(value, value);
    }
    return switch (operator) {
      case ADD -> new Interval(left.low() + right.low(), left.high() + right.high());
      case SUBTRACT -> new Interval(left.low() - right.high(), left.high() - right.low());
      case MULTIPLY -> multiply(left, right);
      case DIVIDE ->
          right.isPoint() && right.low() > 0
              ? new Interval(
                  Math.floorDiv(left.low(), right.low()), Math.floorDiv(left.high(), right.low()))
              : Interval.anything();
      case MINIMUM ->
          new Interval(Math.min(left.low(), right.low()), Math.min(left.high(), right.high()));
      case MAXIMUM ->
          new Interval(Math.max(left.low(), right.low()), Math.max(left.high(), right.high()));
      case REMAINDER ->
          right.isPoint() && right.low() > 0
              ? new Interval(0, right.low() - 1)
              : Interval.anything();
    };
  }

  private static Interval multiply(Interval left, Interval right) {
    long a = left.low() * right.low();
    long b = left.low() * right.high();
    long c = left.high() * right.low();
    long d = left.high() * right.high();
    return new Interval(
        Math.min(Math.min(a, b), Math.min(c, d)), Math.max(Math.max(a, b), Math.max(c, d)));
  }
}
