package dev.weir.opencl.validate;

import dev.weir.einsum.eval.InputData;

/** Inputs that a kernel is run on. */
public enum InputCase {
  /** Uniform values; entries of tables from none to all. */
  RANDOM("random", InputData.Kind.RANDOM),
  /** Small integers, so that maxima tie and sums cancel. */
  TIES("ties", InputData.Kind.EXACT_TIES),
  /** Products to ±10⁴. */
  LARGE("large scores", InputData.Kind.LARGE_SCORES),
  /** Tables of zeros and ones: rows that see nothing, or one point. Only where there are tables. */
  MASKED("fully masked rows", InputData.Kind.RANDOM);

  private final String text;
  private final InputData.Kind kind;

  InputCase(String text, InputData.Kind kind) {
    this.text = text;
    this.kind = kind;
  }

  /** Its name in reports. */
  public String text() {
    return text;
  }

  InputData.Kind kind() {
    return kind;
  }
}
