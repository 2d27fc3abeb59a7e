package dev.weir.simulator.pe;

import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.UnaryOperator;

/**
 * The numbers that processing elements compute with. A number travels as 64 bits, whose meaning is
 * known here only, so that the same machine can run in floating point or over a finite field.
 */
public interface Arithmetic {

  /** The number that stands for a real one. */
  long of(double real);

  /** The real number that a number stands for, or the nearest one. */
  double toDouble(long number);

  /** Whether two numbers are equal, as a read of the empty value is absent. */
  boolean areEqual(long left, long right);

  long apply(UnaryOperator operator, long operand);

  long apply(BinaryOperator operator, long left, long right);

  /** Two contributions to one element as one. */
  long combine(Monoid monoid, long left, long right);
}
