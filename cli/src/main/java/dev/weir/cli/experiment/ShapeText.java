package dev.weir.cli.experiment;

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

  private ShapeText() {}

  /** In elements; nothing when it is no shape or is larger than {@link #LARGEST}. */
  public static OptionalLong elements(String text) {
    Matcher matcher = SHAPE.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    int power =
        switch (matcher.group("scale")) {
          case "K" -> 10;
          case "M" -> 20;
          case "G" -> 30;
          default -> 0;
        };
    long number = Long.parseLong(matcher.group("number"));
    return number > LARGEST >> power ? OptionalLong.empty() : OptionalLong.of(number << power);
  }

  /** What was probably meant, when only the letter's case is wrong. */
  public static Optional<String> fix(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    return !upper.equals(text) && elements(upper).isPresent()
        ? Optional.of(upper)
        : Optional.empty();
  }
}
