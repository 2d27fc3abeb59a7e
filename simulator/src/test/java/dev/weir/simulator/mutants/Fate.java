package dev.weir.simulator.mutants;

import java.util.Locale;

/** What becomes of a mutant. */
enum Fate {
  /** Cycles, or where they went, differ from what was worked out by hand. */
  BY_HAND,
  /** Words, operations or occupancy differ from the interpreter's. */
  COUNTS,
  /** Cycles differ from the sum over all iterations where memories never limit. */
  STRUCTURE,
  /** Cycles differ from the cost model's where these are exact, or are fewer than its bound. */
  COST_MODEL,
  /** Something differs from what the engine of processing elements says. */
  OTHER_ENGINE,
  /** What passes, what is busy and what stalls do not add up. */
  LAWS,
  /** The result is another one when every cycle is executed. */
  EVERY_CYCLE,
  /** It executes what it should skip. */
  NOTHING_SKIPPED,
  /** It fails to answer. */
  EXCEPTION,
  /** It does not answer in time. */
  TIME_OUT,
  /** No problem shows the fault. */
  SURVIVED;

  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
