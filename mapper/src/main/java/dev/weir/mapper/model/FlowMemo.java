package dev.weir.mapper.model;

/** Executions of parts of a flow that were timed, by the tiles under way before each. */
final class FlowMemo {

  private static final int PART_BITS = 20;

  /** More cannot be told from each other. */
  static final int MOST_PARTS = (1 << PART_BITS) - 1;

  private static final int SLOT_BITS = 8;

  private final long[] executions = new long[1 << SLOT_BITS];
  private final long[] starts = new long[1 << SLOT_BITS];
  private final long[] cycles = new long[1 << SLOT_BITS];
  private final long[] ends = new long[1 << SLOT_BITS];
  private final long[] evaluations = new long[1 << SLOT_BITS];
  private long evaluation;

  void clear() {
    evaluation++;
  }

  /**
   * A part, by its number, between others; -1 is none.
   *
   * @param goesOn whether more tiles follow
   */
  static long execution(int part, int before, int after, boolean goesOn) {
    long neighbours = ((before + 1L) << PART_BITS) | (after + 1L);
    return (((neighbours << PART_BITS) | part) << 1) | (goesOn ? 1 : 0);
  }

  private static int slot(long execution, long start) {
    long mixed = (execution * 31 + start) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> (Long.SIZE - SLOT_BITS));
  }

  /** The place of an execution; -1 if it was not timed so. */
  int find(long execution, long start) {
    int slot = slot(execution, start);
    boolean isKnown =
        executions[slot] == execution && starts[slot] == start && evaluations[slot] == evaluation;
    return isKnown ? slot : -1;
  }

  /** Another one in the same place is forgotten. */
  void add(long execution, long start, long took, long end) {
    int slot = slot(execution, start);
    executions[slot] = execution;
    starts[slot] = start;
    cycles[slot] = took;
    ends[slot] = end;
    evaluations[slot] = evaluation;
  }

  long cycles(int place) {
    return cycles[place];
  }

  /** What is under way after it. */
  long end(int place) {
    return ends[place];
  }
}
