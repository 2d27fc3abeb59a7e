package dev.weir.einsum.exact;

import java.util.OptionalLong;

/**
 * A value without rounding. It is known by its image in a field of prime order, where a random
 * element to the power x stands for e^x; two values are equal if their images are. Its place in the
 * order of real numbers is known by an interval that holds it.
 */
public sealed interface ExactValue {

  /** About where it lies among the real numbers: the middle of its interval. */
  default double approximately() {
    return switch (this) {
      case Finite finite -> finite.enclosure.low() / 2 + finite.enclosure.high() / 2;
      case Infinite infinite ->
          infinite.isPositive() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    };
  }

  /**
   * A number.
   *
   * <p>An exponent is a number again, in a field of its own. A sum of products of rational numbers,
   * logarithms and roots has an image there, which its value determines. What an exponential went
   * into has none; there a hash of the value stands for it when it becomes an exponent.
   */
  final class Finite implements ExactValue {

    private final ExactField field;
    private final long image;
    private final Exponent exponent;
    private final Enclosure enclosure;

    Finite(ExactField field, long image, Exponent exponent, Enclosure enclosure) {
      this.field = field;
      this.image = image;
      this.exponent = exponent;
      this.enclosure = enclosure;
    }

    /** The element of the field that the number is. */
    public long image() {
      return image;
    }

    Exponent exponent() {
      return exponent;
    }

    Enclosure enclosure() {
      return enclosure;
    }

    Finite withoutExponent() {
      return new Finite(field, image, Exponent.NONE, enclosure);
    }

    /** Whether it is nothing but 0. */
    public boolean isZero() {
      return image == 0;
    }

    /** The whole number that it is, if its interval holds one that has its image. */
    OptionalLong whole() {
      double nearest = Math.rint(enclosure.low());
      for (double candidate : new double[] {nearest, Math.rint(enclosure.high())}) {
        if (enclosure.holds(candidate)
            && Math.abs(candidate) <= 0x1p53
            && field.elements().of((long) candidate) == image) {
          return OptionalLong.of((long) candidate);
        }
      }
      return OptionalLong.empty();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Finite finite && finite.image == image && finite.field == field;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(image);
    }

    @Override
    public String toString() {
      OptionalLong whole = whole();
      if (whole.isPresent()) {
        return Long.toString(whole.getAsLong());
      }
      return enclosure.isPoint()
          ? Double.toString(enclosure.low())
          : "[%s, %s] = %x".formatted(enclosure.low(), enclosure.high(), image);
    }
  }

  /**
   * What stands for a number where it is an exponent.
   *
   * @param kind whether anything does
   * @param image exponent in the field of the value
   */
  record Exponent(Kind kind, long image) {

    static final Exponent NONE = new Exponent(Kind.NONE, 0);
    static final Exponent MISSING = new Exponent(Kind.MISSING, 0);

    static Exponent known(long image) {
      return new Exponent(Kind.KNOWN, image);
    }

    /** How an image came about. */
    enum Kind {
      /** The value decides it, however it was computed. */
      KNOWN,
      /** A sum of hashes, good for the homomorphism of exp only. */
      SUM,
      /** A hash of the value does. */
      NONE,
      /** It is a number that the field has no exponent for. */
      MISSING
    }
  }

  /** An infinity, above or below all numbers. */
  record Infinite(boolean isPositive) implements ExactValue {

    static final Infinite POSITIVE = new Infinite(true);
    static final Infinite NEGATIVE = new Infinite(false);

    static Infinite of(boolean isPositive) {
      return isPositive ? POSITIVE : NEGATIVE;
    }

    Infinite negated() {
      return of(!isPositive);
    }

    @Override
    public String toString() {
      return isPositive ? "inf" : "-inf";
    }
  }
}
