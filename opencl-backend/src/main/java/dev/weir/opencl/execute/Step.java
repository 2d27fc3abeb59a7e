package dev.weir.opencl.execute;

/** A statement, compiled. */
@FunctionalInterface
interface Step {

  /**
   * Runs it.
   *
   * @param items those work-items of a group that come to the statement, first to last
   * @param count how many of the array's work-items these are
   */
  void run(WorkItem[] items, int count);
}
