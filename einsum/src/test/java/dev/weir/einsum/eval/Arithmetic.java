package dev.weir.einsum.eval;

import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.UnaryOperator;
import java.util.List;

/** In what precision, and in what order, evaluation on demand computes. */
interface Arithmetic {

  Arithmetic DOUBLE = new Arithmetic() {};

  default double constant(double value) {
    return value;
  }

  default double apply(UnaryOperator operator, double x) {
    return operator.apply(x);
  }

  default double apply(BinaryOperator operator, double a, double b) {
    return operator.apply(a, b);
  }

  default double combine(Monoid monoid, double a, double b) {
    return monoid.combine(a, b);
  }

  /** Reorders what is to be reduced. Modified. */
  default void arrange(List<Double> values) {}
}
