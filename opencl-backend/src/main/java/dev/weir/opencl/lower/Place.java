package dev.weir.opencl.lower;

import dev.weir.opencl.kernel.Value;
import java.util.List;

/**
 * A coordinate of one rank of a tensor, or an index into an array.
 *
 * <p>{@code ends}: in a tail it may lie at or beyond these, and whatever is read there is not used.
 * {@code mayBeOutside}: it may lie outside the tensor, and then the element is absent. {@code
 * tileEnds}: those beyond which a tile may have no room, or another step's part.
 */
sealed interface Place {

  boolean mayBeOutside();

  List<AffineForm> ends();

  /** Its number. */
  Value value(int lanes);

  /** Whether in a tail it may lie beyond the shape. */
  default boolean mayExceed() {
    return !ends().isEmpty();
  }

  /** Known up to loop counters. */
  record Affine(
      AffineForm form, List<AffineForm> ends, List<AffineForm> tileEnds, boolean mayBeOutside)
      implements Place {
    @Override
    public Value value(int lanes) {
      return form.value(lanes);
    }
  }

  /** Worked out at run time. */
  record Computed(Value number, List<AffineForm> ends, boolean mayBeOutside) implements Place {
    @Override
    public Value value(int lanes) {
      return number;
    }
  }

  /** An index that is inside its array. */
  static Place inside(AffineForm form) {
    return new Affine(form, List.of(), List.of(), false);
  }

  /** An index that is inside its array. */
  static Place inside(Value number) {
    return new Computed(number, List.of(), false);
  }
}
