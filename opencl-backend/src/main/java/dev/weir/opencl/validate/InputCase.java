package dev.weir.opencl.validate;

import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.ir.Distribution;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Inputs that a kernel is run on. */
public enum InputCase {
  /**
   * Uniform values, or those of the distribution that the cascade states; entries of tables from
   * none to all.
   */
  RANDOM("random", InputData.Kind.RANDOM),
  /** Small integers, so that maxima tie and sums cancel. */
  TIES("ties", InputData.Kind.EXACT_TIES),
  /** Products to ±10⁴. */
  LARGE("large scores", InputData.Kind.LARGE_SCORES),
  /** Tables of zeros and ones: rows that see nothing, or one point. Only where there are tables. */
  MASKED("fully masked rows", InputData.Kind.RANDOM),
  /** The same with products to ±10⁴: a row that sees one point may see a very small one. */
  MASKED_LARGE("fully masked rows, large scores", InputData.Kind.LARGE_SCORES),
  /** Uniform values, and in each input of real numbers one that is none. */
  NOT_A_NUMBER("one NaN an input", InputData.Kind.RANDOM, Double.NaN),
  /** The same with +∞, except for inputs where that means absent. */
  INFINITE("one +Inf an input", InputData.Kind.RANDOM, Double.POSITIVE_INFINITY),
  /** The same with −∞, except for inputs where that means absent. */
  NEGATIVE_INFINITE("one -Inf an input", InputData.Kind.RANDOM, Double.NEGATIVE_INFINITY);

  private final String text;
  private final InputData.Kind kind;
  private final double special;

  InputCase(String text, InputData.Kind kind) {
    this(text, kind, 0);
  }

  InputCase(String text, InputData.Kind kind, double special) {
    this.text = text;
    this.kind = kind;
    this.special = special;
  }

  /** Every case: a usual validation. */
  public static Set<InputCase> all() {
    return Set.of(values());
  }

  /** Cases whose inputs are finite. */
  public static Set<InputCase> finite() {
    return Arrays.stream(values())
        .filter(inputs -> !inputs.hasSpecial())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Its name in reports. */
  public String text() {
    return text;
  }

  /** Whether it is about tables, and the same as another case where there are none. */
  boolean needsTables() {
    return switch (this) {
      case MASKED, MASKED_LARGE -> true;
      case RANDOM, TIES, LARGE, NOT_A_NUMBER, INFINITE, NEGATIVE_INFINITE -> false;
    };
  }

  /** Whether inputs hold a number that is not finite. */
  boolean hasSpecial() {
    return !Double.isFinite(special);
  }

  /** That number. */
  double special() {
    return special;
  }

  /**
   * Whether entries of a table are from 0 to some largest one, whatever the cascade says of them.
   * What it says of single entries gives way to rows that see nothing; an order of entries does
   * not.
   */
  boolean isFree(Optional<Distribution> said) {
    return said.isEmpty() || (needsTables() && said.get() instanceof Distribution.Integers);
  }

  /** Entries of tables, from 0, when a rank has at most so many coordinates. */
  long largestEntry(long coordinates) {
    return needsTables() ? 1 : coordinates;
  }

  InputData.Kind kind() {
    return kind;
  }
}
