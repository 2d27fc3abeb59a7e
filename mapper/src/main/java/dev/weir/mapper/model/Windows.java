package dev.weir.mapper.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tiles on which the stages of a pipeline work in an epoch, the youngest first. An epoch is
 * determined by them. Windows are made when they first occur and stay.
 */
final class Windows {

  /** No tile. */
  static final int ABSENT = -1;

  /** Bits of a tile beside its kind. None is before it in the phase. */
  static final int FIRST = 1;

  /** None comes after it in the phase. */
  static final int LAST = 2;

  private record Key(int pipeline, List<Integer> tiles) {}

  private final int[] deepest;
  private final int[] empty;
  private final Map<Key, Integer> known = new HashMap<>();
  private final List<Key> keys = new ArrayList<>();
  private int[][] tiles = new int[16][];
  private int[] older = new int[16];

  /** From a window and a tile to the window after it. */
  private int[][] next = new int[16][];

  /**
   * @param deepest largest stage of each pipeline; not modified
   */
  Windows(int[] deepest) {
    this.deepest = deepest;
    this.empty = new int[deepest.length];
    for (int pipeline = 0; pipeline < deepest.length; pipeline++) {
      empty[pipeline] = of(new Key(pipeline, absent(deepest[pipeline])));
    }
  }

  private static List<Integer> absent(int count) {
    return new ArrayList<>(Collections.nCopies(count, ABSENT));
  }

  /** A tile of a kind. */
  static int tile(int kind, boolean isFirst, boolean isLast) {
    return kind << 2 | (isLast ? LAST : 0) | (isFirst ? FIRST : 0);
  }

  /** Nothing under way. */
  int empty(Work.Pipeline pipeline) {
    return empty[pipeline.number()];
  }

  /**
   * The window after a tile, or no tile, has come in.
   *
   * @param underWay what is under way before
   */
  int push(int underWay, int tile) {
    int[] after = next[underWay];
    int slot = tile + 1;
    if (after == null || slot >= after.length) {
      after = after == null ? new int[slot + 8] : Arrays.copyOf(after, slot * 2);
      next[underWay] = after;
    }
    if (after[slot] == 0) {
      after[slot] = 1 + make(underWay, tile);
    }
    return after[slot] - 1;
  }

  private int make(int underWay, int tile) {
    Key before = keys.get(underWay);
    List<Integer> all = new ArrayList<>();
    all.add(tile);
    all.addAll(before.tiles());
    return of(new Key(before.pipeline(), all));
  }

  private int of(Key key) {
    Integer found = known.get(key);
    if (found != null) {
      return found;
    }
    int window = keys.size();
    known.put(key, window);
    keys.add(key);
    if (window == tiles.length) {
      tiles = Arrays.copyOf(tiles, window * 2);
      older = Arrays.copyOf(older, window * 2);
      next = Arrays.copyOf(next, window * 2);
    }
    tiles[window] = key.tiles().stream().mapToInt(Integer::intValue).toArray();
    int stages = deepest[key.pipeline()];
    int before =
        key.tiles().size() > stages
            ? of(new Key(key.pipeline(), List.copyOf(key.tiles().subList(0, stages))))
            : window;
    older[window] = before;
    return window;
  }

  /** What is under way after a window. */
  int underWay(int window) {
    return older[window];
  }

  /** The tile of a stage. */
  int tile(int window, int stage) {
    return tiles[window][stage];
  }

  int count() {
    return keys.size();
  }
}
