package dev.weir.mapper.model;

import dev.weir.mapper.program.Function;
import java.util.List;

/**
 * Cycles of a pipeline and the flowing loops around it, once all counts and the times of all stages
 * are known. As {@link PipelineTime} it takes iterations in runs. The tiles on which the stages
 * work are eight bits each of a number, the youngest the lowest; 0 where there is none.
 */
final class FlowTime implements Function {

  static final int BITS = 8;
  static final int MOST_TILES = (1 << BITS) - 1;

  /** With the youngest tile. */
  static final int MOST_STAGES = Long.SIZE / BITS;

  private static final int REMEMBERED_BITS = 8;

  /** A part of the flow and the kind around it. What it takes are inputs, by position. */
  sealed interface Part {

    /** Whether there are iterations of a flowing loop in it. */
    boolean hasTurns();
  }

  /**
   * A flowing loop.
   *
   * @param count iterations
   * @param first its first iteration, of several
   * @param other those that are neither first nor last
   * @param last the last of several
   * @param only the first and last
   * @param sees whether times depend on the iterations before and after
   * @param tellsLast whether the last but one then sees that the last one is another part; what is
   *     before an iteration is asked for its stores alone, which are those of any other
   */
  record Turns(
      int count, Part first, Part other, Part last, Part only, boolean sees, boolean tellsLast)
      implements Part {

    Turns(int count, Part first, Part other, Part last, Part only, boolean sees) {
      this(count, first, other, last, only, sees, sees && !last.equals(other));
    }

    @Override
    public boolean hasTurns() {
      return true;
    }
  }

  /** A keep between flowing loops. */
  record Kept(int load, int store, Work.Exposure exposure, Part body, boolean hasTurns)
      implements Part {

    Kept(int load, int store, Work.Exposure exposure, Part body) {
      this(load, store, exposure, body, body.hasTurns());
    }
  }

  /** The loop of the pipeline. */
  record Tiles(int count, Tile first, Tile other, Tile last, Tile only, boolean sees)
      implements Part {

    @Override
    public boolean hasTurns() {
      return false;
    }
  }

  /** Numbers of a tile: elsewhere, and as the first of its phase, the last, or both. */
  record Tile(int elsewhere, int first, int last, int both) {
    int number(boolean isFirst, boolean isLast) {
      if (isFirst) {
        return isLast ? both : first;
      }
      return isLast ? last : elsewhere;
    }
  }

  /** What an epoch takes. */
  sealed interface Epoch {}

  /**
   * What a stage takes.
   *
   * @param inputs by tile; the first is of none
   */
  record Stage(int offset, List<Integer> inputs) implements Epoch {}

  record Sum(List<Epoch> parts) implements Epoch {}

  record Most(List<Epoch> parts) implements Epoch {}

  private final Part root;
  private final Epoch epoch;
  private final int deepest;

  /** Bits of the tiles that are under way before another one comes in. */
  private final long kept;

  private final long[] windows = new long[1 << REMEMBERED_BITS];
  private final long[] cycles = new long[1 << REMEMBERED_BITS];
  private final long[] evaluations = new long[1 << REMEMBERED_BITS];
  private long evaluation;
  private final FlowMemo known = new FlowMemo();

  private long[] memory = {};
  private int at;
  private long underWay;

  /**
   * @param deepest the largest stage
   */
  FlowTime(Part root, Epoch epoch, int deepest) {
    this.root = root;
    this.epoch = epoch;
    this.deepest = deepest;
    this.kept = deepest == 0 ? 0 : -1L >>> (Long.SIZE - BITS * deepest);
  }

  /** The same for another thread. */
  FlowTime copy() {
    return new FlowTime(root, epoch, deepest);
  }

  @Override
  public long of(long[] inputs, int position) {
    evaluation++;
    known.clear();
    memory = inputs;
    at = position;
    underWay = 0;
    return cycles(root, null, null, false);
  }

  private long input(int position) {
    return memory[at + position];
  }

  /**
   * Cycles of a part, which are worked out once where that takes long.
   *
   * @param before the execution before it in its phase; null if there is none
   * @param after the one after it
   * @param goesOn whether more tiles follow, so that the pipeline does not drain
   */
  private long cycles(Part part, Part before, Part after, boolean goesOn) {
    if (!part.hasTurns()) {
      return fresh(part, before, after, goesOn);
    }
    int found = known.find(part, before, after, goesOn, underWay);
    if (found >= 0) {
      underWay = known.end(found);
      return known.cycles(found);
    }
    long start = underWay;
    long cycles = fresh(part, before, after, goesOn);
    known.add(part, before, after, goesOn, start, cycles, underWay);
    return cycles;
  }

  /** The kinds of parts are asked for one after another: a switch takes twice the time. */
  private long fresh(Part part, Part before, Part after, boolean goesOn) {
    if (part instanceof Tiles tiles) {
      return tiles(tiles, before == null, after == null, goesOn);
    }
    if (part instanceof Kept keep) {
      return kept(keep, before, after, goesOn);
    }
    Turns turns = (Turns) part;
    return turns.sees() ? turns(turns, before, after, goesOn) : turns(turns, null, null, goesOn);
  }

  private Part lastOf(Part before) {
    return before instanceof Turns turns
        ? input(turns.count()) == 1 ? turns.only() : turns.last()
        : null;
  }

  private Part firstOf(Part after) {
    return after instanceof Turns turns
        ? input(turns.count()) == 1 ? turns.only() : turns.first()
        : null;
  }

  private long turns(Turns turns, Part before, Part after, boolean goesOn) {
    long count = input(turns.count());
    Part previous = lastOf(before);
    Part next = firstOf(after);
    if (count == 1) {
      return cycles(turns.only(), previous, next, goesOn);
    }
    Part first = turns.first();
    Part other = turns.other();
    Part last = turns.last();
    if (count == 2) {
      long start = cycles(first, previous, last, true);
      return Math.addExact(start, cycles(last, first, next, goesOn));
    }
    long sum = cycles(first, previous, other, true);
    long left = count - 2;
    if (turns.tellsLast()) {
      sum = Math.addExact(sum, repeated(other, left - 1));
      sum = Math.addExact(sum, cycles(other, other, last, true));
    } else {
      sum = Math.addExact(sum, repeated(other, left));
    }
    return Math.addExact(sum, cycles(last, other, next, goesOn));
  }

  /** Equal iterations, one after another, until the tiles under way are the same again. */
  private long repeated(Part part, long count) {
    long sum = 0;
    for (long done = 0; done < count; done++) {
      long start = underWay;
      long one = cycles(part, part, part, true);
      if (underWay == start) {
        return Math.addExact(sum, Math.multiplyExact(count - done, one));
      }
      sum = Math.addExact(sum, one);
    }
    return sum;
  }

  private long kept(Kept keep, Part before, Part after, boolean goesOn) {
    Part previous = before instanceof Kept other ? other.body() : null;
    Part next = after instanceof Kept other ? other.body() : null;
    long body = cycles(keep.body(), previous, next, goesOn);
    return switch (keep.exposure()) {
      case ALL -> Math.addExact(body, Math.addExact(input(keep.load()), input(keep.store())));
      case STEPS -> {
        long load = after instanceof Kept other ? input(other.load()) : 0;
        long store = before instanceof Kept other ? input(other.store()) : 0;
        long step = Math.max(body, Math.addExact(load, store));
        yield Math.addExact(step, ends(keep, before == null, after == null));
      }
      case ENDS -> Math.addExact(body, ends(keep, before == null, after == null));
      case LAST_STORE -> Math.addExact(body, ends(keep, false, after == null));
    };
  }

  private long ends(Kept keep, boolean isFirst, boolean isLast) {
    return Math.addExact(isFirst ? input(keep.load()) : 0, isLast ? input(keep.store()) : 0);
  }

  private long tiles(Tiles tiles, boolean starts, boolean ends, boolean goesOn) {
    boolean startsPhase = tiles.sees() && starts;
    boolean endsPhase = tiles.sees() && ends;
    long count = input(tiles.count());
    long sum;
    if (count == 1) {
      sum = epoch(tiles.only().number(startsPhase, endsPhase));
    } else {
      sum = epoch(tiles.first().number(startsPhase, false));
      sum = Math.addExact(sum, alike(tiles.other().elsewhere(), count - 2));
      sum = Math.addExact(sum, epoch(tiles.last().number(false, endsPhase)));
    }
    if (!goesOn) {
      for (int drained = 0; drained < deepest; drained++) {
        sum = Math.addExact(sum, epoch(0));
      }
    }
    return sum;
  }

  /** Equal tiles, one after another, until all stages work on such a tile. */
  private long alike(int tile, long count) {
    long sum = 0;
    for (long done = 0; done < count; done++) {
      long start = underWay;
      long one = epoch(tile);
      if (underWay == start) {
        return Math.addExact(sum, Math.multiplyExact(count - done, one));
      }
      sum = Math.addExact(sum, one);
    }
    return sum;
  }

  /** An epoch into which a tile, or none, comes. */
  private long epoch(int tile) {
    long window = (underWay << BITS) | tile;
    underWay = window & kept;
    int slot = (int) ((window * 0x9E3779B97F4A7C15L) >>> (Long.SIZE - REMEMBERED_BITS));
    if (windows[slot] != window || evaluations[slot] != evaluation) {
      cycles[slot] = cycles(epoch, window);
      windows[slot] = window;
      evaluations[slot] = evaluation;
    }
    return cycles[slot];
  }

  private long cycles(Epoch part, long window) {
    if (part instanceof Stage stage) {
      int tile = (int) (window >>> (BITS * stage.offset())) & MOST_TILES;
      return tile == 0 ? 0 : input(stage.inputs().get(tile));
    }
    if (part instanceof Sum sum) {
      return sum(sum.parts(), window);
    }
    List<Epoch> parts = ((Most) part).parts();
    long most = 0;
    for (int i = 0; i < parts.size(); i++) {
      most = Math.max(most, cycles(parts.get(i), window));
    }
    return most;
  }

  private long sum(List<Epoch> parts, long window) {
    long sum = 0;
    for (int i = 0; i < parts.size(); i++) {
      sum = Math.addExact(sum, cycles(parts.get(i), window));
    }
    return sum;
  }
}
