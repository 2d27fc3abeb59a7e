package dev.weir.mapper.program;

/** What an expression does with its operands. */
enum Operation {
  CONSTANT,
  ARGUMENT,
  PLUS,
  MINUS,
  TIMES,
  MOST,
  LEAST,
  /** The first divided by the second, rounded up; neither is negative. */
  CEILING,
  /** The third if the first two are equal, else the fourth. */
  IF_EQUAL,
  /** A function of all operands. */
  CALL
}
