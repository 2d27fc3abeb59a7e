package dev.weir.einsum.exact;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import java.util.List;

/** A point of an iteration space: right sides, conditions and indices there. */
final class ExactPoint {

  /** A value, or what an absent one counts as. */
  record Reading(boolean isPresent, ExactValue value) {}

  private final Elements elements;
  private final ExactArithmetic arithmetic;
  private final long[] at;

  ExactPoint(Elements elements, long[] at) {
    this.elements = elements;
    this.arithmetic = elements.arithmetic();
    this.at = at;
  }

  void moveTo(RankName rank, long coordinate) {
    at[elements.slot(rank)] = coordinate;
  }

  long coordinate(RankName rank) {
    return at[elements.slot(rank)];
  }

  Reading evaluate(Expression expression) {
    return switch (expression) {
      case Expression.Literal literal -> present(elements.number(literal.value()));
      case Expression.ShapeValue shape ->
          present(arithmetic.whole(elements.shapes().of(shape.rank())));
      case Expression.Position position -> present(number(position.index()));
      case Expression.ScalarRead read -> present(elements.scalar(read.scalar()));
      case Expression.Read read -> {
        ExactValue value = read(read.access());
        yield new Reading(!value.equals(elements.empty(read.access().tensor())), value);
      }
      case Expression.Unary unary ->
          present(
              arithmetic.functions().apply(unary.operator(), evaluate(unary.operand()).value()));
      case Expression.Binary binary -> binary(binary);
      case Expression.Select select ->
          evaluate(holds(select.condition()) ? select.then() : select.otherwise());
      case Expression.Apply apply -> evaluate(elements.inlined(apply));
      case Expression.Parameter parameter ->
          throw new IllegalStateException("a parameter outside its function: " + parameter);
    };
  }

  private static Reading present(ExactValue value) {
    return new Reading(true, value);
  }

  private Reading binary(Expression.Binary binary) {
    Reading left = evaluate(binary.left());
    Reading right = evaluate(binary.right());
    return binary.merge().touches(left.isPresent(), right.isPresent())
        ? present(arithmetic.apply(binary.operator(), left.value(), right.value()))
        : new Reading(false, arithmetic.whole(0));
  }

  private ExactValue read(Access access) {
    List<Index> indices = access.indices();
    long[] coordinate = new long[indices.size()];
    for (int i = 0; i < coordinate.length; i++) {
      coordinate[i] = index(indices.get(i));
    }
    return elements.get(access.tensor(), coordinate);
  }

  boolean holds(Condition condition) {
    return switch (condition) {
      case Condition.Compare compare -> holds(compare);
      case Condition.All all -> all.parts().stream().allMatch(this::holds);
      case Condition.Any any -> any.parts().stream().anyMatch(this::holds);
      case Condition.Not not -> !holds(not.part());
    };
  }

  private boolean holds(Condition.Compare compare) {
    ExactValue left = quantity(compare.left());
    ExactValue right = quantity(compare.right());
    return switch (compare.comparison()) {
      case EQUAL -> left.equals(right);
      case NOT_EQUAL -> !left.equals(right);
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
          compare.comparison().holds((long) arithmetic.compare(left, right), 0L);
    };
  }

  /** A quantity that is not rounded. */
  ExactValue quantity(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex of -> number(of.index());
      case Quantity.OfShape of -> arithmetic.whole(elements.shapes().of(of.rank()));
      case Quantity.OfNumber of -> elements.number(of.value());
      case Quantity.OfScalar of -> elements.scalar(of.scalar());
      case Quantity.Combined c -> combined(c, quantity(c.left()), quantity(c.right()));
    };
  }

  private ExactValue combined(Quantity.Combined combined, ExactValue left, ExactValue right) {
    return switch (combined.operator()) {
      case ADD -> arithmetic.add(left, right);
      case SUBTRACT -> arithmetic.subtract(left, right);
      case MULTIPLY -> arithmetic.multiply(left, right);
      case DIVIDE -> arithmetic.floor(arithmetic.divide(left, right));
      case REMAINDER ->
          arithmetic.subtract(
              left, arithmetic.multiply(right, arithmetic.floor(arithmetic.divide(left, right))));
      case MINIMUM -> arithmetic.compare(left, right) <= 0 ? left : right;
      case MAXIMUM -> arithmetic.compare(left, right) >= 0 ? left : right;
    };
  }

  /** An index as a number: what a table holds as it stands, all others whole. */
  private ExactValue number(Index index) {
    return switch (index) {
      case Index.Gathered gathered -> read(gathered.access());
      case Index.Coordinate _,
          Index.Joined _,
          Index.Next _,
          Index.Last _,
          Index.Fixed _,
          Index.Affine _,
          Index.HeadMap _,
          Index.Computed _ ->
          arithmetic.whole(index(index));
    };
  }

  private long index(Index index) {
    return switch (index) {
      case Index.Coordinate c -> coordinate(c.rank());
      case Index.Joined j ->
          coordinate(j.outer()) * elements.shapes().of(j.inner()) + coordinate(j.inner());
      case Index.Next n -> coordinate(n.rank()) + 1;
      case Index.Last l -> elements.shapes().of(l.rank());
      case Index.Fixed f -> f.coordinate();
      case Index.Affine a -> {
        long sum = a.offset();
        for (Index.Term term : a.terms()) {
          sum += term.coefficient() * coordinate(term.rank());
        }
        yield sum;
      }
      case Index.HeadMap h ->
          coordinate(h.rank()) * elements.shapes().of(h.target()) / elements.shapes().of(h.rank());
      case Index.Computed c -> rounded(quantity(c.quantity()));
      case Index.Gathered g -> rounded(read(g.access()));
    };
  }

  private long rounded(ExactValue value) {
    return switch (arithmetic.floor(value)) {
      case ExactValue.Infinite infinite -> infinite.isPositive() ? Long.MAX_VALUE : Long.MIN_VALUE;
      case ExactValue.Finite finite -> finite.whole().orElseThrow();
    };
  }
}
