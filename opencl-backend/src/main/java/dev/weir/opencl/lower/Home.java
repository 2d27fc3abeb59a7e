package dev.weir.opencl.lower;

import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Value;
import java.util.List;
import java.util.Optional;

/** Where the elements of a tensor are while part of a schedule runs. */
sealed interface Home {

  /** Elements in memory. */
  Array array();

  /** Spatial loops around it. */
  Parallel around();

  /** The whole tensor in global memory, row-major. */
  record Whole(Array array, List<Long> shape, Parallel around) implements Home {}

  /**
   * A tile in local or private memory.
   *
   * @param next for a state with two generations: where the new one is written
   * @param dimensions one a rank of the tensor
   */
  record Tile(Array array, Optional<Array> next, List<Dimension> dimensions, Parallel around)
      implements Home {}

  /**
   * A rank of a tile.
   *
   * @param range coordinates of the whole tile
   * @param stored places in memory along this rank
   * @param stride elements from one place to the next
   * @param digits parts of the coordinate that choose a work-group, a work-item or a lane, largest
   *     tile first
   * @param holdsAllReached whether there is room for every coordinate that an index reaches, also
   *     outside the tensor
   */
  record Dimension(
      Range range, long stored, long stride, List<Digit> digits, boolean holdsAllReached) {
    public Dimension {
      digits = List.copyOf(digits);
    }
  }

  /**
   * Tiles of a rank on work-groups, work-items or lanes: {@code (coordinate / tile) % count} is the
   * counter.
   */
  record Digit(Value.Variable counter, long tile, long count) {}
}
