package dev.weir.einsum.exact;

import dev.weir.einsum.exact.ExactValue.Exponent;
import dev.weir.einsum.exact.ExactValue.Finite;
import dev.weir.einsum.exact.ExactValue.Infinite;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Monoid;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.OptionalLong;

/** Operators of two exact values, and how values are ordered; functions of one are elsewhere. */
final class ExactArithmetic {

  private static final PrimeField VALUES = PrimeField.VALUES;
  private static final PrimeField EXPONENTS = PrimeField.EXPONENTS;
  private static final Finite ZERO = whole(0);

  private final ExactFunctions functions;

  ExactArithmetic(long seed) {
    this.functions = new ExactFunctions(this, seed);
  }

  ExactFunctions functions() {
    return functions;
  }

  static Finite whole(long number) {
    Enclosure enclosure =
        Math.abs(number) <= 1L << 53
            ? Enclosure.of((double) number)
            : new Enclosure(Math.nextDown((double) number), Math.nextUp((double) number));
    return new Finite(VALUES.of(number), Exponent.known(EXPONENTS.of(number)), enclosure);
  }

  /** A number as it is printed: 0.1 is a tenth. */
  static ExactValue number(double number) {
    if (Double.isNaN(number)) {
      throw new ExactRefusal("NaN is no number");
    }
    if (Double.isInfinite(number)) {
      return Infinite.of(number > 0);
    }
    if (number == Math.rint(number) && Math.abs(number) <= 0x1p53) {
      return whole((long) number);
    }
    BigDecimal printed = new BigDecimal(Double.toString(number));
    BigInteger ten = BigInteger.TEN.pow(Math.abs(printed.scale()));
    BigInteger numerator = printed.unscaledValue();
    BigInteger denominator = printed.scale() > 0 ? ten : BigInteger.ONE;
    BigInteger factor = printed.scale() > 0 ? BigInteger.ONE : ten;
    Enclosure enclosure =
        new BigDecimal(number).compareTo(printed) == 0
            ? Enclosure.of(number)
            : new Enclosure(Math.nextDown(number), Math.nextUp(number));
    return new Finite(
        ratio(VALUES, numerator.multiply(factor), denominator),
        Exponent.known(ratio(EXPONENTS, numerator.multiply(factor), denominator)),
        enclosure);
  }

  private static long ratio(PrimeField field, BigInteger numerator, BigInteger denominator) {
    return field.multiply(field.of(numerator), field.inverse(field.of(denominator)));
  }

  ExactValue apply(BinaryOperator operator, ExactValue left, ExactValue right) {
    return switch (operator) {
      case ADD -> add(left, right);
      case SUBTRACT -> subtract(left, right);
      case MULTIPLY -> multiply(left, right);
      case DIVIDE -> divide(left, right);
      case MAXIMUM -> compare(left, right) >= 0 ? left : right;
      case MINIMUM -> compare(left, right) <= 0 ? left : right;
      case POWER -> functions.power(left, right);
      case SUBTRACT_THEN_EXP -> functions.exp(subtract(left, right));
    };
  }

  ExactValue combine(Monoid monoid, ExactValue left, ExactValue right) {
    return switch (monoid) {
      case SUM -> accumulate(left, right);
      case PRODUCT -> multiply(left, right);
      case MAXIMUM -> apply(BinaryOperator.MAXIMUM, left, right);
      case MINIMUM -> apply(BinaryOperator.MINIMUM, left, right);
    };
  }

  /** A sum of which only the value is known where it becomes an exponent, not what was added. */
  private ExactValue accumulate(ExactValue left, ExactValue right) {
    return left instanceof Finite a && right instanceof Finite b
        ? add(a, b, known(a, b, PrimeField::add))
        : add(left, right);
  }

  /** The value without what it is the sum of: for the results of reductions. */
  static ExactValue forgetful(ExactValue value) {
    return value instanceof Finite finite && finite.exponent().kind() == Exponent.Kind.SUM
        ? new Finite(finite.image(), Exponent.NONE, finite.enclosure())
        : value;
  }

  ExactValue add(ExactValue left, ExactValue right) {
    return switch (left) {
      case Infinite infinite -> {
        if (infinite.negated().equals(right)) {
          throw new ExactRefusal("inf - inf is no number");
        }
        yield infinite;
      }
      case Finite a ->
          switch (right) {
            case Infinite infinite -> infinite;
            case Finite b -> add(a, b);
          };
    };
  }

  private Finite add(Finite a, Finite b) {
    Exponent known = known(a, b, PrimeField::add);
    return add(
        a,
        b,
        known.kind() == Exponent.Kind.KNOWN
            ? known
            : new Exponent(
                Exponent.Kind.SUM, EXPONENTS.add(functions.exponent(a), functions.exponent(b))));
  }

  private static Finite add(Finite a, Finite b, Exponent exponent) {
    if (a.isZero() || b.isZero()) {
      return a.isZero() ? b : a;
    }
    long image = VALUES.add(a.image(), b.image());
    return image == 0 ? ZERO : new Finite(image, exponent, a.enclosure().plus(b.enclosure()));
  }

  /** An operator of a field. */
  @FunctionalInterface
  private interface FieldOperator {
    long apply(PrimeField field, long a, long b);
  }

  private static Exponent known(Finite a, Finite b, FieldOperator operator) {
    boolean isKnown =
        a.exponent().kind() == Exponent.Kind.KNOWN && b.exponent().kind() == Exponent.Kind.KNOWN;
    return isKnown
        ? Exponent.known(operator.apply(EXPONENTS, a.exponent().image(), b.exponent().image()))
        : Exponent.NONE;
  }

  ExactValue negate(ExactValue value) {
    return switch (value) {
      case Infinite infinite -> infinite.negated();
      case Finite a ->
          a.isZero()
              ? ZERO
              : new Finite(
                  VALUES.negate(a.image()),
                  new Exponent(
                      a.exponent().kind() == Exponent.Kind.KNOWN
                          ? Exponent.Kind.KNOWN
                          : Exponent.Kind.SUM,
                      EXPONENTS.negate(functions.exponent(a))),
                  a.enclosure().negated());
    };
  }

  ExactValue subtract(ExactValue left, ExactValue right) {
    return add(left, negate(right));
  }

  ExactValue multiply(ExactValue left, ExactValue right) {
    if (left instanceof Finite a && right instanceof Finite b) {
      if (a.isZero() || b.isZero()) {
        return ZERO;
      }
      return new Finite(
          VALUES.multiply(a.image(), b.image()),
          known(a, b, PrimeField::multiply),
          a.enclosure().times(b.enclosure()));
    }
    int sign = sign(left) * sign(right);
    if (sign == 0) {
      throw new ExactRefusal("0 * inf is no number");
    }
    return Infinite.of(sign > 0);
  }

  ExactValue divide(ExactValue left, ExactValue right) {
    return switch (right) {
      case Finite b -> {
        if (b.isZero()) {
          throw new ExactRefusal(left + " / 0 is no number");
        }
        yield left instanceof Finite a ? divide(a, b) : multiply(left, b);
      }
      case Infinite infinite -> {
        if (left instanceof Infinite) {
          throw new ExactRefusal(left + " / " + infinite + " is no number");
        }
        yield ZERO;
      }
    };
  }

  private static Finite divide(Finite a, Finite b) {
    boolean isKnown = b.exponent().image() != 0;
    Finite quotient =
        new Finite(
            VALUES.multiply(a.image(), VALUES.inverse(b.image())),
            isKnown
                ? known(a, b, (field, x, y) -> field.multiply(x, field.inverse(y)))
                : Exponent.NONE,
            a.enclosure().over(b.enclosure()));
    OptionalLong whole = quotient.whole();
    return whole.isPresent() ? whole(whole.getAsLong()) : quotient;
  }

  /** -1, 0 or 1. */
  int sign(ExactValue value) {
    return compare(value, ZERO);
  }

  /**
   * The order of two values.
   *
   * @throws ExactRefusal if they differ by less than is known of them
   */
  int compare(ExactValue left, ExactValue right) {
    return switch (left) {
      case Infinite infinite -> infinite.equals(right) ? 0 : infinite.isPositive() ? 1 : -1;
      case Finite a ->
          switch (right) {
            case Infinite infinite -> infinite.isPositive() ? -1 : 1;
            case Finite b -> compare(a, b);
          };
    };
  }

  private static int compare(Finite a, Finite b) {
    if (a.equals(b)) {
      return 0;
    }
    if (a.enclosure().high() <= b.enclosure().low()) {
      return -1;
    }
    if (a.enclosure().low() >= b.enclosure().high()) {
      return 1;
    }
    throw new ExactRefusal(
        "which of " + a + " and " + b + " is larger cannot be told in double precision");
  }

  /** Rounded down to a whole number. */
  ExactValue floor(ExactValue value) {
    if (!(value instanceof Finite a)) {
      return value;
    }
    if (a.whole().isPresent()) {
      return a;
    }
    double floor = Math.floor(a.enclosure().low());
    if (floor != Math.floor(a.enclosure().high()) || Math.abs(floor) > 0x1p53) {
      throw new ExactRefusal("to which whole number " + a + " rounds down cannot be told");
    }
    return whole((long) floor);
  }
}
