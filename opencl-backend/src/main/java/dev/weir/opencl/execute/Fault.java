package dev.weir.opencl.execute;

import java.util.List;

/** What a kernel must not do; the first one ends the execution. */
public sealed interface Fault {

  /** What happened, where, and what would be right. */
  String message();

  /** A work-item: its group in the grid and itself in the group, along x, y and z. */
  record Item(List<Long> group, List<Long> position) {
    public Item {
      group = List.copyOf(group);
      position = List.copyOf(position);
    }

    @Override
    public String toString() {
      return "work-item " + position + " of group " + group;
    }
  }

  /** What an access wanted to do. */
  enum Direction {
    READS("reads"),
    WRITES("writes");

    private final String verb;

    Direction(String verb) {
      this.verb = verb;
    }
  }

  /** An access beyond the elements of an array. */
  record OutOfBounds(
      String kernel, String array, long length, long index, Direction direction, Item item)
      implements Fault {
    @Override
    public String message() {
      return "kernel %s %s %s[%d] (expected an index from 0 to %d): %s"
          .formatted(kernel, direction.verb, array, index, length - 1, item);
    }
  }

  /** Two work-items access an element, nothing orders them, and one of them writes. */
  record Race(
      String kernel,
      String array,
      long index,
      Direction direction,
      Item item,
      Direction otherDirection,
      Item other)
      implements Fault {
    @Override
    public String message() {
      return "kernel %s: a race for %s[%d]: %s %s it and %s %s it (expected a barrier between them)"
          .formatted(kernel, array, index, other, otherDirection.verb, item, direction.verb);
    }
  }

  /** A read of an element that nothing wrote. */
  record UnwrittenRead(String kernel, String array, long index, Item item) implements Fault {
    @Override
    public String message() {
      return "kernel %s reads %s[%d], which nothing wrote (expected a store before): %s"
          .formatted(kernel, array, index, item);
    }
  }

  /** Some work-items of a group come to a barrier, the others do not. */
  record BarrierNotReached(String kernel, int reached, int size, Item missing) implements Fault {
    @Override
    public String message() {
      return "kernel %s: %d of %d work-items of a group reach a barrier (expected all); not there: %s"
          .formatted(kernel, reached, size, missing);
    }
  }

  /** Integer arithmetic without a defined result. */
  record Undefined(String kernel, String operation) implements Fault {
    @Override
    public String message() {
      return "kernel %s computes %s (expected a divisor other than 0 and a result of 32 bits)"
          .formatted(kernel, operation);
    }
  }
}
