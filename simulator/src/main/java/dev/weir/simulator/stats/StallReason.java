package dev.weir.simulator.stats;

import dev.weir.mapper.arch.LevelName;

/** Why a unit does no operation in a cycle. */
public sealed interface StallReason {

  /** How reports call it. */
  String text();

  /** Reasons that name no level. */
  enum Cause implements StallReason {
    /** A tile that the unit's next work needs is still on its way in. */
    LOAD("load"),
    /** The unit's next work needs room that is not free, or a phase to end, until a tile is out. */
    STORE("store"),
    /** Operands and partial sums pass from processing element to processing element. */
    FILL("fill"),
    /** An operation needs a result that is not there yet, or the last one of a nest is not. */
    OPERATION("latency of operations"),
    /** The unit has done its part of the epoch, others have not. */
    EPOCH_IMBALANCE("epoch imbalance"),
    /** Outside pipelines: the schedule has work for other units only. */
    OTHER_WORK("work elsewhere");

    private final String text;

    Cause(String text) {
      this.text = text;
    }

    @Override
    public String text() {
      return text;
    }
  }

  /** What the unit waits for was asked of this level, which has not answered yet. */
  record Latency(LevelName level) implements StallReason {
    @Override
    public String text() {
      return "latency of " + level;
    }
  }

  /** Operands and results of the running work pass the ports of this level too slowly. */
  record Bandwidth(LevelName level) implements StallReason {
    @Override
    public String text() {
      return "bandwidth of " + level;
    }
  }

  /** They would pass the ports of this level in time, but not those of one of its banks. */
  record BankConflict(LevelName level) implements StallReason {
    @Override
    public String text() {
      return "banks of " + level;
    }
  }
}
