package dev.weir.einsum.exact;

import dev.weir.einsum.exact.ExactValue.Exponent;
import dev.weir.einsum.exact.ExactValue.Finite;
import dev.weir.einsum.exact.ExactValue.Infinite;
import dev.weir.einsum.ir.UnaryOperator;
import java.util.OptionalLong;
import java.util.function.DoubleUnaryOperator;

/**
 * Functions of one exact value. The exponential is a power of a random square, so that {@code exp(a
 * + b) = exp(a) exp(b)}; sigmoid and tanh are fractions of exponentials; logarithms, roots and
 * powers that are not whole are hashes of their arguments under a key.
 */
final class ExactFunctions {

  /** What is hashed; a function of two values has a hash of the second in its key. */
  private enum Opaque {
    EXPONENT,
    LOG,
    SQRT,
    POWER
  }

  private final ExactArithmetic arithmetic;
  private final ExactField field;
  private final long key;
  private final long base;

  ExactFunctions(ExactArithmetic arithmetic, ExactField field, long seed) {
    this.arithmetic = arithmetic;
    this.field = field;
    this.key = mixed(seed);
    this.base =
        field.exponential(2 + Math.floorMod(mixed(key + 1), field.elements().modulus() - 3));
  }

  ExactValue apply(UnaryOperator operator, ExactValue x) {
    return switch (operator) {
      case NEGATE -> arithmetic.negate(x);
      case EXP -> exp(x);
      case LOG -> log(x);
      case SQRT -> sqrt(x);
      case SIGMOID -> sigmoid(x);
      case TANH -> tanh(x);
      case RELU -> arithmetic.sign(x) > 0 ? x : arithmetic.whole(0);
      case ABS -> arithmetic.sign(x) < 0 ? arithmetic.negate(x) : x;
    };
  }

  ExactValue exp(ExactValue x) {
    return switch (x) {
      case Infinite infinite -> infinite.isPositive() ? infinite : arithmetic.whole(0);
      case Finite a ->
          a.isZero()
              ? arithmetic.whole(1)
              : new Finite(
                  field,
                  field.elements().power(base, exponent(a)),
                  Exponent.NONE,
                  a.enclosure().rising(Math::exp, 0, Double.POSITIVE_INFINITY));
    };
  }

  /** What stands for a number in an exponent: its image there, or a hash where it has none. */
  long exponent(Finite a) {
    return switch (a.exponent().kind()) {
      case KNOWN, SUM -> a.exponent().image();
      case NONE -> hashedExponent(Opaque.EXPONENT, 0, a.image());
      case MISSING -> field.exponents().of(a.whole().orElseThrow(() -> missing(a)));
    };
  }

  private ExactRefusal missing(Finite a) {
    return new ExactRefusal(
        "%s is no exponent over %s: its denominator is divisible by %s; evaluate over %s"
            .formatted(a, field, field.factors(), ExactField.SAFE_PRIME));
  }

  private ExactValue sigmoid(ExactValue x) {
    ExactValue one = arithmetic.whole(1);
    ExactValue e = exp(arithmetic.negate(x));
    ExactValue fraction = arithmetic.divide(one, arithmetic.add(one, e));
    return within(fraction, x, v -> 1 / (1 + Math.exp(-v)), 0);
  }

  private ExactValue tanh(ExactValue x) {
    if (x instanceof Infinite infinite) {
      return arithmetic.whole(infinite.isPositive() ? 1 : -1);
    }
    ExactValue one = arithmetic.whole(1);
    ExactValue e = exp(x);
    ExactValue square = arithmetic.multiply(e, e);
    ExactValue fraction =
        arithmetic.divide(arithmetic.subtract(square, one), arithmetic.add(square, one));
    return within(fraction, x, Math::tanh, -1);
  }

  /** The same number, in the interval of a rising function of bounded values. */
  private ExactValue within(
      ExactValue value, ExactValue x, DoubleUnaryOperator function, double least) {
    return value instanceof Finite image && x instanceof Finite argument && !image.isZero()
        ? new Finite(
            field, image.image(), image.exponent(), argument.enclosure().rising(function, least, 1))
        : value;
  }

  private ExactValue log(ExactValue x) {
    int sign = arithmetic.sign(x);
    if (sign < 0) {
      throw new ExactRefusal("log(" + x + ") is no number");
    }
    return switch (x) {
      case Infinite infinite -> infinite;
      case Finite a -> {
        if (sign == 0) {
          yield Infinite.NEGATIVE;
        }
        if (a.equals(arithmetic.whole(1))) {
          yield arithmetic.whole(0);
        }
        yield opaque(
            Opaque.LOG,
            0,
            a,
            positive(a).rising(Math::log, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
      }
    };
  }

  private ExactValue sqrt(ExactValue x) {
    int sign = arithmetic.sign(x);
    if (sign < 0) {
      throw new ExactRefusal("sqrt(" + x + ") is no number");
    }
    return switch (x) {
      case Infinite infinite -> infinite;
      case Finite a -> {
        OptionalLong whole = a.whole();
        long root = whole.isEmpty() ? 0 : Math.round(Math.sqrt((double) whole.getAsLong()));
        yield whole.isPresent() && root * root == whole.getAsLong()
            ? arithmetic.whole(root)
            : opaque(
                Opaque.SQRT, 0, a, positive(a).rising(Math::sqrt, 0, Double.POSITIVE_INFINITY));
      }
    };
  }

  /** An interval of a number that is not negative. */
  private static Enclosure positive(Finite a) {
    return new Enclosure(Math.max(0, a.enclosure().low()), a.enclosure().high());
  }

  /** Whole powers are products, and halves are powers of roots; others are hashes. */
  ExactValue power(ExactValue left, ExactValue right) {
    if (!(left instanceof Finite a) || !(right instanceof Finite b)) {
      throw new ExactRefusal(left + " ^ " + right + " has an infinity");
    }
    OptionalLong exponent = b.whole();
    if (exponent.isPresent()) {
      return power(a, exponent.getAsLong());
    }
    if (arithmetic.multiply(arithmetic.whole(2), b) instanceof Finite twice
        && twice.whole().isPresent()) {
      return power(sqrt(a), twice.whole().getAsLong());
    }
    if (arithmetic.sign(a) <= 0) {
      throw new ExactRefusal(a + " ^ " + b + " is no number");
    }
    Enclosure enclosure =
        positive(a)
            .rising(Math::log, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)
            .times(b.enclosure())
            .rising(Math::exp, 0, Double.POSITIVE_INFINITY);
    return opaque(Opaque.POWER, b.image(), a, enclosure);
  }

  private ExactValue power(ExactValue base, long exponent) {
    if (Math.abs(exponent) > 1 << 20) {
      throw new ExactRefusal("a power of " + exponent + " is too high (at most 1048576)");
    }
    ExactValue result = arithmetic.whole(1);
    ExactValue square = base;
    for (long rest = Math.abs(exponent); rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        result = arithmetic.multiply(result, square);
      }
      square = rest > 1 ? arithmetic.multiply(square, square) : square;
    }
    return exponent < 0 ? arithmetic.divide(arithmetic.whole(1), result) : result;
  }

  private Finite opaque(Opaque function, long more, Finite argument, Enclosure enclosure) {
    return new Finite(
        field,
        hash(function, more, argument.image(), field.elements()),
        Exponent.known(hashedExponent(function, more, argument.image())),
        enclosure);
  }

  /** One that can be divided by: the first of a row of hashes that is a unit. */
  private long hashedExponent(Opaque function, long more, long image) {
    long exponent = hash(function, more, image, field.exponents());
    while (field.exponentInverse(exponent).isEmpty()) {
      exponent = hash(function, more, exponent, field.exponents());
    }
    return exponent;
  }

  /** Never 0, so that a function of something is not taken for nothing. */
  private long hash(Opaque function, long more, long image, Residues residues) {
    long mixed =
        mixed(
            key
                ^ mixed(
                    image
                        ^ mixed(
                            more ^ mixed(64L * function.name().hashCode() + residues.offset()))));
    return 1 + Math.floorMod(mixed, residues.modulus() - 1);
  }

  /** The finaliser of SplitMix64 on a number moved by its increment. */
  private static long mixed(long number) {
    long z = number + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
