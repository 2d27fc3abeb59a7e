package dev.weir.mapper.program;

/** Works results out of arguments, without allocation. */
public interface Program {

  /**
   * Works out all results.
   *
   * @param arguments at least 0; not modified
   * @param memory filled: the results in order, behind them what the program remembers
   * @param functions those that expressions call
   * @throws ArithmeticException if a value on the way does not fit a {@code long}
   */
  void run(long[] arguments, long[] memory, Function[] functions);
}
