package dev.weir.mapper.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Cycles of an epoch of a pipeline. The tiles on which its stages work are eight bits each of a
 * number, the window: the youngest is the lowest; 0 where there is none.
 */
final class EpochTime {

  static final int BITS = 8;
  static final int MOST_TILES = (1 << BITS) - 1;

  /** With the youngest tile. */
  static final int MOST_STAGES = Long.SIZE / BITS;

  private static final int REMEMBERED_BITS = 8;

  /** What an epoch takes. */
  sealed interface Epoch {}

  /** What a stage takes: as much as the input that a table, by its number, has for a tile. */
  record Stage(int offset, int table) implements Epoch {}

  record Sum(List<Epoch> parts) implements Epoch {}

  record Most(List<Epoch> parts) implements Epoch {}

  private static final int ADD = -1;
  private static final int MAXIMUM = -2;

  /** Operands before what joins them: the position of a table, {@link #ADD}, {@link #MAXIMUM}. */
  private final int[] steps;

  /** By step: where its tile is in the window. */
  private final int[] shifts;

  private final long[] operands;
  private final long[] windows = new long[1 << REMEMBERED_BITS];
  private final long[] cycles = new long[1 << REMEMBERED_BITS];
  private final long[] evaluations = new long[1 << REMEMBERED_BITS];
  private long evaluation;
  private long[] memory = {};
  private int at;

  /**
   * @param tables position of the first table among the inputs; others follow
   * @param rows length of each, with one for no tile, which is the first
   */
  EpochTime(Epoch epoch, int tables, int rows) {
    List<Integer> inOrder = new ArrayList<>();
    List<Integer> offsets = new ArrayList<>();
    flatten(epoch, tables, rows, inOrder, offsets);
    this.steps = inOrder.stream().mapToInt(Integer::intValue).toArray();
    this.shifts = offsets.stream().mapToInt(offset -> BITS * offset).toArray();
    this.operands = new long[steps.length];
  }

  private static void flatten(
      Epoch epoch, int tables, int rows, List<Integer> inOrder, List<Integer> offsets) {
    switch (epoch) {
      case Stage(int offset, int table) -> {
        inOrder.add(tables + table * rows);
        offsets.add(offset);
      }
      case Sum(List<Epoch> parts) -> flatten(parts, ADD, tables, rows, inOrder, offsets);
      case Most(List<Epoch> parts) -> flatten(parts, MAXIMUM, tables, rows, inOrder, offsets);
    }
  }

  private static void flatten(
      List<Epoch> parts,
      int join,
      int tables,
      int rows,
      List<Integer> inOrder,
      List<Integer> offsets) {
    for (int i = 0; i < parts.size(); i++) {
      flatten(parts.get(i), tables, rows, inOrder, offsets);
      if (i > 0) {
        inOrder.add(join);
        offsets.add(0);
      }
    }
  }

  /** Other inputs; what was worked out before is forgotten. */
  void start(long[] inputs, int position) {
    evaluation++;
    memory = inputs;
    at = position;
  }

  /** Cycles of an epoch with some tiles. */
  long of(long window) {
    int slot = (int) ((window * 0x9E3779B97F4A7C15L) >>> (Long.SIZE - REMEMBERED_BITS));
    if (windows[slot] != window || evaluations[slot] != evaluation) {
      cycles[slot] = fresh(window);
      windows[slot] = window;
      evaluations[slot] = evaluation;
    }
    return cycles[slot];
  }

  private long fresh(long window) {
    int top = -1;
    for (int i = 0; i < steps.length; i++) {
      int step = steps[i];
      if (step >= 0) {
        int tile = (int) (window >>> shifts[i]) & MOST_TILES;
        operands[++top] = memory[at + step + tile];
      } else {
        long right = operands[top--];
        operands[top] =
            step == ADD ? Math.addExact(operands[top], right) : Math.max(operands[top], right);
      }
    }
    return operands[0];
  }
}
