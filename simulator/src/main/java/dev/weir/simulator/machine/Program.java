package dev.weir.simulator.machine;

import java.util.List;
import java.util.OptionalInt;

/** A schedule tree prepared for running. */
public sealed interface Program {

  /**
   * Nests of one unit that run as one piece, slot by slot; usually a single one.
   *
   * @param slots at least one
   */
  record Work(List<Slot> slots) implements Program {}

  /**
   * A nest of such a piece.
   *
   * @param stage in which stage of the pipeline around it runs, if it says so itself
   */
  record Slot(OptionalInt stage, Nest nest) {}

  /** A loop around more than a nest. */
  record Repeat(Loop loop, Program body) implements Program {}

  /** Runs only in the last step of a loop. */
  record OnlyLast(Loop loop, Program body) implements Program {}

  /** A keep. */
  record Resident(Kept kept, Program body) implements Program {}

  /**
   * One after another.
   *
   * @param phases whether each part ends with all its transfers
   * @param slotBySlot whether they share their time slot by slot, and so end together
   */
  record Sequential(List<Program> parts, boolean phases, boolean slotBySlot) implements Program {}

  /** At the same time. */
  record Concurrent(List<Program> parts) implements Program {}

  /**
   * A pipeline with the flow loops around it.
   *
   * @param loops the flow loops, then the pipeline's own
   * @param keeps keeps between them and in the pipeline's head, outermost first
   * @param stages all stages that occur in it, and 0
   * @param skew what passes along skewed axes in it
   */
  record Epochs(
      List<Loop> loops,
      List<LinkedKeep> keeps,
      List<Integer> stages,
      SkewedEpochs skew,
      Program body)
      implements Program {}

  /** Part of a pipeline's body. */
  record Staged(int stage, Program body) implements Program {}

  /**
   * A keep among the loops of a pipeline.
   *
   * @param depth how many of these loops are around it
   * @param firstStage stage whose tile it is entered for: the first below it in the head of the
   *     pipeline; between flow loops the first that uses a double keep, 0 for others
   * @param lastStage last stage that uses it
   */
  record LinkedKeep(Kept kept, int depth, int firstStage, int lastStage) {}

  /**
   * A keep and what its own transfer process needs to run ahead.
   *
   * @param tiles tiles that there is room for
   * @param ahead loops that it walks, outermost first; those of one phase
   * @param onlyLast loops of which only the last step has an entry
   * @param onDemand whether its tiles do not exist before the entry is reached
   * @param producedDepth how many of the loops walked ahead are around both it and a part beside it
   *     that produces its tiles: those of another step of these loops do not exist yet
   * @param handsOver whether others around read what it stores before the phase ends, so that work
   *     must wait for every store
   * @param upstream keeps that its tiles come from
   * @param storeDepth how many of the loops walked ahead are around the keeps that it stores to,
   *     and around both it and a part beside it that reads what it stores: a store must be over
   *     before a step of these ends
   * @param allocation room that it takes
   */
  record Kept(
      Residence residence,
      long tiles,
      List<Loop> ahead,
      List<Loop> onlyLast,
      boolean onDemand,
      int producedDepth,
      boolean handsOver,
      List<Upstream> upstream,
      int storeDepth,
      Allocation allocation) {}

  /**
   * A keep from which tiles come.
   *
   * @param residence number of the keep
   * @param loopsAround how many of the loops walked ahead are around it, but for those of which it
   *     is sure to have the next step's tile
   */
  record Upstream(int residence, int loopsAround) {}
}
