package dev.weir.mapper.model;

/**
 * Iterations of a loop in order, equal neighbours together. Of a wave, which is as long as its
 * longest tile, also the shorter tile that may take longer.
 */
final class Runs {

  final int[] kind = new int[3];
  final int[] alternative = new int[3];
  final long[] count = new long[3];
  int size;

  private void add(int runKind, int other, long runs) {
    kind[size] = runKind;
    alternative[size] = other;
    count[size] = runs;
    size++;
  }

  /** Of a temporal loop below a kind. */
  Runs ofLoop(PlannedLoop loop, int around, Plan plan, Numbers numbers, Kinds kinds) {
    size = 0;
    int first = plan.nodes().marksFirst(loop) ? Kinds.FIRST : 0;
    long range = kinds.range(around, loop);
    long tile = numbers.tiles[loop.number()];
    if (range <= tile) {
      add(kinds.child(around, loop, first | Kinds.LAST), Kinds.NONE, 1);
      return this;
    }
    long tiles = Math.ceilDiv(range, tile);
    long lastSize = range - (tiles - 1) * tile;
    boolean lastApart = plan.nodes().marksLast(loop) || kinds.lastDiffers(around, loop, lastSize);
    long alike = lastApart ? tiles - 1 : tiles;
    if (first != 0) {
      add(kinds.child(around, loop, first), Kinds.NONE, 1);
      alike--;
    }
    if (alike > 0) {
      add(kinds.child(around, loop, 0), Kinds.NONE, alike);
    }
    if (lastApart) {
      add(kinds.child(around, loop, Kinds.LAST), Kinds.NONE, 1);
    }
    return this;
  }

  /** Waves of a spatial loop below a kind. */
  Runs ofWaves(PlannedLoop loop, int around, Plan plan, Numbers numbers, Kinds kinds) {
    size = 0;
    int first = plan.nodes().marksFirst(loop) ? Kinds.FIRST : 0;
    long instances = loop.instances();
    long range = kinds.range(around, loop);
    long tiles = Math.ceilDiv(range, numbers.tiles[loop.number()]);
    long waves = Math.ceilDiv(tiles, instances);
    long full = waves - 1;
    if (full > 0 && first != 0) {
      add(kinds.child(around, loop, first), Kinds.NONE, 1);
      full--;
    }
    if (full > 0) {
      add(kinds.child(around, loop, 0), Kinds.NONE, full);
    }
    int firstToo = waves == 1 ? first : 0;
    long inLast = tiles - (waves - 1) * instances;
    long lastSize = range - (tiles - 1) * numbers.tiles[loop.number()];
    if (inLast == 1) {
      add(kinds.child(around, loop, firstToo | Kinds.LAST), Kinds.NONE, 1);
    } else {
      boolean tailDiffers = kinds.lastDiffers(around, loop, lastSize);
      int tail = tailDiffers ? kinds.child(around, loop, Kinds.LAST) : Kinds.NONE;
      add(kinds.child(around, loop, firstToo | Kinds.LAST_WAVE), tail, 1);
    }
    return this;
  }

  /**
   * Takes the iterations of a loop inside, if all iterations of both loops are of one kind: they
   * are then as if of one loop.
   */
  boolean multiply(Runs inside) {
    if (inside.size != 1) {
      return false;
    }
    kind[0] = inside.kind[0];
    count[0] = Math.multiplyExact(count[0], inside.count[0]);
    return true;
  }

  int lastKind() {
    return kind[size - 1];
  }
}
