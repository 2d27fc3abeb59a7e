package dev.weir.mapper.interpret;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * Values of a tensor by full coordinate, with how far each is produced. Generations are coordinates
 * too, so nothing is ever overwritten.
 */
final class Cells {

  private final long[] shape;
  private final DenseTensor values;
  private final boolean isGiven;
  private final int[] visits;
  private final boolean[] present;
  private final boolean[] complete;

  /** The entry of the outermost home during which an element was produced. */
  private final long[] production;

  /** The entry of the innermost home during which an element was touched last. */
  private final long[] entry;

  private Cells(long[] shape, DenseTensor values, boolean isGiven) {
    this.shape = shape;
    this.values = values;
    this.isGiven = isGiven;
    int size = isGiven ? 0 : Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    this.visits = new int[size];
    this.present = new boolean[size];
    this.complete = new boolean[size];
    this.production = new long[size];
    this.entry = new long[size];
    Arrays.fill(production, -1);
    Arrays.fill(entry, -1);
  }

  /** An input with its values. */
  static Cells given(DenseTensor values) {
    return new Cells(values.shape(), values, true);
  }

  /** A tensor that the cascade produces. */
  static Cells toProduce(Tensor tensor, Shapes shapes) {
    long[] shape = new long[tensor.ranks().size()];
    for (int i = 0; i < shape.length; i++) {
      RankName rank = tensor.ranks().get(i);
      boolean generational = tensor.generations().equals(Optional.of(rank));
      shape[i] = shapes.of(rank) + (generational ? 1 : 0);
    }
    return new Cells(shape, new DenseTensor(shape, tensor.empty()), false);
  }

  double get(long[] coordinate) {
    return values.get(coordinate);
  }

  double empty() {
    return values.empty();
  }

  DenseTensor values() {
    return values;
  }

  /** Whether the tensor has this element; one that it does not have is absent. */
  boolean has(long[] coordinate) {
    return offset(coordinate) >= 0;
  }

  /**
   * Whether a read of an element that there is is in order: produced to the end in this entry of
   * the outermost home, or given.
   */
  boolean isReadable(long[] coordinate, long outermostEntry) {
    if (isGiven) {
      return true;
    }
    int at = offset(coordinate);
    return complete[at] && production[at] == outermostEntry;
  }

  /**
   * Notes that one more of the points that make up an element was run. In another entry of the
   * outermost home the element is produced anew.
   *
   * @return false when that was one too many
   */
  boolean visit(long[] coordinate, long points, long outermostEntry) {
    int at = offset(coordinate);
    if (production[at] != outermostEntry) {
      production[at] = outermostEntry;
      visits[at] = 0;
      present[at] = false;
      values.set(values.empty(), coordinate);
    }
    visits[at]++;
    complete[at] = visits[at] == points;
    return visits[at] <= points;
  }

  /** Writes a value that needs no accumulation. */
  void set(long[] coordinate, double value, long outermostEntry) {
    values.set(value, coordinate);
    int at = offset(coordinate);
    complete[at] = true;
    production[at] = outermostEntry;
  }

  /** Folds a value into an element. */
  void accumulate(long[] coordinate, double value, Monoid monoid) {
    int at = offset(coordinate);
    values.set(present[at] ? monoid.combine(values.get(coordinate), value) : value, coordinate);
    present[at] = true;
  }

  /** Whether the element was not touched since this entry of its home; it is from now on. */
  boolean isFirstSince(long[] coordinate, long entryNumber) {
    int at = offset(coordinate);
    boolean first = entry[at] != entryNumber;
    entry[at] = entryNumber;
    return first;
  }

  private int offset(long[] coordinate) {
    long at = 0;
    for (int i = 0; i < shape.length; i++) {
      if (coordinate[i] < 0 || coordinate[i] >= shape[i]) {
        return -1;
      }
      at = at * shape[i] + coordinate[i];
    }
    return (int) at;
  }
}
