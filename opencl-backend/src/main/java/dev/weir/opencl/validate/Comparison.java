package dev.weir.opencl.validate;

import dev.weir.einsum.ir.TensorName;
import java.util.List;

/**
 * A kernel's output beside the reference.
 *
 * @param inputs what it ran on
 * @param shape ranks and shapes, as in {@code B=1 H=12 P=4096}
 * @param output which output
 * @param maxAbsoluteError largest difference
 * @param maxReferenceMagnitude largest magnitude of the reference where the difference was taken
 * @param maxErrorOfBound largest difference as a fraction of its bound, among points with a bound
 * @param comparedPoints points with a finite bound
 * @param unboundedPoints points for which rounding alone allows any value
 * @param allPoints points of the output, compared or not
 * @param verdict whether every difference is within its bound
 */
public record Comparison(
    InputCase inputs,
    String shape,
    TensorName output,
    double maxAbsoluteError,
    double maxReferenceMagnitude,
    double maxErrorOfBound,
    long comparedPoints,
    long unboundedPoints,
    long allPoints,
    Verdict verdict) {

  /** Whether the kernel is right there. */
  public sealed interface Verdict {

    /** Every compared point is within its bound, and there is one. */
    record Pass() implements Verdict {}

    /**
     * A point is not.
     *
     * @param coordinate the first such point
     * @param got what the kernel says
     * @param expected the reference
     * @param bound largest difference that rounding explains
     */
    record Fail(List<Long> coordinate, double got, double expected, double bound)
        implements Verdict {
      public Fail {
        coordinate = List.copyOf(coordinate);
      }
    }

    /** Rounding alone allows any value at every point, so that nothing was checked. */
    record Unchecked() implements Verdict {}
  }

  /** Whether it passed. */
  public boolean passed() {
    return verdict instanceof Verdict.Pass;
  }

  /** Whether a point is wrong. */
  public boolean failed() {
    return verdict instanceof Verdict.Fail;
  }
}
