package dev.weir.einsum.check;

import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Expression;
import java.util.OptionalDouble;

/** Numbers that no workload changes. */
final class KnownNumbers {

  private KnownNumbers() {}

  /** The value of an expression that is made of numbers only. */
  static OptionalDouble of(Expression expression) {
    return switch (expression) {
      case Expression.Literal literal -> OptionalDouble.of(literal.value());
      case Expression.Unary unary -> {
        OptionalDouble operand = of(unary.operand());
        yield operand.isPresent()
            ? OptionalDouble.of(unary.operator().apply(operand.getAsDouble()))
            : operand;
      }
      case Expression.Binary binary -> {
        OptionalDouble left = of(binary.left());
        OptionalDouble right = of(binary.right());
        yield left.isPresent() && right.isPresent()
            ? OptionalDouble.of(binary.operator().apply(left.getAsDouble(), right.getAsDouble()))
            : OptionalDouble.empty();
      }
      case Expression.Apply apply -> of(apply.inlined());
      case Expression.ShapeValue _,
          Expression.Position _,
          Expression.ScalarRead _,
          Expression.Read _,
          Expression.Select _,
          Expression.Parameter _ ->
          OptionalDouble.empty();
    };
  }

  /** Whether something is divided by 0 at every point. */
  static boolean dividesByZero(Expression expression) {
    return expression instanceof Expression.Binary binary
        && binary.operator() == BinaryOperator.DIVIDE
        && of(binary.right()).equals(OptionalDouble.of(0));
  }

  /** Whether it is no number at any point, as the logarithm of −1. */
  static boolean isNoNumber(Expression expression) {
    return Double.isNaN(of(expression).orElse(0));
  }
}
