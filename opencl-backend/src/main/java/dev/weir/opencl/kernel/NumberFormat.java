package dev.weir.opencl.kernel;

/**
 * How the real numbers of a kernel are stored and computed; tables of coordinates are ints in all
 * of them. No part of a schedule: it changes no loop and no tile.
 */
public enum NumberFormat {
  /** Single precision throughout. */
  SINGLE("fp32", "single precision"),
  /**
   * Tensors in global memory are in half precision; tiles, sums and all other arithmetic are in
   * single precision. OpenCL C 1.2 without extensions.
   */
  HALF_STORAGE("fp16", "half precision in global memory, single precision elsewhere"),
  /** Double precision throughout; needs {@code cl_khr_fp64}. */
  DOUBLE("fp64", "double precision");

  private final String text;
  private final String meaning;

  NumberFormat(String text, String meaning) {
    this.text = text;
    this.meaning = meaning;
  }

  /** Its usual short name, such as {@code fp16}. */
  public String text() {
    return text;
  }

  /** What it means, in words. */
  public String meaning() {
    return meaning;
  }

  /** What is left of a real number once it is stored in global memory. */
  public double stored(double value) {
    return switch (this) {
      case SINGLE -> (float) value;
      case HALF_STORAGE -> Float.float16ToFloat(Float.floatToFloat16((float) value));
      case DOUBLE -> value;
    };
  }
}
