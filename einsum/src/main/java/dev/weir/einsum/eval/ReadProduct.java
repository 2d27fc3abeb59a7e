package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.MergeOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A constant times two reads, present where both are. */
record ReadProduct(double factor, Access left, Access right) {

  static Optional<ReadProduct> of(Expression expression, ValueCompiler values) {
    List<Access> reads = new ArrayList<>();
    double[] factor = {1};
    return collect(expression, values, reads, factor) && reads.size() == 2
        ? Optional.of(new ReadProduct(factor[0], reads.get(0), reads.get(1)))
        : Optional.empty();
  }

  ReadProduct swapped() {
    return new ReadProduct(factor, right, left);
  }

  private static boolean collect(
      Expression expression, ValueCompiler values, List<Access> reads, double[] factor) {
    return switch (expression) {
      case Expression.Read read -> reads.add(read.access());
      case Expression.ScalarRead scalar -> multiply(factor, values.scalar(scalar.scalar()));
      case Expression.Literal literal -> multiply(factor, literal.value());
      case Expression.Binary binary ->
          binary.operator() == BinaryOperator.MULTIPLY
              && binary.merge() == MergeOperator.INTERSECTION
              && collect(binary.left(), values, reads, factor)
              && collect(binary.right(), values, reads, factor);
      case Expression.ShapeValue _,
          Expression.Position _,
          Expression.Unary _,
          Expression.Apply _,
          Expression.Parameter _,
          Expression.Select _ ->
          false;
    };
  }

  private static boolean multiply(double[] factor, double value) {
    factor[0] *= value;
    return Double.isFinite(value);
  }
}
