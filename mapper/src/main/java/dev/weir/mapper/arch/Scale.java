package dev.weir.mapper.arch;

import dev.weir.mapper.config.Field;
import dev.weir.mapper.config.Fraction;
import dev.weir.mapper.config.Quantity;
import dev.weir.mapper.config.QuantityKind;
import dev.weir.mapper.config.Section;
import dev.weir.mapper.config.Unit;
import dev.weir.mapper.config.Unit.Measure;
import java.util.Optional;

/**
 * Turns quantities into words and cycles of a machine, exactly.
 *
 * @param clockHertz cycles per second, in which all is counted
 * @param ownHertz cycles per second of the part whose quantities they are
 * @param wordBits bits of a word
 */
record Scale(Fraction clockHertz, Fraction ownHertz, int wordBits) {

  /** Of a part: key of a clock of its own. */
  static final String CLOCK = "clock";

  /** Wide enough for any vector register. */
  static final int WIDEST_WORD_BITS = 4096;

  /** Where a file names no usable clock or word: of every capacity it has whole words. */
  static final Scale STAND_IN = of(Fraction.of(1_000_000_000), 1);

  /** More cycles than any memory or operation takes. */
  private static final long MOST_CYCLES = Integer.MAX_VALUE;

  private static final Fraction PICO = Fraction.of(1_000_000_000_000L);

  /** Where all parts have the machine's clock. */
  static Scale of(Fraction clockHertz, int wordBits) {
    return new Scale(clockHertz, clockHertz, wordBits);
  }

  /** That of a memory or unit, which may have a clock of its own. */
  Scale of(Section part) {
    return part.optional(CLOCK)
        .flatMap(field -> field.quantity(QuantityKind.CLOCK))
        .map(own -> new Scale(clockHertz, own.amount(), wordBits))
        .orElse(this);
  }

  /** Cycles of the machine that so many of the part are. */
  private Fraction inCycles(Fraction ownCycles) {
    return ownCycles.times(clockHertz).dividedBy(ownHertz);
  }

  /** An interval, in cycles of the machine. */
  Optional<Rational> interval(Quantity interval, Field field) {
    return rational(inCycles(interval.amount()), field);
  }

  /** Words of a capacity, when they are whole. */
  Optional<Long> words(Quantity capacity, Field field) {
    Fraction words = inWords(capacity.amount(), capacity.unit());
    if (words.whole().isEmpty()) {
      field.error(
          "%s is no whole number of words (got %s = %s words of %d bit, expected whole words)"
              .formatted(field.key(), field.got(), words, wordBits));
    }
    return words.whole();
  }

  /** Words per cycle of a bandwidth. */
  Optional<Rational> wordsPerCycle(Quantity bandwidth, Field field) {
    Fraction rate = inWords(bandwidth.amount(), bandwidth.unit());
    Measure divisor = bandwidth.divisor().orElseThrow().measures();
    return rational(
        rate.dividedBy(divisor == Measure.TIME ? clockHertz : inCycles(Fraction.ONE)), field);
  }

  /** Whole cycles of a latency or delay: what is left of one, of either clock, counts as one. */
  Optional<Long> cycles(Quantity latency, Field field) {
    Fraction amount = latency.amount();
    Fraction ownCycles =
        latency.unit().measures() == Measure.TIME ? amount.times(ownHertz) : amount;
    Optional<Long> whole =
        ownCycles
            .ceiling()
            .map(own -> inCycles(Fraction.of(own)))
            .flatMap(Fraction::ceiling)
            .filter(c -> c <= MOST_CYCLES);
    if (whole.isEmpty()) {
      field.error(
          "%s is too long (got %s, expected at most %d cycles)"
              .formatted(field.key(), field.got(), MOST_CYCLES));
    }
    return whole;
  }

  /** Cycles of a stated latency; 0 where none is stated. */
  long latencyCycles(Optional<Field> stated) {
    return stated
        .flatMap(field -> field.quantity(QuantityKind.LATENCY).flatMap(q -> cycles(q, field)))
        .orElse(0L);
  }

  /** Energy of moving a word. */
  double picojoulesPerWord(Quantity energy) {
    Unit divisor = energy.divisor().orElseThrow();
    Fraction words = inWords(Fraction.ONE, divisor);
    return energy.amount().times(PICO).dividedBy(words).toDouble();
  }

  /** The area that a part states. */
  static Optional<Double> squareMillimetres(Section part) {
    return Tables.stated(part, "area")
        .flatMap(field -> field.quantity(QuantityKind.AREA))
        .map(area -> area.amount().toDouble());
  }

  static double picojoules(Quantity energy) {
    return energy.amount().times(PICO).toDouble();
  }

  /** The same fraction in 64-bit parts, when it fits. */
  private static Optional<Rational> rational(Fraction exact, Field field) {
    if (exact.numerator().bitLength() < Long.SIZE && exact.denominator().bitLength() < Long.SIZE) {
      return Optional.of(
          new Rational(exact.numerator().longValueExact(), exact.denominator().longValueExact()));
    }
    field.error(
        "%s has too many digits (got %s = %s, expected a fraction of 64-bit numbers)"
            .formatted(field.key(), field.got(), exact));
    return Optional.empty();
  }

  private Fraction inWords(Fraction amount, Unit unit) {
    return unit.measures() == Measure.WORDS ? amount : amount.dividedBy(Fraction.of(wordBits));
  }
}
