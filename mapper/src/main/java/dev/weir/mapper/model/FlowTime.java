package dev.weir.mapper.model;

import dev.weir.mapper.program.Function;
import java.util.List;

/**
 * Cycles of a pipeline and the flowing loops around it, once all counts and the times of all stages
 * are known. As {@link PipelineTime} it takes iterations in runs.
 */
final class FlowTime implements Function {

  private static final int NONE = -1;

  /** A part of the flow and the kind around it. What it takes are inputs, by position. */
  sealed interface Part {}

  /**
   * A flowing loop. Its iterations are parts, by number.
   *
   * @param count iterations
   * @param first its first iteration, of several
   * @param other those that are neither first nor last
   * @param last the last of several
   * @param only the first and last
   * @param sees whether times depend on the iterations before and after
   */
  record Turns(int count, int first, int other, int last, int only, boolean sees) implements Part {

    /**
     * Whether the last but one sees that the last one is another part. What is before an iteration
     * is asked for its stores alone, which are those of any other.
     */
    boolean tellsLast() {
      return sees && last != other;
    }
  }

  /**
   * A keep between flowing loops.
   *
   * @param body number of the part inside
   */
  record Kept(int load, int store, Work.Exposure exposure, int body) implements Part {}

  /** The loop of the pipeline. */
  record Tiles(int count, Tile first, Tile other, Tile last, Tile only, boolean sees)
      implements Part {}

  /** Numbers of a tile: elsewhere, and as the first of its phase, the last, or both. */
  record Tile(int elsewhere, int first, int last, int both) {
    int number(boolean isFirst, boolean isLast) {
      if (isFirst) {
        return isLast ? both : first;
      }
      return isLast ? last : elsewhere;
    }
  }

  /**
   * What a flow is.
   *
   * @param parts by number, all different; the whole flow is the last
   * @param epoch of the pipeline
   * @param deepest the largest stage
   * @param tables position of the tables of the stages among the inputs
   * @param rows length of each
   */
  record Form(List<Part> parts, EpochTime.Epoch epoch, int deepest, int tables, int rows) {}

  private final Part[] parts;
  private final EpochTime epoch;
  private final int deepest;

  /** Bits of the tiles that are under way before another one comes in. */
  private final long kept;

  private final FlowMemo known = new FlowMemo();
  private long[] memory = {};
  private int at;
  private long underWay;

  FlowTime(Form form) {
    this.parts = form.parts().toArray(Part[]::new);
    this.epoch = new EpochTime(form.epoch(), form.tables(), form.rows());
    this.deepest = form.deepest();
    this.kept = deepest == 0 ? 0 : -1L >>> (Long.SIZE - EpochTime.BITS * deepest);
  }

  @Override
  public long of(long[] inputs, int position) {
    known.clear();
    epoch.start(inputs, position);
    memory = inputs;
    at = position;
    underWay = 0;
    return cycles(parts.length - 1, NONE, NONE, false);
  }

  private long input(int position) {
    return memory[at + position];
  }

  /**
   * Cycles of a part; they are worked out once but for the loop of the pipeline, which is as quick
   * as remembering. The kinds of parts are asked for one after another: a switch takes twice the
   * time.
   *
   * @param before the execution before it in its phase, or none
   * @param after the one after it
   * @param goesOn whether more tiles follow, so that the pipeline does not drain
   */
  private long cycles(int number, int before, int after, boolean goesOn) {
    Part part = parts[number];
    if (part instanceof Tiles tiles) {
      return tiles(tiles, before == NONE, after == NONE, goesOn);
    }
    long execution = FlowMemo.execution(number, before, after, goesOn);
    int found = known.find(execution, underWay);
    if (found >= 0) {
      underWay = known.end(found);
      return known.cycles(found);
    }
    long start = underWay;
    long cycles = fresh(part, before, after, goesOn);
    known.add(execution, start, cycles, underWay);
    return cycles;
  }

  private long fresh(Part part, int before, int after, boolean goesOn) {
    if (part instanceof Kept keep) {
      return kept(keep, before, after, goesOn);
    }
    Turns turns = (Turns) part;
    return turns.sees() ? turns(turns, before, after, goesOn) : turns(turns, NONE, NONE, goesOn);
  }

  private int lastOf(int before) {
    return before != NONE && parts[before] instanceof Turns turns
        ? input(turns.count()) == 1 ? turns.only() : turns.last()
        : NONE;
  }

  private int firstOf(int after) {
    return after != NONE && parts[after] instanceof Turns turns
        ? input(turns.count()) == 1 ? turns.only() : turns.first()
        : NONE;
  }

  private long turns(Turns turns, int before, int after, boolean goesOn) {
    long count = input(turns.count());
    int previous = lastOf(before);
    int next = firstOf(after);
    if (count == 1) {
      return cycles(turns.only(), previous, next, goesOn);
    }
    int first = turns.first();
    int other = turns.other();
    int last = turns.last();
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
  private long repeated(int part, long count) {
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

  private long kept(Kept keep, int before, int after, boolean goesOn) {
    Kept keepBefore = keep(before);
    Kept keepAfter = keep(after);
    int previous = keepBefore == null ? NONE : keepBefore.body();
    int next = keepAfter == null ? NONE : keepAfter.body();
    long body = cycles(keep.body(), previous, next, goesOn);
    return switch (keep.exposure()) {
      case ALL -> Math.addExact(body, Math.addExact(input(keep.load()), input(keep.store())));
      case STEPS -> {
        long load = keepAfter == null ? 0 : input(keepAfter.load());
        long store = keepBefore == null ? 0 : input(keepBefore.store());
        long step = Math.max(body, Math.addExact(load, store));
        yield Math.addExact(step, ends(keep, before == NONE, after == NONE));
      }
      case ENDS -> Math.addExact(body, ends(keep, before == NONE, after == NONE));
      case LAST_STORE -> Math.addExact(body, ends(keep, false, after == NONE));
    };
  }

  private Kept keep(int part) {
    return part != NONE && parts[part] instanceof Kept keep ? keep : null;
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
    long window = (underWay << EpochTime.BITS) | tile;
    underWay = window & kept;
    return epoch.of(window);
  }
}
