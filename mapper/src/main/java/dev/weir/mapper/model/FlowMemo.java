package dev.weir.mapper.model;

import dev.weir.mapper.model.FlowTime.Part;

/** Parts of a flow that were timed, between what and with which tiles under way. */
final class FlowMemo {

  /** More are not remembered; a flow has some ten. */
  private static final int MOST = 64;

  private final Part[] parts = new Part[MOST];
  private final Part[] befores = new Part[MOST];
  private final Part[] afters = new Part[MOST];
  private final boolean[] goOn = new boolean[MOST];
  private final long[] starts = new long[MOST];
  private final long[] cycles = new long[MOST];
  private final long[] ends = new long[MOST];
  private int count;

  void clear() {
    count = 0;
  }

  /** The place of a part; -1 if it was not timed so. */
  @SuppressWarnings("ReferenceEquality") // equal parts of a flow are one
  int find(Part part, Part before, Part after, boolean goesOn, long start) {
    for (int i = 0; i < count; i++) {
      if (starts[i] == start
          && parts[i] == part
          && befores[i] == before
          && afters[i] == after
          && goOn[i] == goesOn) {
        return i;
      }
    }
    return -1;
  }

  void add(Part part, Part before, Part after, boolean goesOn, long start, long took, long end) {
    if (count == MOST) {
      return;
    }
    parts[count] = part;
    befores[count] = before;
    afters[count] = after;
    goOn[count] = goesOn;
    starts[count] = start;
    cycles[count] = took;
    ends[count] = end;
    count++;
  }

  long cycles(int place) {
    return cycles[place];
  }

  /** What is under way after it. */
  long end(int place) {
    return ends[place];
  }
}
