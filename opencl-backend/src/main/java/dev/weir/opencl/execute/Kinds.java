package dev.weir.opencl.execute;

import dev.weir.opencl.kernel.Type;
import java.util.function.DoubleUnaryOperator;

/** What the kinds of values mean when they are held as doubles, which hold all of them exactly. */
final class Kinds {

  private Kinds() {}

  static boolean isFloating(Type.Kind kind) {
    return switch (kind) {
      case FLOAT, DOUBLE, HALF -> true;
      case INT, MASK -> false;
    };
  }

  /**
   * To the nearest value of a kind. After one addition, subtraction, multiplication, division or
   * square root in double it gives what single precision gives: twice 24 bits and two more fit
   * (Figueroa, When is double rounding innocuous?, SIGNUM 1995).
   */
  static DoubleUnaryOperator rounding(Type.Kind kind) {
    return switch (kind) {
      case FLOAT -> value -> (float) value;
      case DOUBLE -> value -> value;
      case HALF -> value -> Float.float16ToFloat(Float.floatToFloat16((float) value));
      case INT, MASK -> value -> (int) value;
    };
  }

  /** {@code a * b + c}, rounded once. */
  static double multiplyAdd(Type.Kind kind, double a, double b, double c) {
    return switch (kind) {
      case FLOAT -> Math.fma((float) a, (float) b, (float) c);
      case DOUBLE -> Math.fma(a, b, c);
      case HALF -> throw new IllegalArgumentException("halves are stored, not computed with");
      case INT, MASK -> throw new IllegalArgumentException("whole numbers are not fused");
    };
  }
}
