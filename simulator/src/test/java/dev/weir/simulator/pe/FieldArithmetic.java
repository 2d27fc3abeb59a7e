package dev.weir.simulator.pe;

import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.UnaryOperator;
import java.math.BigInteger;

/** The integers modulo 2^61 - 1, written once more: shares nothing with the exact evaluator. */
final class FieldArithmetic implements Arithmetic {

  private static final BigInteger PRIME = BigInteger.ONE.shiftLeft(61).subtract(BigInteger.ONE);

  @Override
  public long of(double real) {
    if (real != Math.rint(real)) {
      throw new IllegalArgumentException(real + " is not whole");
    }
    return BigInteger.valueOf((long) real).mod(PRIME).longValueExact();
  }

  @Override
  public double toDouble(long number) {
    return (double) number;
  }

  @Override
  public boolean areEqual(long left, long right) {
    return left == right;
  }

  @Override
  public long apply(UnaryOperator operator, long operand) {
    if (operator != UnaryOperator.NEGATE) {
      throw new UnsupportedOperationException("a field has no " + operator.text());
    }
    return apply(BinaryOperator.SUBTRACT, 0, operand);
  }

  @Override
  public long apply(BinaryOperator operator, long left, long right) {
    BigInteger a = BigInteger.valueOf(left);
    BigInteger b = BigInteger.valueOf(right);
    BigInteger result =
        switch (operator) {
          case ADD -> a.add(b);
          case SUBTRACT -> a.subtract(b);
          case MULTIPLY -> a.multiply(b);
          case DIVIDE -> a.multiply(b.modInverse(PRIME));
          case MAXIMUM, MINIMUM, POWER, SUBTRACT_THEN_EXP ->
              throw new UnsupportedOperationException("a field has no " + operator.text());
        };
    return result.mod(PRIME).longValueExact();
  }

  @Override
  public long combine(Monoid monoid, long left, long right) {
    return switch (monoid) {
      case SUM -> apply(BinaryOperator.ADD, left, right);
      case PRODUCT -> apply(BinaryOperator.MULTIPLY, left, right);
      case MAXIMUM, MINIMUM ->
          throw new UnsupportedOperationException("a field has no " + monoid.text());
    };
  }
}
