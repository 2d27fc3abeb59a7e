package dev.weir.mapper.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * A unit as it may be written, such as {@code GiB}. Letter case counts: {@code mJ} is not {@code
 * MJ}. {@code KB} is left out, as readers differ on whether it is 1000 or 1024 bytes.
 *
 * @param text how it is written
 * @param measures what it measures
 * @param scale how many of the base unit it is: bits, words, seconds, cycles, hertz, joules, square
 *     millimetres
 */
public record Unit(String text, Measure measures, Fraction scale) {

  /** What a unit measures. Words and cycles have a size only on a given machine. */
  public enum Measure {
    /** In bits. */
    INFORMATION,
    WORDS,
    /** In seconds. */
    TIME,
    CYCLES,
    /** In hertz. */
    FREQUENCY,
    /** In joules. */
    ENERGY,
    /** In square millimetres. */
    AREA
  }

  /** All units; the first of those that are alike is the one that is printed. */
  public static final List<Unit> ALL =
      List.of(
          unit("bit", Measure.INFORMATION, 1),
          unit("bits", Measure.INFORMATION, 1),
          unit("B", Measure.INFORMATION, 8),
          unit("kB", Measure.INFORMATION, 8 * 1_000L),
          unit("MB", Measure.INFORMATION, 8 * 1_000_000L),
          unit("GB", Measure.INFORMATION, 8 * 1_000_000_000L),
          unit("TB", Measure.INFORMATION, 8 * 1_000_000_000_000L),
          unit("KiB", Measure.INFORMATION, 8L << 10),
          unit("MiB", Measure.INFORMATION, 8L << 20),
          unit("GiB", Measure.INFORMATION, 8L << 30),
          unit("TiB", Measure.INFORMATION, 8L << 40),
          unit("word", Measure.WORDS, 1),
          unit("words", Measure.WORDS, 1),
          unit("s", Measure.TIME, 1),
          small("ms", Measure.TIME, 3),
          small("us", Measure.TIME, 6),
          small("ns", Measure.TIME, 9),
          unit("cycle", Measure.CYCLES, 1),
          unit("cycles", Measure.CYCLES, 1),
          unit("Hz", Measure.FREQUENCY, 1),
          unit("kHz", Measure.FREQUENCY, 1_000),
          unit("MHz", Measure.FREQUENCY, 1_000_000),
          unit("GHz", Measure.FREQUENCY, 1_000_000_000),
          unit("J", Measure.ENERGY, 1),
          small("mJ", Measure.ENERGY, 3),
          small("uJ", Measure.ENERGY, 6),
          small("nJ", Measure.ENERGY, 9),
          small("pJ", Measure.ENERGY, 12),
          small("fJ", Measure.ENERGY, 15),
          small("um^2", Measure.AREA, 6),
          unit("mm^2", Measure.AREA, 1));

  private static Unit unit(String text, Measure measures, long scale) {
    return new Unit(text, measures, Fraction.of(scale));
  }

  private static Unit small(String text, Measure measures, int power) {
    BigInteger parts = BigDecimal.TEN.pow(power).toBigIntegerExact();
    return new Unit(text, measures, new Fraction(BigInteger.ONE, parts));
  }

  /** The unit that is written so. */
  public static Optional<Unit> named(String text) {
    return ALL.stream().filter(unit -> unit.text.equals(text)).findFirst();
  }

  /** How the units of a measure may be written. */
  public static List<String> names(Measure measure) {
    return ALL.stream().filter(unit -> unit.measures == measure).map(Unit::text).toList();
  }
}
