package dev.weir.einsum.eval;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Which elements of a tensor are equal within a slot. What is equal was computed from equal values
 * and is rounded alike, so that roundings add up there; those of others are independent.
 */
final class EqualElements {

  private final int[] slot;
  private final double[] values;

  /** Elements ordered by slot and value; empty when no two values are equal. */
  private final int[] ordered;

  private EqualElements(int[] slot, double[] values, int[] ordered) {
    this.slot = slot;
    this.values = values;
    this.ordered = ordered;
  }

  /**
   * For a tensor.
   *
   * @param slot of each element; not modified
   * @param spread of each element's random errors: only equal elements that have some matter
   */
  static EqualElements of(int[] slot, DenseTensor tensor, double[] spread) {
    double[] values = tensor.array();
    int[] random = IntStream.range(0, values.length).filter(at -> spread[at] > 0).toArray();
    double[] sorted = Arrays.stream(random).mapToDouble(at -> Math.abs(values[at])).toArray();
    Arrays.sort(sorted);
    boolean isAnyEqual =
        IntStream.range(1, sorted.length).anyMatch(i -> sorted[i] == sorted[i - 1]);
    int[] ordered =
        isAnyEqual
            ? Arrays.stream(random)
                .boxed()
                .sorted(
                    Comparator.<Integer>comparingInt(at -> slot[at])
                        .thenComparingDouble(at -> Math.abs(values[at])))
                .mapToInt(Integer::intValue)
                .toArray()
            : new int[0];
    return new EqualElements(slot, values, ordered);
  }

  /**
   * Adds the squares of derivatives times spreads, slot by slot.
   *
   * @param squares sums so far. Modified.
   */
  void addSquares(double[] derivatives, double[] spread, double[] squares) {
    if (ordered.length == 0) {
      for (int at = 0; at < derivatives.length; at++) {
        double error = derivatives[at] * spread[at];
        squares[slot[at]] += error * error;
      }
      return;
    }
    double together = 0;
    for (int i = 0; i < ordered.length; i++) {
      int at = ordered[i];
      together += Math.abs(derivatives[at]) * spread[at];
      boolean isLast =
          i == ordered.length - 1
              || slot[ordered[i + 1]] != slot[at]
              || Math.abs(values[ordered[i + 1]]) != Math.abs(values[at]);
      if (isLast) {
        squares[slot[at]] += together * together;
        together = 0;
      }
    }
  }
}
