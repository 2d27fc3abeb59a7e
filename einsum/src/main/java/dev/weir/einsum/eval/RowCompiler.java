package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import java.util.OptionalLong;

/**
 * Turns the right side of an Einsum into a function of a point that gives the values at it and at
 * the next coordinates of one rank. What has no form over rows is computed point by point.
 */
final class RowCompiler {

  /**
   * Values from a point on, at most {@link Row#CAPACITY}. The row belongs to the function, which
   * overwrites it; the point is as before.
   */
  @FunctionalInterface
  interface RowAt {
    Row at(long[] point, int length);
  }

  private final PointCompiler points;
  private final ValueCompiler values;
  private final RankName rank;
  private final int slot;

  RowCompiler(PointCompiler points, RankName rank) {
    this.points = points;
    this.values = new ValueCompiler(points);
    this.rank = rank;
    this.slot = points.slot(rank);
  }

  RowAt row(Expression expression) {
    return switch (expression) {
      case Expression.Literal literal -> constant(literal.value());
      case Expression.ShapeValue shape -> constant((double) points.shapes().of(shape.rank()));
      case Expression.ScalarRead read -> constant(values.scalar(read.scalar()));
      case Expression.Position position -> position(position);
      case Expression.Read read ->
          RowRead.of(read.access(), rank, points)
              .<RowAt>map(row -> row)
              .orElseGet(() -> pointwise(read));
      case Expression.Unary unary -> {
        RowAt operand = row(unary.operand());
        Row result = new Row();
        yield (point, length) -> {
          RowOperators.apply(unary.operator(), operand.at(point, length), result, length);
          return result;
        };
      }
      case Expression.Binary binary -> binary(binary);
      case Expression.Apply apply -> row(apply.inlined());
      case Expression.Select select -> select(select);
      case Expression.Parameter parameter ->
          throw new IllegalStateException("a parameter outside its function: " + parameter);
    };
  }

  private static RowAt constant(double value) {
    Row row = Row.filled(value);
    return (_, _) -> row;
  }

  private RowAt pointwise(Expression expression) {
    ValueCompiler.ValueAt value = values.value(expression);
    Row row = new Row();
    ValueCompiler.Frame frame = new ValueCompiler.Frame(points.newPoint());
    return (point, length) -> {
      System.arraycopy(point, 0, frame.point, 0, point.length);
      for (int i = 0; i < length; i++) {
        row.values[i] = value.at(frame);
        row.mark(i, frame.isPresent);
        frame.point[slot]++;
      }
      return row;
    };
  }

  private RowAt position(Expression.Position position) {
    OptionalLong step = RankStep.of(position.index(), rank, points.shapes());
    if (step.isEmpty()) {
      return pointwise(position);
    }
    PointCompiler.IntegerAt index = points.index(position.index());
    long each = step.getAsLong();
    Row row = new Row();
    return (point, length) -> {
      long first = index.at(point);
      for (int i = 0; i < length; i++) {
        row.values[i] = (double) (first + i * each);
      }
      return row;
    };
  }

  private RowAt binary(Expression.Binary binary) {
    RowAt left = row(binary.left());
    RowAt right = row(binary.right());
    Row result = new Row();
    return (point, length) -> {
      Row a = left.at(point, length);
      Row b = right.at(point, length);
      RowOperators.apply(binary.operator(), binary.merge(), a, b, result, length);
      return result;
    };
  }

  private RowAt select(Expression.Select select) {
    PointCompiler.HoldsAt condition = points.condition(select.condition());
    if (!reads(select.condition())) {
      RowAt then = row(select.then());
      RowAt otherwise = row(select.otherwise());
      return (point, length) -> (condition.at(point) ? then : otherwise).at(point, length);
    }
    // A branch that can fail must not run where the condition keeps from it.
    if (!cannotFail(select.then()) || !cannotFail(select.otherwise())) {
      return pointwise(select);
    }
    return blend(condition, row(select.then()), row(select.otherwise()));
  }

  private RowAt blend(PointCompiler.HoldsAt condition, RowAt then, RowAt otherwise) {
    Row result = new Row();
    return (point, length) -> {
      Row a = then.at(point, length);
      Row b = otherwise.at(point, length);
      long start = point[slot];
      for (int i = 0; i < length; i++) {
        point[slot] = start + i;
        Row chosen = condition.at(point) ? a : b;
        result.values[i] = chosen.values[i];
        result.mark(i, chosen.isPresent(i));
      }
      point[slot] = start;
      return result;
    };
  }

  /** Only computed coordinates can: they may divide by 0. */
  private static boolean cannotFail(Expression expression) {
    return switch (expression) {
      case Expression.Select _ -> false;
      case Expression.Apply apply -> cannotFail(apply.inlined());
      case Expression.Literal _,
          Expression.ShapeValue _,
          Expression.ScalarRead _,
          Expression.Position _,
          Expression.Read _,
          Expression.Parameter _,
          Expression.Unary _,
          Expression.Binary _ ->
          expression
                  .indices()
                  .noneMatch(i -> i instanceof Index.Computed || i instanceof Index.Gathered)
              && expression.children().stream().allMatch(RowCompiler::cannotFail);
    };
  }

  private boolean reads(Condition condition) {
    return condition.ranks().anyMatch(rank::equals);
  }
}
