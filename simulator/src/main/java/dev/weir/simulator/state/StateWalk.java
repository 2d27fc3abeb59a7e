package dev.weir.simulator.state;

/**
 * A walk over the state of all parts of a run. It either notes the state or moves it on: a part
 * hands over each value and goes on with the answer. A part says so what a value means when a state
 * comes again: it is the same, or it has grown, or it lies as far back, or a loop is further on.
 */
public interface StateWalk {

  /** A value that is the same whenever the state comes again. */
  void same(long value);

  /** A value that is equal whenever the state comes again; not modified by anyone. */
  void same(Object value);

  /** A number that is the same, bit for bit, whenever the state comes again. */
  default void same(double value) {
    same(Double.doubleToRawLongBits(value));
  }

  /** A fact that is the same whenever the state comes again. */
  default void same(boolean value) {
    same(value ? 1L : 0L);
  }

  /** A count, of which only differences matter: it grows by the same amount in every period. */
  long total(long value);

  /** A cycle that is as long ago whenever the state comes again. */
  long moment(long cycle);

  /**
   * A cycle since when something is as it is. Nothing depends on it, people are told: so it decides
   * nothing, and moves on only when it lies in the period that repeats.
   */
  long since(long cycle);

  /**
   * Where a process stands in a loop. In a period one loop of each process may move on; then it
   * must leave its first step behind before and not come to its last one.
   *
   * @param depth how many loops of the process are around this one; 0 begins the next process
   * @param offset elements from the beginning of the loop's range to the current step
   * @param most the largest offset of a step before the last one
   */
  long position(int depth, long offset, long most);
}
