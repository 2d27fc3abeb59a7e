package dev.weir.mapper.model;

/** The counts of phases as expressions, and the cycles that levels need to move their words. */
final class SymbolicCounts {

  private final Plan plan;
  private final Symbols symbols;

  SymbolicCounts(Plan plan, Symbols symbols) {
    this.plan = plan;
    this.symbols = symbols;
  }

  /** By output. */
  int[] of(Work.Phase phase, SymbolicKind kind) {
    Formula formula = plan.phases().get(phase.number()).formula();
    return formula.expressions(symbols, kind, plan.outputs().size());
  }

  /** The cycles of the level that needs the most. */
  int cycles(Work.Phase phase, SymbolicKind kind) {
    return plan.phases().get(phase.number()).cycles(of(phase, kind), symbols);
  }
}
