package dev.weir.mapper.model;

import dev.weir.mapper.model.Symbols.Extent;
import dev.weir.mapper.program.Expressions;

/** The kinds of iterations of a temporal loop, or of waves of a spatial one, inside a kind. */
final class SymbolicLoop {

  /** Numbers of instances of which a product of several fits a {@code long}. */
  private static final long LIMITED = 1L << 12;

  private final PlannedLoop loop;
  private final SymbolicKind around;
  private final Symbols symbols;
  private final Relevances relevances;
  private final int tiles;

  SymbolicLoop(PlannedLoop loop, SymbolicKind around, Symbols symbols, Relevances relevances) {
    this.loop = loop;
    this.around = around;
    this.symbols = symbols;
    this.relevances = relevances;
    this.tiles = symbols.tiles(around.extent(loop), loop);
  }

  /** The same loop inside another kind. */
  SymbolicLoop in(SymbolicKind other) {
    return new SymbolicLoop(loop, other, symbols, relevances);
  }

  /** Iterations or waves. */
  int count() {
    return loop.spatial()
        ? symbols.expressions.ceiling(tiles, symbols.constant(loop.instances()))
        : tiles;
  }

  /** Whether the last one of several can be of two kinds. */
  boolean hasWaves() {
    return loop.spatial() && relevances.tellsApart(loop);
  }

  /** One of several that is not the last. */
  SymbolicKind other(boolean isFirst) {
    return marked(full(), isFirst);
  }

  private SymbolicKind full() {
    SymbolicKind tile = around.with(loop, symbols.full(around.extent(loop), loop));
    return loop.spatial() ? tile.together(loop, together()) : tile;
  }

  /** All instances; where there is no limit, no more than tiles, so that products stay small. */
  private int together() {
    int instances = symbols.constant(loop.instances());
    return loop.instances() <= LIMITED ? instances : symbols.expressions.least(instances, tiles);
  }

  private Extent lastExtent() {
    return symbols.last(around.extent(loop), loop);
  }

  /** The last tile; alone in its wave. */
  SymbolicKind last(boolean isFirst) {
    if (!relevances.tellsApart(loop)) {
      return full();
    }
    SymbolicKind tile = around.with(loop, lastExtent()).isLast(loop);
    return marked(loop.spatial() ? tile.together(loop, symbols.constant(1)) : tile, isFirst);
  }

  /** How many tiles the last wave has. */
  int inLastWave() {
    return symbols.inLastWave(tiles, loop.instances());
  }

  /** The full tiles of the last wave. */
  SymbolicKind lastWave(boolean isFirst) {
    Expressions expressions = symbols.expressions;
    int others = expressions.minus(inLastWave(), symbols.constant(1));
    int size = lastExtent().range(loop);
    int together = expressions.ifEqual(size, symbols.tile(loop), inLastWave(), others);
    return marked(full().together(loop, together), isFirst);
  }

  /** One of two expressions, as the last tile is like the others or not. */
  int ifLastIsLikeOthers(int then, int otherwise) {
    Extent last = lastExtent();
    int missing = loop.inner() ? symbols.constant(0) : last.missing();
    int ifFull = symbols.expressions.ifEqual(missing, symbols.constant(0), then, otherwise);
    return symbols.expressions.ifEqual(last.range(loop), symbols.tile(loop), ifFull, otherwise);
  }

  private SymbolicKind marked(SymbolicKind kind, boolean isFirst) {
    return isFirst && relevances.tellsFirst(loop) ? kind.isFirst(loop) : kind;
  }

  /** What another iteration sees of one that is not the last. */
  Neighbour seenOther(boolean isFirst) {
    return new Neighbour.OfKind(other(isFirst));
  }

  /** What another one sees of the last. */
  Neighbour seenLast(boolean isFirst) {
    Neighbour tile = new Neighbour.OfKind(last(isFirst));
    return hasWaves()
        ? Neighbour.either(
            inLastWave(), symbols.constant(1), tile, new Neighbour.OfKind(lastWave(isFirst)))
        : tile;
  }

  /** What another execution of the loop sees of the first. */
  Neighbour seenFirst() {
    return Neighbour.either(count(), symbols.constant(1), seenLast(true), seenOther(true));
  }
}
