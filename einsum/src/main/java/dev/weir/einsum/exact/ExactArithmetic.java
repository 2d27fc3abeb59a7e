package dev.weir.einsum.exact;

import dev.weir.einsum.exact.ExactValue.Exponent;
import dev.weir.einsum.exact.ExactValue.Finite;
import dev.weir.einsum.exact.ExactValue.Infinite;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Monoid;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.OptionalLong;
import java.util.function.LongBinaryOperator;

/** Operators of two exact values, and how values are ordered; functions of one are elsewhere. */
final class ExactArithmetic {

  private final ExactField field;
  private final Residues values;
  private final Residues exponents;
  private final Finite zero;
  private final ExactFunctions functions;

  ExactArithmetic(ExactField field, long seed) {
    this.field = field;
    this.values = field.elements();
    this.exponents = field.exponents();
    this.zero = whole(0);
    this.functions = new ExactFunctions(this, field, seed);
  }

  ExactFunctions functions() {
    return functions;
  }

  Finite whole(long number) {
    Enclosure enclosure =
        Math.abs(number) <= 1L << 53
            ? Enclosure.of((double) number)
            : new Enclosure(Math.nextDown((double) number), Math.nextUp((double) number));
    return new Finite(field, values.of(number), Exponent.known(exponents.of(number)), enclosure);
  }

  /** A number as it is printed: 0.1 is a tenth. */
  ExactValue number(double number) {
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
    long inverse = field.inverse(values.of(denominator));
    // Both orders are prime to ten.
    long exponentInverse = field.exponentInverse(exponents.of(denominator)).orElseThrow();
    BigInteger whole = numerator.multiply(factor);
    return new Finite(
        field,
        values.multiply(values.of(whole), inverse),
        Exponent.known(exponents.multiply(exponents.of(whole), exponentInverse)),
        enclosure);
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
        ? add(a, b, exponent(a, b, exponents::add))
        : add(left, right);
  }

  /** The value without what it is the sum of: for the results of reductions. */
  static ExactValue forgetful(ExactValue value) {
    return value instanceof Finite finite && finite.exponent().kind() == Exponent.Kind.SUM
        ? finite.withoutExponent()
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
    Exponent exponent = exponent(a, b, exponents::add);
    return add(a, b, exponent.kind() == Exponent.Kind.NONE ? sumOfHashes(a, b) : exponent);
  }

  private Exponent sumOfHashes(Finite a, Finite b) {
    return isMissing(a) || isMissing(b)
        ? Exponent.MISSING
        : new Exponent(
            Exponent.Kind.SUM, exponents.add(functions.exponent(a), functions.exponent(b)));
  }

  private static boolean isMissing(Finite value) {
    return value.exponent().kind() == Exponent.Kind.MISSING;
  }

  private Finite add(Finite a, Finite b, Exponent exponent) {
    if (a.isZero() || b.isZero()) {
      return a.isZero() ? b : a;
    }
    long image = values.add(a.image(), b.image());
    return image == 0
        ? zero
        : new Finite(field, image, exponent, a.enclosure().plus(b.enclosure()));
  }

  /** The exponent of a sum or a product, as far as those of both values tell it. */
  private static Exponent exponent(Finite a, Finite b, LongBinaryOperator operator) {
    return switch (kind(a, b)) {
      case KNOWN ->
          Exponent.known(operator.applyAsLong(a.exponent().image(), b.exponent().image()));
      case SUM, NONE -> Exponent.NONE;
      case MISSING -> Exponent.MISSING;
    };
  }

  /** Of two numbers with exponents, one of them missing, the result is such a number again. */
  private static Exponent.Kind kind(Finite a, Finite b) {
    if (a.exponent().kind() == Exponent.Kind.KNOWN && b.exponent().kind() == Exponent.Kind.KNOWN) {
      return Exponent.Kind.KNOWN;
    }
    return isHashed(a) || isHashed(b) ? Exponent.Kind.NONE : Exponent.Kind.MISSING;
  }

  private static boolean isHashed(Finite value) {
    return value.exponent().kind() == Exponent.Kind.NONE
        || value.exponent().kind() == Exponent.Kind.SUM;
  }

  ExactValue negate(ExactValue value) {
    return switch (value) {
      case Infinite infinite -> infinite.negated();
      case Finite a ->
          a.isZero()
              ? zero
              : new Finite(
                  field, values.negate(a.image()), negatedExponent(a), a.enclosure().negated());
    };
  }

  private Exponent negatedExponent(Finite a) {
    return switch (a.exponent().kind()) {
      case KNOWN -> Exponent.known(exponents.negate(a.exponent().image()));
      case SUM, NONE -> new Exponent(Exponent.Kind.SUM, exponents.negate(functions.exponent(a)));
      case MISSING -> Exponent.MISSING;
    };
  }

  ExactValue subtract(ExactValue left, ExactValue right) {
    return add(left, negate(right));
  }

  ExactValue multiply(ExactValue left, ExactValue right) {
    if (left instanceof Finite a && right instanceof Finite b) {
      if (a.isZero() || b.isZero()) {
        return zero;
      }
      return new Finite(
          field,
          values.multiply(a.image(), b.image()),
          exponent(a, b, exponents::multiply),
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
        yield zero;
      }
    };
  }

  private Finite divide(Finite a, Finite b) {
    Finite quotient =
        new Finite(
            field,
            values.multiply(a.image(), field.inverse(b.image())),
            exponentOfQuotient(a, b),
            a.enclosure().over(b.enclosure()));
    OptionalLong whole = quotient.whole();
    return whole.isPresent() ? whole(whole.getAsLong()) : quotient;
  }

  private Exponent exponentOfQuotient(Finite a, Finite b) {
    Exponent.Kind kind = kind(a, b);
    OptionalLong inverse =
        kind == Exponent.Kind.KNOWN
            ? field.exponentInverse(b.exponent().image())
            : OptionalLong.empty();
    if (inverse.isPresent()) {
      return Exponent.known(exponents.multiply(a.exponent().image(), inverse.getAsLong()));
    }
    return kind == Exponent.Kind.NONE ? Exponent.NONE : Exponent.MISSING;
  }

  /** -1, 0 or 1. */
  int sign(ExactValue value) {
    return compare(value, zero);
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
