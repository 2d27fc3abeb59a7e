package dev.weir.opencl.lower;

import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.MergeOperator;
import dev.weir.einsum.ir.Monoid;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a point of an Einsum adds to its output.
 *
 * @param value right side without its constant factors
 * @param factor product of the constant factors, applied once to the whole sum
 */
record Contribution(Expression value, double factor) {

  private static Contribution plain(Einsum einsum) {
    return new Contribution(einsum.value(), 1);
  }

  /** Takes constant factors out of a sum: they then cost one multiplication an element. */
  static Contribution of(Einsum einsum, Facts facts) {
    if (einsum.reduction() != Monoid.SUM) {
      return plain(einsum);
    }
    List<Expression> factors = new ArrayList<>();
    collect(einsum.value(), factors);
    double factor = 1;
    Expression rest = null;
    for (Expression next : factors) {
      var constant = facts.constant(next);
      if (constant.isPresent()) {
        factor *= constant.getAsDouble();
      } else {
        rest = rest == null ? next : product(rest, next);
      }
    }
    return rest == null ? plain(einsum) : new Contribution(rest, factor);
  }

  private static Expression product(Expression left, Expression right) {
    return new Expression.Binary(BinaryOperator.MULTIPLY, MergeOperator.INTERSECTION, left, right);
  }

  private static void collect(Expression expression, List<Expression> factors) {
    if (expression instanceof Expression.Binary binary
        && binary.operator() == BinaryOperator.MULTIPLY
        && binary.merge() == MergeOperator.INTERSECTION) {
      collect(binary.left(), factors);
      collect(binary.right(), factors);
    } else {
      factors.add(expression);
    }
  }

  /** Two values that meet at an output point; each is used more than once. */
  static Value combine(Monoid monoid, Value left, Value right) {
    return switch (monoid) {
      case SUM -> Arithmetic.infix(Value.Operator.ADD, left, right);
      case PRODUCT -> Arithmetic.infix(Value.Operator.MULTIPLY, left, right);
      case MAXIMUM -> Arithmetic.extreme(Value.Operator.LESS, left, right);
      case MINIMUM -> Arithmetic.extreme(Value.Operator.GREATER, left, right);
    };
  }

  /** Where a point counts: where its condition holds and its right side is present. */
  static Optional<Value> presence(Operand operand, Optional<Value> condition) {
    return condition.isPresent() && operand.presence().isPresent()
        ? Optional.of(Arithmetic.and(condition.get(), operand.presence().get()))
        : condition.or(operand::presence);
  }

  /** The value of a point, or the number where the point does not count. */
  static Value orElse(Operand operand, Optional<Value> condition, double number) {
    List<Value> masks = new ArrayList<>(condition.stream().toList());
    operand.mask(number).ifPresent(masks::add);
    return Arithmetic.all(masks)
        .map(mask -> Arithmetic.select(mask, operand.value(), new Value.Real(number)))
        .orElse(operand.value());
  }
}
