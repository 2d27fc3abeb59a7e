package dev.weir.simulator.stats;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import java.util.List;
import java.util.Optional;

/** A stretch of cycles in which one thing goes on. */
public sealed interface Segment {

  /** First cycle. */
  long startCycle();

  /** The cycle after the last. */
  long endCycle();

  /**
   * A nest that a unit runs, or several slot by slot. What it takes beyond its work passes spread
   * over it; the simulator does not say in which of its cycles.
   *
   * @param epoch the epoch of a pipeline that it belongs to, if any
   * @param stalls for what it waited: memories to answer, fill, ports; each at most once
   */
  record Work(
      UnitName unit,
      List<Piece> pieces,
      Optional<InEpoch> epoch,
      long startCycle,
      long endCycle,
      List<Stall> stalls)
      implements Segment {
    public Work {
      pieces = List.copyOf(pieces);
      stalls = List.copyOf(stalls);
    }

    public long busyCycles() {
      return endCycle - startCycle - stalls.stream().mapToLong(Stall::cycles).sum();
    }
  }

  /** So many cycles of a piece of work went into a wait. */
  record Stall(StallReason reason, long cycles) {}

  /**
   * One of the nests of a piece of work.
   *
   * @param stage the stage of the pipeline in which it runs, if any
   * @param coordinates ranges of the ranks that are not whole, such as {@code m1=3, p=256..511}
   */
  record Piece(TensorName einsum, Optional<Integer> stage, String coordinates) {}

  /**
   * An epoch.
   *
   * @param pipeline which pipeline of the schedule, by number
   * @param number from 0 whenever the pipeline begins
   */
  record InEpoch(int pipeline, long number) {}

  /** A unit does nothing. */
  record Wait(UnitName unit, StallReason reason, long startCycle, long endCycle)
      implements Segment {}

  /** What a transfer does. */
  enum Direction {
    LOAD("load"),
    STORE("store"),
    /** Generation 0 is written. */
    INITIALISE("initialise");

    private final String text;

    Direction(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /**
   * A tile moves.
   *
   * @param ends levels between which, the one it leaves first
   * @param coordinates ranges of the tensor's ranks that are not whole
   */
  record Transfer(
      Direction direction,
      TensorName tensor,
      List<LevelName> ends,
      String coordinates,
      long startCycle,
      long endCycle)
      implements Segment {
    public Transfer {
      ends = List.copyOf(ends);
    }
  }

  /**
   * An epoch of a pipeline.
   *
   * @param rank over which the pipeline runs
   */
  record Epoch(InEpoch epoch, String rank, long startCycle, long endCycle) implements Segment {}

  /**
   * Words pass the ports of one instance of a level at a constant rate.
   *
   * @param ports by number among those of the level: 0 is what reads, or both; 1 what writes
   */
  record Bandwidth(LevelName level, int ports, double wordsPerCycle, long startCycle, long endCycle)
      implements Segment {}

  /** So many words are allocated in the fullest instance of a level. */
  record Room(LevelName level, long words, long startCycle, long endCycle) implements Segment {}
}
