package dev.weir.opencl.execute;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A work-item while it runs: its values and its private arrays. */
final class WorkItem {

  private final int number;
  private final long[] position;
  private final long[] group = new long[3];
  private Optional<Fault.Item> identity = Optional.empty();

  /** Lanes of all values, at places that the compiler chose. Modified by operations. */
  final double[] registers;

  /** Private arrays, at places that the compiler chose. Modified by declarations. */
  final Storage[] arrays;

  /**
   * A work-item.
   *
   * @param number in its group, from 0
   * @param position in its group along x, y and z
   */
  WorkItem(int number, long[] position, int registers, int arrays) {
    this.number = number;
    this.position = position.clone();
    this.registers = new double[registers];
    this.arrays = new Storage[arrays];
  }

  void enter(long[] newGroup) {
    System.arraycopy(newGroup, 0, group, 0, group.length);
    identity = Optional.empty();
  }

  int number() {
    return number;
  }

  long position(boolean ofGroup, int dimension) {
    return ofGroup ? group[dimension] : position[dimension];
  }

  Fault.Item identity() {
    if (identity.isEmpty()) {
      List<Long> inGrid = Arrays.stream(group).boxed().toList();
      List<Long> inGroup = Arrays.stream(position).boxed().toList();
      identity = Optional.of(new Fault.Item(inGrid, inGroup));
    }
    return identity.get();
  }
}
