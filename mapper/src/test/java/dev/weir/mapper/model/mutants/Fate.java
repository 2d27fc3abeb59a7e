package dev.weir.mapper.model.mutants;

import java.util.Locale;

/** What becomes of a mutant. */
enum Fate {
  /** Words or operations differ from the interpreter's. */
  COUNTS,
  /** Occupancy differs from the interpreter's. */
  OCCUPANCY,
  /** Cycles differ from those of all iterations. */
  CYCLES,
  /** Energy differs from the sum over the interpreter's counts. */
  ENERGY,
  /** Utilisation differs from the quotient of the interpreter's counts and all iterations. */
  UTILISATION,
  /** It says that it counts absent points as present, and does not. */
  CLAIM,
  /** A program of a plan does not say what a walk over its tree says. */
  PROGRAM,
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
