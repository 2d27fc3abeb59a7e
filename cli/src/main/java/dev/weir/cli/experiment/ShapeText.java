package dev.weir.cli.experiment;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A shape as users write it, on the command line and in experiments alike: a whole number of
 * elements, {@code 4096}, or one of 1024, 1024² or 1024³ elements: {@code 4K}, {@code 4M}, {@code
 * 4G}.
 */
public final class ShapeText {

  /** In elements; more of one rank cannot be meant. */
  public static final long LARGEST = 1L << 40;

  private static final Pattern SHAPE =
      Pattern.compile("(?<number>[1-9][0-9]{0,12})(?<scale>[KMG]?)");

  private static final String LARGEST_TEXT = "1024G";

  /** More than any shape has; numbers of thousands of digits are not worked out. */
  private static final int MOST_DIGITS = 20;

  private static final Pattern NUMBER =
      Pattern.compile("(?<number>[0-9]{1,20}(\\.[0-9]{1,20})?(E\\+?[0-9]{1,3})?)(?<scale>[KMG]?)");

  private ShapeText() {}

  /** In elements; nothing when it is no shape or is larger than {@link #LARGEST}. */
  public static OptionalLong elements(String text) {
    Matcher matcher = SHAPE.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    long scale = scale(matcher.group("scale"));
    long number = Long.parseLong(matcher.group("number"));
    return number > LARGEST / scale ? OptionalLong.empty() : OptionalLong.of(number * scale);
  }

  /**
   * What was probably meant: the letter in upper case, the same number without a point or an
   * exponent, or the nearest number that is a shape.
   */
  public static Optional<String> fix(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    if (!upper.equals(text) && elements(upper).isPresent()) {
      return Optional.of(upper);
    }
    Matcher matcher = NUMBER.matcher(upper);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    BigDecimal number = new BigDecimal(matcher.group("number"));
    if (number.scale() < -MOST_DIGITS || number.precision() > MOST_DIGITS) {
      return Optional.of(LARGEST_TEXT);
    }
    BigDecimal elements = number.multiply(BigDecimal.valueOf(scale(matcher.group("scale"))));
    if (elements.compareTo(BigDecimal.valueOf(LARGEST)) > 0) {
      return Optional.of(LARGEST_TEXT);
    }
    BigDecimal whole = elements.setScale(0, RoundingMode.CEILING).max(BigDecimal.ONE);
    return Optional.of(whole.toPlainString());
  }

  private static long scale(String letter) {
    return switch (letter) {
      case "K" -> 1L << 10;
      case "M" -> 1L << 20;
      case "G" -> 1L << 30;
      default -> 1;
    };
  }
}
