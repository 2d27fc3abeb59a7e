package dev.weir.mapper.model;

import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.program.Expressions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Section 3 of {@code docs/schedule.md} as expressions: what {@link WorkTime} works out for the
 * tilings one by one. Of each loop all the kinds of iterations that it can have stand in an
 * expression, those that a tiling lacks with a factor of 0.
 */
final class SymbolicTime {

  private final Plan plan;
  private final Symbols symbols;
  private final Expressions expressions;
  private final Relevances relevances;
  private final SymbolicCounts counts;
  private final SymbolicKind whole;
  private final Map<Key, Integer> known = new HashMap<>();
  private final List<FlowTime.Form> flows = new ArrayList<>();
  private boolean isComplete = true;

  private record Key(int node, SymbolicKind kind, Neighbour before, Neighbour after) {}

  SymbolicTime(Plan plan, Symbols symbols, SymbolicCounts counts) {
    this.plan = plan;
    this.symbols = symbols;
    this.expressions = symbols.expressions;
    this.relevances = new Relevances(plan);
    this.counts = counts;
    this.whole = SymbolicKind.whole(plan, symbols);
  }

  /** Cycles of the whole schedule. */
  int cycles() {
    return cycles(plan.timedRoot(), whole, Neighbour.NONE, Neighbour.NONE);
  }

  /** Cycles of one execution of a node, beside those before and after it in its phase. */
  int cycles(Work work, SymbolicKind any, Neighbour before, Neighbour after) {
    boolean sees = plan.nodes().seesNeighbours(work.id());
    SymbolicKind kind = only(work, any);
    Neighbour previous = sees ? only(work, before) : Neighbour.NONE;
    Neighbour next = sees ? only(work, after) : Neighbour.NONE;
    Key key = new Key(work.id(), kind, previous, next);
    Integer cycles = known.get(key);
    if (expressions.size() > PlanProgram.MOST_EXPRESSIONS) {
      isComplete = false;
      return symbols.constant(0);
    }
    if (cycles == null) {
      cycles = fresh(work, kind, previous, next);
      known.put(key, cycles);
    }
    return cycles;
  }

  /** What of a kind matters to a node. */
  SymbolicKind only(Work work, SymbolicKind kind) {
    return kind.only(relevances.of(work), whole);
  }

  private Neighbour only(Work work, Neighbour neighbour) {
    return map(neighbour, kind -> new Neighbour.OfKind(only(work, kind)));
  }

  private static Neighbour map(Neighbour neighbour, Function<SymbolicKind, Neighbour> change) {
    return switch (neighbour) {
      case Neighbour.None none -> none;
      case Neighbour.OfKind(SymbolicKind kind) -> change.apply(kind);
      case Neighbour.Either either ->
          Neighbour.either(
              either.left(),
              either.right(),
              map(either.then(), change),
              map(either.otherwise(), change));
    };
  }

  private int fresh(Work work, SymbolicKind kind, Neighbour before, Neighbour after) {
    return switch (work) {
      case Work.Nest nest -> nest(nest, kind);
      case Work.Loop loop ->
          loop.flows()
              ? flow(loop, kind, before, after)
              : inTurn(loop, new Turns(loop(loop.loop(), kind), loop.body()), before, after);
      case Work.Waves waves ->
          inTurn(waves, new Turns(loop(waves.loop(), kind), waves.body()), before, after);
      case Work.Pipeline pipeline -> flow(pipeline, kind, before, after);
      case Work.OnlyLast last ->
          (kind.last() & last.loop().bit()) != 0
              ? cycles(last.body(), kind, before, after)
              : symbols.constant(0);
      case Work.Residence keep -> keep(keep, kind, before, after);
      case Work.Sequence sequence -> {
        int sum = symbols.constant(0);
        for (Work part : sequence.parts()) {
          sum = expressions.plus(sum, cycles(part, kind, before, after));
        }
        yield sum;
      }
      case Work.Branches branches -> {
        int most = symbols.constant(0);
        for (Work part : branches.parts()) {
          most = expressions.most(most, cycles(part, kind, before, after));
        }
        yield most;
      }
      case Work.Phase phase -> {
        int inOrder = cycles(phase.body(), kind, Neighbour.NONE, Neighbour.NONE);
        yield expressions.most(inOrder, counts.cycles(phase, kind));
      }
      case Work.Stage stage -> cycles(stage.body(), kind, before, after);
    };
  }

  SymbolicLoop loop(PlannedLoop loop, SymbolicKind kind) {
    return new SymbolicLoop(loop, kind, symbols, relevances);
  }

  /** Whether all iterations of a loop are alike to what is below, inside all kinds. */
  boolean hasOneKind(PlannedLoop loop) {
    return relevances.hasOneKind(loop);
  }

  private int flow(Work work, SymbolicKind kind, Neighbour before, Neighbour after) {
    isComplete &= before.equals(Neighbour.NONE) && after.equals(Neighbour.NONE);
    SymbolicFlow flow = new SymbolicFlow(plan, symbols, this);
    Optional<FlowTime.Form> form = flow.of(work, kind);
    isComplete &= form.isPresent();
    form.ifPresent(flows::add);
    return form.isPresent()
        ? expressions.call(flows.size() - 1, flow.inputs())
        : symbols.constant(0);
  }

  /** Whether the time is all of it; else the plan has a form that is not symbolic. */
  boolean isComplete() {
    return isComplete;
  }

  /** The functions that the time calls. */
  List<FlowTime.Form> flows() {
    return flows;
  }

  private int nest(Work.Nest nest, SymbolicKind kind) {
    int steps = symbols.constant(1);
    for (PathSum sum : nest.steps()) {
      steps = expressions.times(steps, symbols.sum(sum.key(), kind.extents().get(sum.group())));
    }
    Rational each = nest.cyclesPerStep();
    int cycles =
        expressions.ceiling(
            expressions.times(symbols.constant(each.numerator()), steps),
            symbols.constant(each.denominator()));
    cycles = expressions.plus(cycles, symbols.constant(nest.fixedCycles()));
    for (Work.Fill fill : nest.fills()) {
      cycles = expressions.plus(cycles, fill(fill, kind));
    }
    return cycles;
  }

  private int fill(Work.Fill fill, SymbolicKind kind) {
    SymbolicKind here = kind;
    for (PlannedLoop loop : fill.loops().subList(0, fill.loops().size() - 1)) {
      here = here.with(loop, symbols.first(here.extent(loop), loop));
    }
    PlannedLoop loop = fill.loops().getLast();
    int tiles = symbols.tiles(here.extent(loop), loop);
    int most = symbols.constant(loop.instances());
    int others = expressions.minus(expressions.least(tiles, most), symbols.constant(1));
    return expressions.times(others, symbols.constant(loop.axis().orElseThrow().hopCycles()));
  }

  /** Of a loop, and what is below it. */
  private record Turns(SymbolicLoop loop, Work body) {}

  private int inTurn(Work work, Turns turns, Neighbour before, Neighbour after) {
    SymbolicLoop loop = turns.loop();
    int count = loop.count();
    int one = symbols.constant(1);
    if (!plan.nodes().seesNeighbours(work.id())) {
      int each = other(turns, false, before, after);
      int rest = symbols.repeated(count, each, last(turns, false, before, after));
      int first = other(turns, true, before, after);
      int several = expressions.plus(rest, expressions.minus(first, each));
      return expressions.ifEqual(count, one, last(turns, true, before, after), several);
    }
    Neighbour previous = map(before, kind -> loop.in(kind).seenLast(false));
    Neighbour next = map(after, kind -> loop.in(kind).seenFirst());
    int two =
        expressions.plus(
            other(turns, true, previous, loop.seenLast(false)),
            last(turns, false, loop.seenOther(true), next));
    int several =
        expressions.ifEqual(count, symbols.constant(2), two, several(turns, count, previous, next));
    return expressions.ifEqual(count, one, last(turns, true, previous, next), several);
  }

  /**
   * Of three iterations or more. What comes before an iteration is asked for its stores alone, for
   * which it does not matter whether it was the first.
   */
  private int several(Turns turns, int count, Neighbour previous, Neighbour next) {
    Neighbour other = turns.loop().seenOther(false);
    Neighbour last = turns.loop().seenLast(false);
    int start = other(turns, true, previous, other);
    int middle = other(turns, false, other, other);
    int lastButOne = other(turns, false, other, last);
    int end = last(turns, false, other, next);
    int others = expressions.minus(count, symbols.constant(3));
    int ends = expressions.plus(start, expressions.plus(lastButOne, end));
    return expressions.plus(ends, expressions.times(others, middle));
  }

  private int other(Turns turns, boolean isFirst, Neighbour before, Neighbour after) {
    return cycles(turns.body(), turns.loop().other(isFirst), before, after);
  }

  /** Of the last tile, or the last wave, of which a shorter tile may take longer. */
  private int last(Turns turns, boolean isFirst, Neighbour before, Neighbour after) {
    SymbolicLoop loop = turns.loop();
    int alone = cycles(turns.body(), loop.last(isFirst), before, after);
    if (!loop.hasWaves()) {
      return alone;
    }
    int wave = cycles(turns.body(), loop.lastWave(isFirst), before, after);
    int shorter = cycles(turns.body(), loop.last(false), before, after);
    int several = loop.ifLastIsLikeOthers(wave, expressions.most(wave, shorter));
    return expressions.ifEqual(loop.inLastWave(), symbols.constant(1), alone, several);
  }

  private int keep(Work.Residence keep, SymbolicKind kind, Neighbour before, Neighbour after) {
    int body = cycles(keep.body(), kind, before, after);
    if (!keep.doubled()) {
      return expressions.plus(
          body, expressions.plus(loadCycles(keep, kind), storeCycles(keep, kind)));
    }
    int step = body;
    if (keep.exposure() == Work.Exposure.STEPS) {
      int load = of(after, other -> loadCycles(keep, other));
      int store = of(before, other -> storeCycles(keep, other));
      step = expressions.most(body, expressions.plus(load, store));
    }
    boolean exposesLoad =
        before.equals(Neighbour.NONE) && keep.exposure() != Work.Exposure.LAST_STORE;
    int firstLoad = exposesLoad ? loadCycles(keep, kind) : symbols.constant(0);
    boolean exposesStore = after.equals(Neighbour.NONE);
    int lastStore = exposesStore ? storeCycles(keep, kind) : symbols.constant(0);
    return expressions.plus(step, expressions.plus(firstLoad, lastStore));
  }

  private int of(Neighbour neighbour, ToIntFunction<SymbolicKind> cycles) {
    return switch (neighbour) {
      case Neighbour.None _ -> symbols.constant(0);
      case Neighbour.OfKind(SymbolicKind kind) -> cycles.applyAsInt(kind);
      case Neighbour.Either either ->
          expressions.ifEqual(
              either.left(),
              either.right(),
              of(either.then(), cycles),
              of(either.otherwise(), cycles));
    };
  }

  int loadCycles(Work.Residence keep, SymbolicKind kind) {
    int sum = symbols.constant(0);
    for (KeepPlan site : plan.tensorsOf(keep)) {
      if (site.loads(kind.first())) {
        int there = cycles(words(site, kind, site.readers()), site.next().orElseThrow(), true);
        int here = cycles(symbols.fullest(site, kind), site.site().level(), false);
        sum = expressions.plus(sum, expressions.most(there, here));
      }
    }
    return sum;
  }

  int storeCycles(Work.Residence keep, SymbolicKind kind) {
    int sum = symbols.constant(0);
    for (KeepPlan site : plan.tensorsOf(keep)) {
      if (site.stores()) {
        int there = cycles(words(site, kind, site.writers()), site.next().orElseThrow(), false);
        int here = cycles(symbols.fullest(site, kind), site.site().level(), true);
        sum = expressions.plus(sum, expressions.most(there, here));
      }
    }
    return sum;
  }

  private int cycles(int words, MemoryLevel level, boolean reads) {
    Optional<Bandwidth> bandwidth = level.bandwidth();
    if (bandwidth.isEmpty()) {
      return symbols.constant(0);
    }
    return symbols.cycles(
        words, reads ? bandwidth.get().readWordsPerCycle() : bandwidth.get().writeWordsPerCycle());
  }

  /** Words of a tile in all instances at the same time. */
  private int words(KeepPlan site, SymbolicKind kind, List<PlannedLoop> loops) {
    int words = symbols.constant(1);
    Share[] shares = site.shares();
    for (int group = 0; group < shares.length; group++) {
      int share = symbols.share(shares[group], group, kind.extents().get(group));
      words = expressions.times(words, share);
    }
    for (PlannedLoop loop : loops) {
      words = expressions.times(words, kind.together().get(loop.wave()));
    }
    return words;
  }
}
