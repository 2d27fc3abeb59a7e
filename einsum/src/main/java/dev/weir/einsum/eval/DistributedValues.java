package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Distribution;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** Draws the values of an input from the distribution that its cascade states. */
final class DistributedValues {

  private final TensorName input;
  private final PointCompiler compiler;

  DistributedValues(TensorName input, Cascade cascade, Shapes shapes) {
    this.input = input;
    this.compiler = new PointCompiler(cascade, List.of(), shapes, Map.of());
  }

  /** Fills a tensor; real numbers are rounded to single precision. */
  void fill(DenseTensor tensor, Distribution distribution, Random random) {
    double[] values = tensor.array();
    switch (distribution) {
      case Distribution.Uniform uniform -> {
        double least = number(uniform.least());
        double most = number(uniform.most());
        Arrays.setAll(values, _ -> (float) (least + random.nextDouble() * (most - least)));
      }
      case Distribution.Normal normal -> {
        double mean = number(normal.mean());
        double deviation = number(normal.deviation());
        if (!(deviation > 0)) {
          throw new IllegalArgumentException(
              "input %s has no values: its deviation is %s (expected more than 0; shapes and whole"
                      .formatted(input, deviation)
                  + " numbers divide to whole numbers)");
        }
        Arrays.setAll(values, _ -> (float) (mean + deviation * random.nextGaussian()));
      }
      case Distribution.Integers integers -> {
        long least = whole(integers.least());
        long most = whole(integers.most());
        checkOrder(least, most);
        Arrays.setAll(values, _ -> random.nextLong(least, most + 1));
      }
      case Distribution.Signs _ -> Arrays.setAll(values, _ -> random.nextBoolean() ? 1 : -1);
      case Distribution.Permutation _ -> forEachRow(tensor, row -> permute(row, random));
      case Distribution.Rising rising -> {
        long first = whole(rising.first());
        long last = whole(rising.last());
        checkOrder(first, last);
        forEachRow(tensor, row -> rise(row, first, last, random));
      }
    }
  }

  /** Whether there are any at these shapes. */
  boolean hasValues(Distribution distribution) {
    return switch (distribution) {
      case Distribution.Uniform _, Distribution.Signs _, Distribution.Permutation _ -> true;
      case Distribution.Normal normal -> number(normal.deviation()) > 0;
      case Distribution.Integers integers -> whole(integers.least()) <= whole(integers.most());
      case Distribution.Rising rising -> whole(rising.first()) <= whole(rising.last());
    };
  }

  private double number(Quantity quantity) {
    return compiler.number(quantity).at(new long[0]);
  }

  private long whole(Quantity quantity) {
    return (long) Math.floor(number(quantity));
  }

  private void checkOrder(long least, long most) {
    if (least > most) {
      throw new IllegalArgumentException(
          "input %s has no values: its distribution runs from %d to %d"
              .formatted(input, least, most));
    }
  }

  /** Hands out each row along the last rank and takes it back. */
  private static void forEachRow(DenseTensor tensor, Consumer<double[]> change) {
    double[] values = tensor.array();
    int length = Math.toIntExact(tensor.extent(tensor.ranks() - 1));
    for (int from = 0; from < values.length; from += length) {
      double[] row = new double[length];
      change.accept(row);
      System.arraycopy(row, 0, values, from, length);
    }
  }

  private static void permute(double[] row, Random random) {
    for (int i = 0; i < row.length; i++) {
      int other = random.nextInt(i + 1);
      row[i] = row[other];
      row[other] = i;
    }
  }

  private static void rise(double[] row, long first, long last, Random random) {
    Arrays.setAll(row, _ -> random.nextLong(first, last + 1));
    Arrays.sort(row);
    row[row.length - 1] = last;
    row[0] = first;
  }
}
