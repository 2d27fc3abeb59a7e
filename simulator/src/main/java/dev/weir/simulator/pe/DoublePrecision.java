package dev.weir.simulator.pe;

import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.UnaryOperator;

/** IEEE 754 binary64. */
public final class DoublePrecision implements Arithmetic {

  @Override
  public long of(double real) {
    return Double.doubleToRawLongBits(real);
  }

  @Override
  public double toDouble(long number) {
    return Double.longBitsToDouble(number);
  }

  @Override
  public boolean areEqual(long left, long right) {
    return toDouble(left) == toDouble(right);
  }

  @Override
  public long apply(UnaryOperator operator, long operand) {
    return of(operator.apply(toDouble(operand)));
  }

  @Override
  public long apply(BinaryOperator operator, long left, long right) {
    return of(operator.apply(toDouble(left), toDouble(right)));
  }

  @Override
  public long combine(Monoid monoid, long left, long right) {
    return of(monoid.combine(toDouble(left), toDouble(right)));
  }
}
