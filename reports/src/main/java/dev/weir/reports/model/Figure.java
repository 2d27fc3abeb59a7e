package dev.weir.reports.model;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/**
 * A number that a report shows, never without its unit and its source.
 *
 * @param value exact; a ratio is a fraction of 1, an energy is in picojoules
 * @param unit what it counts
 * @param source who says so
 */
public record Figure(BigDecimal value, Unit unit, Source source) {

  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final BigDecimal FINEST_PERCENT = new BigDecimal("0.001");
  private static final List<String> DECIMAL = List.of("p", "n", "µ", "m", "", "k", "M", "G", "T");
  private static final List<String> LARGE = List.of("", "k", "M", "G", "T", "P");
  private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi");
  private static final int DIGITS = 4;

  public Figure {
    requireNonNull(value, "value");
    requireNonNull(unit, "unit");
    requireNonNull(source, "source");
  }

  public static Figure of(long value, Unit unit, Source source) {
    return new Figure(BigDecimal.valueOf(value), unit, source);
  }

  public static Figure of(double value, Unit unit, Source source) {
    return new Figure(BigDecimal.valueOf(value), unit, source);
  }

  /** For people: at most four significant digits where the unit is scaled, else grouped digits. */
  public String text() {
    return switch (unit.scale()) {
      case NONE -> grouped(value) + " " + counted(unit.symbol());
      case FOUR_DIGITS -> plain(value, DIGITS) + " " + unit.symbol();
      case PERCENT -> percent();
      case SCIENTIFIC -> scientific();
      case DECIMAL -> scaled(DECIMAL, unit == Unit.PICOJOULES ? 0 : 4, 1000);
      case BINARY -> scaled(BINARY, 0, 1024);
      case DECIMAL_ABOVE_MILLION ->
          value.abs().compareTo(MILLION) < 0
              ? grouped(value) + " " + counted(unit.symbol())
              : scaled(LARGE, 0, 1000);
    };
  }

  /** Every digit there is. */
  public String exact() {
    return grouped(value) + " " + unit.exactSymbol();
  }

  /**
   * Three digits; more where they would say that a share is whole or nothing while it is not, as
   * far as there are {@link #FINEST_PERCENT}.
   */
  private String percent() {
    BigDecimal percent = value.movePointRight(2);
    if (percent.signum() != 0 && percent.abs().compareTo(FINEST_PERCENT) < 0) {
      return (percent.signum() < 0 ? "> -" : "< ") + FINEST_PERCENT.toPlainString() + " %";
    }
    BigDecimal missing = percent.subtract(HUNDRED).abs();
    if (missing.signum() == 0 || !plain(percent, 3).equals("100")) {
      return plain(percent, 3) + " %";
    }
    if (missing.compareTo(FINEST_PERCENT) < 0) {
      return percent.compareTo(HUNDRED) < 0
          ? "> " + HUNDRED.subtract(FINEST_PERCENT).toPlainString() + " %"
          : "> 100 %";
    }
    return grouped(HUNDRED.add(awayFromHundred(percent))) + " %";
  }

  /** The distance from 100 in one digit, never rounded to none. */
  private static BigDecimal awayFromHundred(BigDecimal percent) {
    return percent.subtract(HUNDRED).round(new MathContext(1, RoundingMode.HALF_EVEN));
  }

  /** One pass, two passes. */
  private String counted(String plural) {
    if (value.compareTo(BigDecimal.ONE) != 0) {
      return plural;
    }
    return plural.replaceFirst("(?<=ss)es$|s$", "");
  }

  private String scientific() {
    return value.signum() == 0
        ? "0"
        : String.format(Locale.ROOT, "%.2e", value.doubleValue()) + " " + unit.symbol();
  }

  private String scaled(List<String> prefixes, int start, int base) {
    if (value.signum() == 0) {
      return "0 " + unit.symbol();
    }
    BigDecimal step = BigDecimal.valueOf(base);
    BigDecimal scaled = value;
    int at = start;
    while (scaled.abs().round(new MathContext(DIGITS)).compareTo(step) >= 0
        && at < prefixes.size() - 1) {
      scaled = scaled.divide(step, MathContext.DECIMAL64);
      at++;
    }
    while (scaled.abs().round(new MathContext(DIGITS)).compareTo(BigDecimal.ONE) < 0 && at > 0) {
      scaled = scaled.multiply(step);
      at--;
    }
    return plain(scaled, DIGITS) + " " + prefixes.get(at) + unit.symbol();
  }

  private static String plain(BigDecimal number, int digits) {
    BigDecimal rounded = number.round(new MathContext(digits, RoundingMode.HALF_EVEN));
    return grouped(rounded.scale() < 0 ? rounded.setScale(0) : rounded);
  }

  private static String grouped(BigDecimal number) {
    BigDecimal shortest = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    String digits = shortest.toPlainString();
    int point = digits.indexOf('.');
    String whole = point < 0 ? digits : digits.substring(0, point);
    String rest = point < 0 ? "" : digits.substring(point);
    return whole.replaceAll("(?<=\\d)(?=(\\d{3})+$)", ",") + rest;
  }
}
