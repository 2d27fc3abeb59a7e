package dev.weir.mapper.model;

import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.program.Expressions;
import java.util.Optional;

/** The numbers of a plan as expressions over its arguments: what {@link Numbers} works out. */
final class Symbols {

  final Expressions expressions = new Expressions();
  private final RankTable ranks;

  /** By argument. */
  private final int[] arguments;

  /** By loop. */
  private final int[] tiles;

  Symbols(Plan plan) {
    this.ranks = plan.ranks();
    this.arguments = plan.arguments().expressions(expressions);
    this.tiles = plan.loops().stream().mapToInt(loop -> amount(loop.tile())).toArray();
  }

  int constant(long value) {
    return expressions.constant(value);
  }

  /** A size over the arguments. */
  int amount(Amount amount) {
    return amount.expression(expressions, arguments);
  }

  int tile(PlannedLoop loop) {
    return tiles[loop.number()];
  }

  /** What a whole group has. */
  Extent whole(int group) {
    RankTable.Group ofGroup = ranks.groups().get(group);
    int parent = arguments[ofGroup.parent()];
    if (!ofGroup.isPartitioned()) {
      return new Extent(parent, constant(1), constant(0));
    }
    int shape = arguments[ofGroup.inner()];
    int steps = expressions.ceiling(parent, shape);
    int missing = expressions.minus(expressions.times(steps, shape), parent);
    return new Extent(steps, inner(group, steps, missing), missing);
  }

  /**
   * What the loops around a node leave of a group.
   *
   * @param outer range of the outer part
   * @param inner range of the inner part
   * @param missing coordinates that the last step, if it is here, has fewer than the others
   */
  record Extent(int outer, int inner, int missing) {
    int range(PlannedLoop loop) {
      return loop.inner() ? inner : outer;
    }
  }

  private int shape(int group) {
    RankTable.Group ofGroup = ranks.groups().get(group);
    return ofGroup.isPartitioned() ? arguments[ofGroup.inner()] : constant(1);
  }

  /** The inner range in some steps: where there is one alone, it may be the short one. */
  private int inner(int group, int outer, int missing) {
    int shape = shape(group);
    return expressions.ifEqual(outer, constant(1), expressions.minus(shape, missing), shape);
  }

  /** How many tiles a loop makes. */
  int tiles(Extent extent, PlannedLoop loop) {
    return expressions.ceiling(extent.range(loop), tile(loop));
  }

  /** A full tile that is not the last. */
  Extent full(Extent extent, PlannedLoop loop) {
    return sized(extent, loop, tile(loop), constant(0));
  }

  /** The last tile. */
  Extent last(Extent extent, PlannedLoop loop) {
    int range = extent.range(loop);
    if (expressions.isMultiple(range, tile(loop))) {
      return sized(extent, loop, tile(loop), extent.missing());
    }
    int others = expressions.minus(tiles(extent, loop), constant(1));
    int size = expressions.minus(range, expressions.times(others, tile(loop)));
    return sized(extent, loop, size, extent.missing());
  }

  /** The first tile, which is the last one where there is no other. */
  Extent first(Extent extent, PlannedLoop loop) {
    int range = extent.range(loop);
    boolean isTile = expressions.isMultiple(range, tile(loop));
    int size = isTile ? tile(loop) : expressions.least(tile(loop), range);
    int missing =
        expressions.ifEqual(tiles(extent, loop), constant(1), extent.missing(), constant(0));
    return sized(extent, loop, size, missing);
  }

  private Extent sized(Extent extent, PlannedLoop loop, int size, int missing) {
    return loop.inner()
        ? new Extent(extent.outer(), size, extent.missing())
        : new Extent(size, inner(loop.group(), size, missing), missing);
  }

  /** What a tensor has of an extent. */
  int share(Share share, int group, Extent extent) {
    return switch (share) {
      case NONE -> constant(1);
      case OUTER -> extent.outer();
      case INNER -> extent.inner();
      case BOTH -> expressions.times(extent.outer(), extent.inner());
      case JOINED -> {
        int all = expressions.times(extent.outer(), shape(group));
        int several = expressions.minus(all, extent.missing());
        yield expressions.ifEqual(extent.outer(), constant(1), extent.inner(), several);
      }
    };
  }

  /** Words of a tile of a keep in the fullest instance of its level. */
  int fullest(KeepPlan site, SymbolicKind kind) {
    int words = constant(1);
    for (PathSum sum : site.fullest()) {
      words = expressions.times(words, sum(sum.key(), kind.extents().get(sum.group())));
    }
    return words;
  }

  /** Cycles of some words. */
  int cycles(int words, Rational wordsPerCycle) {
    return expressions.ceiling(
        expressions.times(words, constant(wordsPerCycle.denominator())),
        constant(wordsPerCycle.numerator()));
  }

  /** Cycles of words read and written; 0 without a bandwidth. */
  int cycles(int read, int written, Optional<Bandwidth> bandwidth) {
    if (bandwidth.isEmpty()) {
      return constant(0);
    }
    Rational reads = bandwidth.get().readWordsPerCycle();
    return bandwidth.get().shared()
        ? cycles(expressions.plus(read, written), reads)
        : expressions.most(
            cycles(read, reads), cycles(written, bandwidth.get().writeWordsPerCycle()));
  }

  /** The sum of a path below a node. */
  int sum(PathSum.Key sum, Extent extent) {
    return sum(sum, 0, extent);
  }

  private int sum(PathSum.Key sum, int next, Extent extent) {
    if (next == sum.loops().size()) {
      return share(sum.share(), sum.group(), extent);
    }
    PlannedLoop loop = sum.loops().get(next);
    int mode = sum.modes().get(next);
    int tiles = tiles(extent, loop);
    if ((mode & PathSum.ONE_TILE) != 0) {
      int first = sum(sum, next + 1, first(extent, loop));
      return (mode & PathSum.LAST_TILE) != 0
          ? expressions.ifEqual(tiles, constant(1), first, constant(0))
          : first;
    }
    int last = sum(sum, next + 1, last(extent, loop));
    if ((mode & PathSum.LAST_TILE) != 0) {
      return last;
    }
    int full = sum(sum, next + 1, full(extent, loop));
    if ((mode & PathSum.IN_WAVES) != 0 && loop.instances() > 1) {
      return waves(tiles, loop.instances(), full, last);
    }
    return repeated(tiles, full, last);
  }

  /** All but one of some things, and the last one. */
  int repeated(int count, int each, int last) {
    if (each == last) {
      return expressions.times(count, each);
    }
    int others = expressions.minus(count, constant(1));
    return expressions.plus(expressions.times(others, each), last);
  }

  private int waves(int tiles, long instances, int full, int last) {
    int waves = expressions.ceiling(tiles, constant(instances));
    int inLast = inLastWave(tiles, instances);
    int longest = expressions.most(full, last);
    return repeated(waves, full, expressions.ifEqual(inLast, constant(1), last, longest));
  }

  /** Tiles in the last wave. */
  int inLastWave(int tiles, long instances) {
    int others = expressions.minus(expressions.ceiling(tiles, constant(instances)), constant(1));
    return expressions.minus(tiles, expressions.times(others, constant(instances)));
  }
}
