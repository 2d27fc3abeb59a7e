package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Monoid;
import java.util.Arrays;

/**
 * The elements of the output of one Einsum: the first value that comes to one is written, the
 * others are folded into it in the order in which they come.
 */
final class Accumulator {

  private static final boolean[] NONE = new boolean[Row.CAPACITY];
  private static final boolean[] ALL = new boolean[Row.CAPACITY];

  static {
    Arrays.fill(ALL, true);
  }

  private final double[] output;
  private final Monoid monoid;
  private final boolean isReduced;
  private final boolean[] written;
  private final double[] before = new double[Row.CAPACITY];

  Accumulator(Einsum einsum, DenseTensor output) {
    this.output = output.array();
    this.monoid = einsum.reduction();
    this.isReduced = !einsum.reducedRanks().isEmpty();
    this.written = new boolean[isReduced ? this.output.length : 0];
  }

  /** Takes a value that is present. */
  void add(int at, double value) {
    if (!isReduced) {
      output[at] = value;
    } else if (written[at]) {
      output[at] = monoid.combine(output[at], value);
    } else {
      output[at] = value;
      written[at] = true;
    }
  }

  /**
   * Takes those values of a row that are present.
   *
   * @param at where its first one goes
   * @param stride from there to where the next one goes; 0 when all go to one element
   */
  void add(int at, int stride, Row row, int length) {
    if (!row.isFull()) {
      addPresent(at, stride, row, length);
    } else if (stride == 0) {
      fold(at, row, length);
    } else if (stride == 1 && (!isReduced || areWritten(NONE, at, length))) {
      write(at, row, length);
    } else if (stride == 1 && areWritten(ALL, at, length)) {
      combine(at, row, length);
    } else {
      addPresent(at, stride, row, length);
    }
  }

  private boolean areWritten(boolean[] which, int at, int length) {
    return Arrays.equals(written, at, at + length, which, 0, length);
  }

  private void addPresent(int at, int stride, Row row, int length) {
    for (int i = 0; i < length; i++) {
      if (row.isPresent(i)) {
        add(at + i * stride, row.values[i]);
      }
    }
  }

  private void fold(int at, Row row, int length) {
    if (written[at]) {
      output[at] = RowOperators.fold(monoid, output[at], row.values, 0, length);
    } else {
      output[at] = RowOperators.fold(monoid, row.values[0], row.values, 1, length);
      written[at] = true;
    }
  }

  private void write(int at, Row row, int length) {
    System.arraycopy(row.values, 0, output, at, length);
    if (isReduced) {
      Arrays.fill(written, at, at + length, true);
    }
  }

  private void combine(int at, Row row, int length) {
    System.arraycopy(output, at, before, 0, length);
    RowOperators.combine(monoid, before, row.values, length);
    System.arraycopy(before, 0, output, at, length);
  }
}
