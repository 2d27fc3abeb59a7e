package dev.weir.simulator.pe;

import dev.weir.mapper.arch.LevelName;
import dev.weir.simulator.component.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a level holds of a tensor at one of its homes: a tile for every entry that is alive. Entries
 * are told apart by the steps of the loops around the keep.
 */
final class TileStore {

  private final TensorLayout layout;
  private final Memory memory;
  private final LoopPath path;
  private final long empty;
  private final List<Tile> alive = new ArrayList<>();
  private final List<Tile> free = new ArrayList<>();

  /**
   * A store without entries.
   *
   * @param empty the number of an element that nothing was written to
   * @param path loops around the keep
   */
  TileStore(TensorLayout layout, Memory memory, LoopPath path, long empty) {
    this.layout = layout;
    this.memory = memory;
    this.path = path;
    this.empty = empty;
  }

  TensorLayout layout() {
    return layout;
  }

  Memory memory() {
    return memory;
  }

  LevelName level() {
    return memory.name();
  }

  LoopPath path() {
    return path;
  }

  int depth() {
    return path.depth();
  }

  long empty() {
    return empty;
  }

  /** Begins an entry. */
  Tile open(long[] steps) {
    if (alive.stream().anyMatch(tile -> path.isSame(tile.steps(), steps))) {
      throw new IllegalStateException(this + " is entered twice");
    }
    Tile tile;
    if (free.isEmpty()) {
      tile = new Tile(layout.size(), steps);
    } else {
      tile = free.removeLast();
      tile.reopen(steps);
    }
    Arrays.fill(tile.numbers, empty);
    alive.add(tile);
    return tile;
  }

  /**
   * The entry in which a process stands.
   *
   * @throws IllegalStateException when it is not alive: the schedule is not legal, or the engine
   *     runs it in a wrong order
   */
  Tile at(long[] steps) {
    for (int i = alive.size() - 1; i >= 0; i--) {
      if (path.isSame(alive.get(i).steps(), steps)) {
        return alive.get(i);
      }
    }
    throw new IllegalStateException("the tile of " + this + " is not there");
  }

  /** Ends an entry: its room is free. */
  void close(long[] steps) {
    Tile tile = at(steps);
    alive.remove(tile);
    free.add(tile);
  }

  @Override
  public String toString() {
    return layout.name() + " at " + level();
  }
}
