package dev.weir.cli.experiment;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.InvalidInputException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Shapes whose counts are larger than any that Weir can count: the user's to mend, not a fault. */
public final class Overflow {

  static final String FIX = "smaller shapes";

  private Overflow() {}

  /**
   * Counts something.
   *
   * @param origin where shapes were given, for the message
   * @throws InvalidInputException when a count does not fit 64 bits
   */
  public static <T> T refused(Map<RankName, Long> shapes, String origin, Supplier<T> counting) {
    try {
      return counting.get();
    } catch (ArithmeticException overflow) {
      requireOverflow(overflow);
      throw new InvalidInputException(
          "%s: error: %s%n    fix: %s%n".formatted(origin, message(shapes), FIX));
    }
  }

  /** One sentence. */
  static String message(Map<RankName, Long> shapes) {
    return "counts do not fit 64 bits (shapes "
        + new TreeMap<>(shapes)
            .entrySet().stream()
                .map(shape -> shape.getKey() + "=" + shape.getValue())
                .collect(Collectors.joining(", "))
        + ")";
  }

  /** A division by zero and the like is ours. */
  static void requireOverflow(ArithmeticException exception) {
    String message = String.valueOf(exception.getMessage());
    if (!message.contains("overflow")) {
      throw exception;
    }
  }
}
