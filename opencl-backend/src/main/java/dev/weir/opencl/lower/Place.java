package dev.weir.opencl.lower;

import dev.weir.opencl.kernel.Value;

/**
 * A coordinate of one rank of a tensor, or an index into an array.
 *
 * <p>{@code mayExceed}: in a tail it may lie beyond the shape, and whatever is read there is not
 * used. {@code mayBeOutside}: it may lie outside, and then the element is absent.
 */
sealed interface Place {

  boolean mayBeOutside();

  boolean mayExceed();

  /** Its number. */
  Value value(int lanes);

  /** Known up to loop counters. */
  record Affine(AffineForm form, boolean mayExceed, boolean mayBeOutside) implements Place {
    @Override
    public Value value(int lanes) {
      return form.value(lanes);
    }
  }

  /** Worked out at run time. */
  record Computed(Value number, boolean mayExceed, boolean mayBeOutside) implements Place {
    @Override
    public Value value(int lanes) {
      return number;
    }
  }
}
