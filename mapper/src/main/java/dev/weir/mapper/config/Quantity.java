package dev.weir.mapper.config;

import dev.weir.einsum.source.Spelling;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An exact amount with its unit.
 *
 * @param amount the number of base units, divided by the number of base units below the bar: bits,
 *     words, seconds, cycles, hertz, joules, square millimetres
 * @param unit what it was written in
 * @param divisor what it was divided by, as {@code s} in {@code GiB/s}
 */
public record Quantity(Fraction amount, Unit unit, Optional<Unit> divisor) {

  /** What came of reading a text as a quantity. */
  public sealed interface Reading {}

  /** It is one. */
  public record Read(Quantity quantity) implements Reading {}

  /**
   * It is none.
   *
   * @param reason continues a sentence that starts with the name of the value
   * @param fix what to write instead, when that is known
   */
  public record Refused(String reason, Optional<String> fix) implements Reading {}

  /** Read as 1000 and as 1024 bytes: only the writer knows which. */
  private static final String AMBIGUOUS = "KB";

  private static final Pattern SHAPE =
      Pattern.compile(
          "(?<number>"
              + QuantityKind.NUMBER
              + ") ?(?:(?<unit>[A-Za-z]+(?:\\^2)?)(?: ?/ ?(?<count>[1-9][0-9]{0,8})?"
              + " ?(?<divisor>[A-Za-z]+))?)?");

  /** Reads a text such as {@code 400 GiB/s}. */
  public static Reading read(String text, QuantityKind kind) {
    Matcher shape = SHAPE.matcher(text);
    if (!shape.matches()) {
      return refused(noQuantity(text));
    }
    if (shape.group("unit") == null) {
      return refused("has no unit");
    }
    Optional<Unit> unit = Unit.named(shape.group("unit"));
    if (unit.isEmpty()) {
      return unknown(shape.group("unit"), kind);
    }
    Optional<Unit> divisor = Optional.ofNullable(shape.group("divisor")).flatMap(Unit::named);
    if (shape.group("divisor") != null && divisor.isEmpty()) {
      return unknown(shape.group("divisor"), kind);
    }
    if (!kind.accepts(unit.get(), divisor)) {
      return refused("has the wrong unit");
    }
    Fraction number = number(shape.group("number"));
    return switch (kind.amount()) {
      case POSITIVE -> number.isZero() ? refused("is 0") : read(number, unit.get(), divisor, shape);
      case ANY -> read(number, unit.get(), divisor, shape);
      case WHOLE ->
          shape.group("number").matches("[0-9]+")
              ? read(number, unit.get(), divisor, shape)
              : refused("is not whole");
    };
  }

  private static String noQuantity(String text) {
    if (text.startsWith("-")) {
      return "is negative";
    }
    return text.matches("[0-9]{19,}([^0-9].*)?")
        ? "has more than 18 digits"
        : "is not a number with a unit";
  }

  private static Reading read(Fraction number, Unit unit, Optional<Unit> divisor, Matcher shape) {
    Fraction amount = number.times(unit.scale());
    if (divisor.isPresent()) {
      String count = shape.group("count");
      Fraction below = count == null ? Fraction.ONE : Fraction.of(Long.parseLong(count));
      amount = amount.dividedBy(below.times(divisor.get().scale()));
    }
    return new Read(new Quantity(amount, unit, divisor));
  }

  private static Fraction number(String text) {
    String[] parts = text.split("/", 2);
    Fraction above = Fraction.of(new BigDecimal(parts[0].strip()));
    return parts.length == 1
        ? above
        : above.dividedBy(new Fraction(new BigInteger(parts[1].strip()), BigInteger.ONE));
  }

  private static Reading refused(String reason) {
    return new Refused(reason, Optional.empty());
  }

  private static Reading unknown(String unit, QuantityKind kind) {
    Optional<String> fix =
        unit.equals(AMBIGUOUS) && kind.unitNames().contains("KiB")
            ? Optional.of("KiB (1024 bytes) or kB (1000 bytes)")
            : Spelling.nearest(unit, kind.unitNames());
    return new Refused("has an unknown unit " + unit, fix);
  }
}
