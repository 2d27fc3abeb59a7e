package dev.weir.cli;

import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.Spelling;
import dev.weir.mapper.config.Unit;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** A buffer on the chip and the size of a word. */
final class MemoryOptions {

  private static final Pattern SIZE =
      Pattern.compile("(?<number>\\d{1,15}(\\.\\d+)?) ?(?<unit>\\w*)");
  private static final Pattern POWER_OF_TEN =
      Pattern.compile("(?<number>\\d{1,15}(\\.\\d+)?[eE][+]?\\d{1,3}) ?(?<unit>\\w*)");
  private static final int LARGEST_WORD = 64;
  private static final long LARGEST_BUFFER = 1L << 50;
  private static final int MOST_DIGITS = 12;

  @Option(
      names = "--buffer",
      paramLabel = "SIZE",
      description = {"Capacity of the chip, such as 16MiB: says what must leave it and come back."})
  private Optional<String> buffer = Optional.empty();

  @Option(
      names = "--word",
      paramLabel = "BYTES",
      defaultValue = "2",
      description = "Bytes of a word, ${DEFAULT-VALUE} if left out.")
  private String word;

  boolean isGiven() {
    return buffer.isPresent();
  }

  /** Bytes of a word. */
  int wordBytes() {
    String digits = word.endsWith("B") ? word.substring(0, word.length() - 1) : word;
    if (!digits.matches("[1-9]\\d?") || Integer.parseInt(digits) > LARGEST_WORD) {
      throw new InvalidInputException(
          "--word: error: not a size of a word (got %s, expected 1 to %d bytes)%n"
              .formatted(word, LARGEST_WORD));
    }
    return Integer.parseInt(digits);
  }

  /** Bytes of the buffer. */
  Optional<Long> bufferBytes() {
    return buffer.map(MemoryOptions::bytes);
  }

  private static long bytes(String text) {
    Matcher power = POWER_OF_TEN.matcher(text);
    if (power.matches()) {
      throw new InvalidInputException(
          "--buffer: error: not a size (got %s, expected a number without an exponent, such as 16MiB)%n%s"
              .formatted(text, plain(power)));
    }
    Matcher matcher = SIZE.matcher(text);
    List<String> units =
        Unit.names(Unit.Measure.INFORMATION).stream().filter(unit -> unit.endsWith("B")).toList();
    if (!matcher.matches() || !units.contains(matcher.group("unit"))) {
      String fix =
          matcher.matches()
              ? "    fix: " + matcher.group("number") + nearest(matcher.group("unit"), units) + "\n"
              : "";
      throw new InvalidInputException(
          "--buffer: error: not a size (got %s, expected a number with one of %s, such as 16MiB)%n%s"
              .formatted(text, String.join(", ", units), fix));
    }
    long scale =
        Unit.named(matcher.group("unit")).orElseThrow().scale().numerator().longValueExact();
    BigDecimal bits = new BigDecimal(matcher.group("number")).multiply(BigDecimal.valueOf(scale));
    BigDecimal bytes = bits.divideToIntegralValue(BigDecimal.valueOf(Byte.SIZE));
    if (bytes.compareTo(BigDecimal.valueOf(LARGEST_BUFFER)) > 0) {
      throw new InvalidInputException(
          "--buffer: error: not a size of a buffer (got %s, expected at most 1024TiB)%n    fix: 1024TiB%n"
              .formatted(text));
    }
    return bytes.longValueExact();
  }

  /** The same number in plain digits, where it has few enough of them. */
  private static String plain(Matcher power) {
    BigDecimal number = new BigDecimal(power.group("number"));
    boolean isShort = number.scale() > -MOST_DIGITS && number.scale() <= 0;
    return isShort
        ? "    fix: " + number.toPlainString() + power.group("unit") + "\n"
        : "    fix: 1024TiB at most\n";
  }

  /** M alone means what K, M and G mean in shapes. */
  private static String nearest(String unit, List<String> units) {
    return units.stream()
        .filter(one -> one.equalsIgnoreCase(unit + "iB"))
        .findFirst()
        .or(() -> Spelling.nearest(unit, units))
        .orElse("MiB");
  }
}
