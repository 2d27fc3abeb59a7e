package dev.weir.mapper.program;

/** A value that is worked out outside of a program. */
@FunctionalInterface
public interface Function {

  /**
   * The value.
   *
   * @param memory where the inputs stand in order; not to be modified
   * @param at position of the first
   */
  long of(long[] memory, int at);
}
