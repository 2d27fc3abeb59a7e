package dev.weir.opencl.execute;

import dev.weir.opencl.execute.Fault.Direction;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Type;
import java.util.Arrays;
import java.util.Optional;

/** Elements of an array while kernels run, lane by lane. */
final class Storage {

  private final String kernel;
  private final Array array;
  private final int lanes;
  private final double[] values;
  private final boolean[] isWritten;
  private final ExecutionOptions options;
  private final Optional<RaceDetector> races;
  private final boolean refusesUnwritten;
  private final boolean isHalf;

  /**
   * An array whose elements are unset.
   *
   * @param kernel for messages
   * @param races none for an array of one work-item
   */
  Storage(String kernel, Array array, ExecutionOptions options, Optional<RaceDetector> races) {
    this(kernel, array, new double[places(array)], new boolean[places(array)], options, races);
    clear();
  }

  private Storage(
      String kernel,
      Array array,
      double[] values,
      boolean[] isWritten,
      ExecutionOptions options,
      Optional<RaceDetector> races) {
    this.kernel = kernel;
    this.array = array;
    this.lanes = array.element().lanes();
    this.values = values;
    this.isWritten = isWritten;
    this.options = options;
    this.refusesUnwritten = options.has(ExecutionOptions.Check.UNWRITTEN_READS);
    this.races = races;
    this.isHalf = array.element().kind() == Type.Kind.HALF;
  }

  /** Lanes of all elements. */
  static int places(Array array) {
    return Math.toIntExact(Math.multiplyExact(array.length(), array.element().lanes()));
  }

  /** The same elements in another kernel, under the name of its argument. */
  Storage in(String otherKernel, Array argument, Optional<RaceDetector> otherRaces) {
    return new Storage(otherKernel, argument, values, isWritten, options, otherRaces);
  }

  /** Unsets every element. */
  void clear() {
    Type.Kind kind = array.element().kind();
    Arrays.fill(values, Kinds.rounding(kind).applyAsDouble(options.unset()));
    Arrays.fill(isWritten, false);
    races.ifPresent(RaceDetector::clear);
  }

  /** Sets every element from outside a kernel. */
  void fill(double[] given) {
    System.arraycopy(given, 0, values, 0, values.length);
    Arrays.fill(isWritten, true);
  }

  double[] copy() {
    return values.clone();
  }

  /** Place of an element's first lane; {@code elements} of them must exist from there on. */
  int place(double index, int elements, Direction direction, WorkItem item) {
    long first = (long) index;
    if (first < 0 || first + elements > array.length()) {
      long wrong = first < 0 ? first : Math.max(first, array.length());
      throw new FaultException(
          new Fault.OutOfBounds(
              kernel, array.name(), array.length(), wrong, direction, item.identity()));
    }
    return (int) first * lanes;
  }

  double read(int place, WorkItem item) {
    if (refusesUnwritten && !isWritten[place]) {
      throw new FaultException(
          new Fault.UnwrittenRead(kernel, array.name(), place / lanes, item.identity()));
    }
    if (races.isPresent()) {
      races.get().read(place, item);
    }
    return values[place];
  }

  void write(int place, double value, WorkItem item) {
    if (races.isPresent()) {
      races.get().write(place, item);
    }
    values[place] = isHalf ? Kinds.rounding(Type.Kind.HALF).applyAsDouble(value) : value;
    isWritten[place] = true;
  }
}
