package dev.weir.reports.model;

/** What a figure counts or measures. */
public enum Unit {
  CYCLES("cycles", Scale.NONE),
  SECONDS("s", Scale.DECIMAL),
  WORDS("words", Scale.DECIMAL_ABOVE_MILLION),
  BYTES("B", Scale.BINARY),
  PICOJOULES("J", Scale.DECIMAL),
  SQUARE_MILLIMETRES("mm²", Scale.FOUR_DIGITS),
  /** A fraction, shown in percent. */
  RATIO("%", Scale.PERCENT),
  OPERATIONS("operations", Scale.DECIMAL_ABOVE_MILLION),
  PASSES("passes", Scale.NONE),
  SCHEDULES("schedules", Scale.NONE),
  ELEMENTS("elements", Scale.NONE),
  EINSUMS("Einsums", Scale.NONE),
  REGISTERS("registers", Scale.NONE),
  /** Work-items that step together, as AMD calls them. */
  WAVES("waves", Scale.NONE),
  /** The same, as NVIDIA calls them. */
  WARPS("warps", Scale.NONE),
  INSTRUCTIONS("instructions", Scale.NONE),
  /** Floating-point operations, a multiply-accumulate counting two. */
  OPERATIONS_PER_SECOND("flop/s", Scale.DECIMAL),
  /** A number that is a plain parameter or quotient of like things, shown with what it is of. */
  TIMES("×", Scale.FOUR_DIGITS),
  /** A difference of values of a tensor, which have no unit. */
  ABSOLUTE("abs.", Scale.SCIENTIFIC);

  /** How a figure is shortened for people; the exact value is always there too. */
  enum Scale {
    NONE,
    FOUR_DIGITS,
    DECIMAL,
    DECIMAL_ABOVE_MILLION,
    BINARY,
    PERCENT,
    SCIENTIFIC
  }

  private final String symbol;
  private final Scale scale;

  Unit(String symbol, Scale scale) {
    this.symbol = symbol;
    this.scale = scale;
  }

  /** As it is written behind a scaled number. */
  public String symbol() {
    return symbol;
  }

  /** As it is written behind the exact number. */
  public String exactSymbol() {
    return switch (this) {
      case PICOJOULES -> "pJ";
      case RATIO -> "of 1";
      case CYCLES,
          SECONDS,
          WORDS,
          BYTES,
          SQUARE_MILLIMETRES,
          OPERATIONS,
          PASSES,
          SCHEDULES,
          ELEMENTS,
          EINSUMS,
          REGISTERS,
          WAVES,
          WARPS,
          INSTRUCTIONS,
          OPERATIONS_PER_SECOND,
          TIMES,
          ABSOLUTE ->
          symbol;
    };
  }

  Scale scale() {
    return scale;
  }
}
