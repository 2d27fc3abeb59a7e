package dev.weir.opencl.execute;

import dev.weir.opencl.execute.Fault.Direction;
import dev.weir.opencl.kernel.Array;
import java.util.Arrays;
import java.util.Optional;

/**
 * Remembers for each element who touched it last, and finds accesses that nothing orders. Time and
 * memory are constant for each access and element.
 */
final class RaceDetector {

  private final String kernel;
  private final Array array;
  private final Epochs epochs;
  private final Touch[] writers;
  private final Touch[] readers;
  private final Touch[] otherReaders;
  private final Touch[] firstReaders;

  /** An access by a work-item; the epoch tells the work-group, too. */
  private record Touch(int number, Fault.Item item, long epoch) {}

  RaceDetector(String kernel, Array array, int places, Epochs epochs) {
    this.kernel = kernel;
    this.array = array;
    this.epochs = epochs;
    this.writers = new Touch[places];
    this.readers = new Touch[places];
    this.otherReaders = new Touch[places];
    this.firstReaders = new Touch[places];
  }

  /** Forgets everything: another kernel begins, or local memory of another group. */
  void clear() {
    Arrays.fill(writers, null);
    Arrays.fill(readers, null);
    Arrays.fill(otherReaders, null);
    Arrays.fill(firstReaders, null);
  }

  void read(int place, WorkItem item) {
    long now = epochs.current(array.space());
    refuse(conflict(writers[place], item, now), Direction.WRITES, place, item, Direction.READS);
    Touch before = readers[place];
    if (before == null || before.epoch() != now) {
      Touch touch = new Touch(item.number(), item.identity(), now);
      readers[place] = touch;
      otherReaders[place] = null;
      if (firstReaders[place] == null) {
        firstReaders[place] = touch;
      }
    } else if (before.number() != item.number() && otherReaders[place] == null) {
      otherReaders[place] = new Touch(item.number(), item.identity(), now);
    }
  }

  void write(int place, WorkItem item) {
    long now = epochs.current(array.space());
    refuse(conflict(writers[place], item, now), Direction.WRITES, place, item, Direction.WRITES);
    refuse(conflict(readers[place], item, now), Direction.READS, place, item, Direction.WRITES);
    refuse(
        conflict(otherReaders[place], item, now), Direction.READS, place, item, Direction.WRITES);
    refuse(
        conflict(firstReaders[place], item, now), Direction.READS, place, item, Direction.WRITES);
    if (writers[place] == null
        || writers[place].epoch() != now
        || writers[place].number() != item.number()) {
      writers[place] = new Touch(item.number(), item.identity(), now);
    }
  }

  /** An earlier access that nothing orders before one by this work-item now. */
  private Optional<Touch> conflict(Touch before, WorkItem item, long now) {
    if (before == null) {
      return Optional.empty();
    }
    boolean isUnordered =
        epochs.isOfOtherGroup(before.epoch())
            || (before.epoch() == now && before.number() != item.number());
    return isUnordered ? Optional.of(before) : Optional.empty();
  }

  private void refuse(
      Optional<Touch> conflict, Direction before, int place, WorkItem item, Direction now) {
    if (conflict.isPresent()) {
      long index = place / array.element().lanes();
      throw new FaultException(
          new Fault.Race(
              kernel, array.name(), index, now, item.identity(), before, conflict.get().item()));
    }
  }
}
