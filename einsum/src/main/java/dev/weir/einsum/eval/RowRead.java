package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads a tensor along a rank where each index either grows by the same amount from coordinate to
 * coordinate or stays as it is; what lies outside the tensor is absent.
 */
final class RowRead implements RowCompiler.RowAt {

  private final DenseTensor tensor;
  private final PointCompiler.IntegerAt[] indices;
  private final long[] steps;
  private final int stride;
  private final Row row = new Row();
  private long first;
  private int start;
  private int end;

  private RowRead(DenseTensor tensor, PointCompiler.IntegerAt[] indices, long[] steps) {
    this.tensor = tensor;
    this.indices = indices;
    this.steps = steps;
    long sum = 0;
    for (int i = 0; i < steps.length; i++) {
      sum += steps[i] * tensor.stride(i);
    }
    this.stride = (int) sum;
  }

  static Optional<RowRead> of(Access access, RankName rank, PointCompiler compiler) {
    List<OptionalLong> steps =
        access.indices().stream()
            .map((Index index) -> RankStep.of(index, rank, compiler.shapes()))
            .toList();
    if (steps.stream().anyMatch(OptionalLong::isEmpty)) {
      return Optional.empty();
    }
    return Optional.of(
        new RowRead(
            compiler.tensor(access.tensor()),
            access.indices().stream().map(compiler::index).toArray(PointCompiler.IntegerAt[]::new),
            steps.stream().mapToLong(OptionalLong::getAsLong).toArray()));
  }

  @Override
  public Row at(long[] point, int length) {
    locate(point, length);
    if (start > 0 || end < length) {
      Arrays.fill(row.values, 0, length, tensor.empty());
    }
    if (start < end) {
      copy();
    }
    row.markPresent(tensor.empty(), length);
    return row;
  }

  /** Finds the first place and the part of the row that is inside the tensor. */
  private void locate(long[] point, int length) {
    first = 0;
    long from = 0;
    long to = length;
    for (int i = 0; i < indices.length; i++) {
      long coordinate = indices[i].at(point);
      long extent = tensor.extent(i);
      long step = steps[i];
      first = first * extent + coordinate;
      long last = coordinate + step * (length - 1L);
      if (Math.min(coordinate, last) >= 0 && Math.max(coordinate, last) < extent) {
        continue;
      }
      if (step == 0) {
        to = 0;
      } else if (step > 0) {
        from = Math.max(from, Math.ceilDiv(-coordinate, step));
        to = Math.min(to, Math.ceilDiv(extent - coordinate, step));
      } else {
        from = Math.max(from, Math.ceilDiv(coordinate - extent + 1, -step));
        to = Math.min(to, Math.ceilDiv(coordinate + 1, -step));
      }
    }
    start = (int) Math.min(from, length);
    end = (int) Math.max(to, 0);
  }

  private void copy() {
    double[] values = tensor.array();
    int at = (int) (first + (long) start * stride);
    if (stride == 1) {
      System.arraycopy(values, at, row.values, start, end - start);
    } else if (stride == 0) {
      Arrays.fill(row.values, start, end, values[at]);
    } else {
      for (int i = start; i < end; i++) {
        row.values[i] = values[at];
        at += stride;
      }
    }
  }
}
