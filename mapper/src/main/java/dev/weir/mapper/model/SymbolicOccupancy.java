package dev.weir.mapper.model;

import dev.weir.mapper.program.Expressions;

/** Rule 9 as expressions, where the room of no tile depends on where it is. */
final class SymbolicOccupancy {

  private final Plan plan;
  private final Symbols symbols;
  private final Expressions expressions;

  SymbolicOccupancy(Plan plan, Symbols symbols) {
    this.plan = plan;
    this.symbols = symbols;
    this.expressions = symbols.expressions;
  }

  /** Words of a level. */
  int peak(int level) {
    return of(plan.root(), SymbolicKind.whole(plan, symbols), level);
  }

  private int of(Work work, SymbolicKind kind, int level) {
    if (!plan.nodes().keepsAt(work, level)) {
      return symbols.constant(0);
    }
    return switch (work) {
      case Work.Nest _ -> symbols.constant(0);
      case Work.Loop loop -> loop(loop.loop(), loop.body(), kind, level);
      case Work.Pipeline pipeline -> loop(pipeline.loop(), pipeline.body(), kind, level);
      case Work.Waves waves -> of(waves.body(), first(waves.loop(), kind), level);
      case Work.OnlyLast last ->
          (kind.last() & last.loop().bit()) != 0
              ? of(last.body(), kind, level)
              : symbols.constant(0);
      case Work.Residence keep -> {
        int words = of(keep.body(), kind, level);
        for (KeepPlan site : plan.tensorsOf(keep)) {
          words = site.level() == level ? expressions.plus(words, allocated(site, kind)) : words;
        }
        yield words;
      }
      case Work.Sequence sequence -> {
        int most = symbols.constant(0);
        for (Work part : sequence.parts()) {
          most = expressions.most(most, of(part, kind, level));
        }
        yield most;
      }
      case Work.Branches branches -> {
        int sum = symbols.constant(0);
        for (Work part : branches.parts()) {
          sum = expressions.plus(sum, of(part, kind, level));
        }
        yield sum;
      }
      case Work.Stage stage -> of(stage.body(), kind, level);
      case Work.Phase phase -> of(phase.body(), kind, level);
    };
  }

  private SymbolicKind first(PlannedLoop loop, SymbolicKind kind) {
    return kind.with(loop, symbols.first(kind.extent(loop), loop));
  }

  /** The first iteration has the fullest tiles; what runs in the last one alone comes besides. */
  private int loop(PlannedLoop loop, Work body, SymbolicKind kind, int level) {
    SymbolicKind first = first(loop, kind);
    int words = of(body, first, level);
    if (!plan.nodes().hasLast(loop)) {
      return words;
    }
    SymbolicKind last = kind.with(loop, symbols.last(kind.extent(loop), loop)).isLast(loop);
    return expressions.most(words, of(body, last, level));
  }

  private int allocated(KeepPlan site, SymbolicKind kind) {
    int copies = symbols.amount(site.site().copies());
    int all = expressions.times(copies, symbols.constant(site.generations()));
    return expressions.times(all, symbols.fullest(site, kind));
  }
}
