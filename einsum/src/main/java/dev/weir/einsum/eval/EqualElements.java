package dev.weir.einsum.eval;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which elements of a tensor are equal within a slot. What is equal was computed from equal values
 * and is rounded alike, so that roundings add up there; those of others are independent.
 */
final class EqualElements {

  private final int[] slot;

  /** The group of each element that has random errors; empty when no two values are equal. */
  private final int[] group;

  private final int[] slotOfGroup;

  private EqualElements(int[] slot, int[] group, int[] slotOfGroup) {
    this.slot = slot;
    this.group = group;
    this.slotOfGroup = slotOfGroup;
  }

  /**
   * For a tensor.
   *
   * @param slot of each element; not modified
   * @param slots how many there are
   * @param spread of each element's random errors: only equal elements that have some matter
   */
  static EqualElements of(int[] slot, int slots, DenseTensor tensor, double[] spread) {
    double[] values = tensor.array();
    int[] random = IntStream.range(0, values.length).filter(at -> spread[at] > 0).toArray();
    double[] sorted = Arrays.stream(random).mapToDouble(at -> Math.abs(values[at])).toArray();
    Arrays.sort(sorted);
    boolean isAnyEqual =
        IntStream.range(1, sorted.length).anyMatch(i -> sorted[i] == sorted[i - 1]);
    return isAnyEqual
        ? grouped(slot, slots, values, random)
        : new EqualElements(slot, new int[0], new int[0]);
  }

  private static EqualElements grouped(int[] slot, int slots, double[] values, int[] random) {
    int[] begin = new int[slots + 1];
    for (int at : random) {
      begin[slot[at] + 1]++;
    }
    Arrays.parallelPrefix(begin, Integer::sum);
    double[] magnitudes = new double[random.length];
    int[] next = begin.clone();
    for (int at : random) {
      magnitudes[next[slot[at]]++] = Math.abs(values[at]);
    }
    int[] slotOfGroup = new int[random.length];
    for (int each = 0; each < slots; each++) {
      Arrays.sort(magnitudes, begin[each], begin[each + 1]);
      Arrays.fill(slotOfGroup, begin[each], begin[each + 1], each);
    }
    int[] first = firstOfEqual(magnitudes, begin);
    int[] group = new int[slot.length];
    Arrays.fill(group, -1);
    for (int at : random) {
      int from = begin[slot[at]];
      int to = begin[slot[at] + 1];
      group[at] = first[Arrays.binarySearch(magnitudes, from, to, Math.abs(values[at]))];
    }
    return new EqualElements(slot, group, slotOfGroup);
  }

  /** The first place of each run of equal numbers, slot by slot. */
  private static int[] firstOfEqual(double[] magnitudes, int[] begin) {
    int[] first = new int[magnitudes.length];
    for (int each = 0; each + 1 < begin.length; each++) {
      for (int i = begin[each]; i < begin[each + 1]; i++) {
        boolean isSame = i > begin[each] && Double.compare(magnitudes[i], magnitudes[i - 1]) == 0;
        first[i] = isSame ? first[i - 1] : i;
      }
    }
    return first;
  }

  /**
   * Adds the squares of derivatives times spreads, slot by slot.
   *
   * @param derivatives of some results, all of one element after another
   * @param results how many
   * @param squares sums so far, all results of one slot after another. Modified.
   */
  void addSquares(double[] derivatives, int results, double[] spread, double[] squares) {
    if (group.length == 0) {
      for (int at = 0; at < slot.length; at++) {
        if (spread[at] > 0) {
          int from = at * results;
          int to = slot[at] * results;
          for (int i = 0; i < results; i++) {
            double error = derivatives[from + i] * spread[at];
            squares[to + i] += error * error;
          }
        }
      }
      return;
    }
    double[] together = new double[slotOfGroup.length * results];
    for (int at = 0; at < slot.length; at++) {
      if (group[at] >= 0) {
        for (int i = 0; i < results; i++) {
          together[group[at] * results + i] += Math.abs(derivatives[at * results + i]) * spread[at];
        }
      }
    }
    for (int each = 0; each < slotOfGroup.length; each++) {
      int to = slotOfGroup[each] * results;
      for (int i = 0; i < results; i++) {
        double error = together[each * results + i];
        squares[to + i] += error * error;
      }
    }
  }
}
