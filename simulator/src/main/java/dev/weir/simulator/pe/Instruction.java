package dev.weir.simulator.pe;

import java.util.List;
import java.util.Optional;

/** What a process does next. A schedule becomes a list of these, which processes run through. */
sealed interface Instruction {

  /** Runs nests of one unit as one piece, slot by slot. */
  record Work(List<Slot> slots) implements Instruction {
    public Work {
      slots = List.copyOf(slots);
    }
  }

  /**
   * A nest of such a piece.
   *
   * @param stage the stage that it runs in, if it says so itself
   */
  record Slot(ProcessingElements elements, Nest nest, Optional<StageOf> stage) {}

  /** A stage of a pipeline. */
  record StageOf(Epochs epochs, int stage) {}

  /** Goes to the first step of a loop. */
  record Begin(Loop loop) implements Instruction {}

  /**
   * Goes to the next step of the innermost loop of a path and back to its body, if there is one.
   */
  record Next(LoopPath path, int body) implements Instruction {}

  /** Goes elsewhere unless a loop of the path is in its last step. */
  record UnlessLast(LoopPath path, int depth, int elsewhere) implements Instruction {}

  record Enter(Keep keep) implements Instruction {}

  record Settle(Keep keep) implements Instruction {}

  record Leave(Keep keep) implements Instruction {}

  /** Waits for the transfers of a phase. */
  record EndPhase(Phase phase, long unitSet) implements Instruction {}

  /** Starts processes and goes on when all of them have ended. */
  record Fork(List<Integer> branches, int after) implements Instruction {
    public Fork {
      branches = List.copyOf(branches);
    }
  }

  /** The process is over. */
  record End() implements Instruction {}

  /** Begins a pipeline, and lets keeps load that only its later stages come to. */
  record BeginPipeline(Epochs epochs, List<Epochs.Link> links) implements Instruction {
    public BeginPipeline {
      links = List.copyOf(links);
    }
  }

  /** Begins an epoch: every stage goes to its next tile. */
  record BeginEpoch(Epochs epochs) implements Instruction {}

  /** Enters a keep among the loops of a pipeline if its first stage comes to it. */
  record EnterLink(Epochs epochs, Epochs.Link link) implements Instruction {}

  /** Settles such a keep if its step ends. */
  record SettleLink(Epochs epochs, Epochs.Link link) implements Instruction {}

  /** Leaves such a keep if its last stage is through. */
  record LeaveLink(Epochs epochs, Epochs.Link link) implements Instruction {}

  /** Goes to the next epoch, if there is one. */
  record EndEpoch(Epochs epochs, int next) implements Instruction {}

  /** Takes the place of a stage, or goes elsewhere if it has no tile in this epoch. */
  record Stage(StageOf stage, int elsewhere) implements Instruction {}
}
