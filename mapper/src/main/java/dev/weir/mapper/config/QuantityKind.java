package dev.weir.mapper.config;

import dev.weir.mapper.config.Unit.Measure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A quantity that a file can be asked for: which units it may have and which amounts. */
public enum QuantityKind {
  CLOCK("a clock such as 940 MHz", Amount.POSITIVE, List.of(Measure.FREQUENCY), List.of()),
  WORD_SIZE("a word size such as 16 bit", Amount.POSITIVE, List.of(Measure.INFORMATION), List.of()),
  /** Of something whose words are not known, as in a technology table. */
  SIZE("a size such as 8 KiB", Amount.POSITIVE, List.of(Measure.INFORMATION), List.of()),
  CAPACITY(
      "a capacity such as 16 MiB",
      Amount.POSITIVE,
      List.of(Measure.INFORMATION, Measure.WORDS),
      List.of()),
  BANDWIDTH(
      "a bandwidth such as 400 GiB/s or 1024 words/cycle",
      Amount.POSITIVE,
      List.of(Measure.INFORMATION, Measure.WORDS),
      List.of(Measure.TIME, Measure.CYCLES)),
  /** A denominator may have a count: {@code 249.6 pJ/4 words} for an access of four words. */
  ACCESS_ENERGY(
      "an energy per word such as 62.4 pJ/word",
      Amount.ANY,
      List.of(Measure.ENERGY),
      List.of(Measure.WORDS, Measure.INFORMATION)),
  /** As {@link #SIZE}, where words are not known. */
  BIT_ENERGY(
      "an energy per bits such as 249.6 pJ/64 bit",
      Amount.ANY,
      List.of(Measure.ENERGY),
      List.of(Measure.INFORMATION)),
  OPERATION_ENERGY("an energy such as 17.1645 pJ", Amount.ANY, List.of(Measure.ENERGY), List.of()),
  AREA("an area such as 1545 um^2", Amount.ANY, List.of(Measure.AREA), List.of()),
  INTERVAL(
      "a number of cycles such as 1 cycle or 1/2 cycle",
      Amount.POSITIVE,
      List.of(Measure.CYCLES),
      List.of()),
  LATENCY(
      "a latency such as 100 ns or 94 cycles",
      Amount.ANY,
      List.of(Measure.TIME, Measure.CYCLES),
      List.of()),
  DELAY(
      "a whole number of cycles such as 1 cycle", Amount.WHOLE, List.of(Measure.CYCLES), List.of());

  /** Which amounts are meaningful; none is negative. */
  enum Amount {
    POSITIVE,
    ANY,
    /** Whole, written without decimals, possibly 0. */
    WHOLE
  }

  /** An amount, with a fraction or not. */
  static final String NUMBER =
      "[0-9]{1,18}(\\.[0-9]{1,18})?([eE][+-]?[0-9]{1,2})?( ?/ ?[1-9][0-9]{0,17})?";

  private static final String WHOLE_NUMBER = "[0-9]{1,18}";
  private static final String NOT_ZERO = "(?!0+(\\.0+)?([eE /]|[A-Za-z]))";

  private final String words;
  private final Amount amount;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<Measure> measures;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<Measure> divisors;

  QuantityKind(String words, Amount amount, List<Measure> measures, List<Measure> divisors) {
    this.words = words;
    this.amount = amount;
    this.measures = measures;
    this.divisors = divisors;
  }

  /** What is expected, with an example, as in "a capacity such as 16 MiB". */
  public String expected() {
    return words;
  }

  Amount amount() {
    return amount;
  }

  /** Whether a unit, alone or divided by another, measures this. */
  boolean accepts(Unit unit, Optional<Unit> divisor) {
    boolean divided = divisor.map(d -> divisors.contains(d.measures())).orElse(divisors.isEmpty());
    return divided && measures.contains(unit.measures());
  }

  /** Units that may stand here, above and below the bar. */
  List<String> unitNames() {
    return Stream.concat(measures.stream(), divisors.stream())
        .flatMap(measure -> Unit.names(measure).stream())
        .toList();
  }

  /** Regular expression (ECMA 262, as JSON schemas have them) of exactly what is accepted. */
  public String pattern() {
    String start =
        switch (amount) {
          case POSITIVE -> NOT_ZERO + NUMBER;
          case ANY -> NUMBER;
          case WHOLE -> WHOLE_NUMBER;
        };
    String divided =
        divisors.isEmpty() ? "" : " ?/ ?([1-9][0-9]{0,8} ?)?(" + alternatives(divisors) + ")";
    return "^" + start + " ?(" + alternatives(measures) + ")" + divided + "$";
  }

  private static String alternatives(List<Measure> measures) {
    return measures.stream()
        .flatMap(measure -> Unit.names(measure).stream())
        .map(name -> name.replace("^", "\\^"))
        .collect(Collectors.joining("|"));
  }
}
