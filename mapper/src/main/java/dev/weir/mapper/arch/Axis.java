package dev.weir.mapper.arch;

import dev.weir.einsum.analysis.OperationKind;
import java.util.Map;

/**
 * A direction along which a unit repeats.
 *
 * @param name its name
 * @param kind what an instance along it is
 * @param width most tiles that one spatial loop may put on it
 * @param instances how many of them run at the same time; tiles beyond run in further waves. Equals
 *     {@code width} on an array
 * @param hopCycles cycles that an operand or a partial sum takes from one instance to the next
 * @param fill what becomes of that time, as a physical fact that cost model and simulator both obey
 * @param drainCycles cycles that a nest takes besides when contributions are merged along the axis,
 *     by the operation that merges them; none where an operation is missing
 */
public record Axis(
    AxisName name,
    Kind kind,
    long width,
    long instances,
    long hopCycles,
    Fill fill,
    Map<OperationKind, Long> drainCycles) {

  /** What becomes of the time in which operands fill an array, and sums drain from it. */
  public enum Fill {
    /** A nest takes longer, by as many hops as there are to the last instance in use. */
    USED,
    /**
     * A nest takes longer, by as many hops as there are past all instances, as where one sequence
     * of control serves nests of all sizes, or sums leave the axis only at its end.
     */
    WHOLE,
    /**
     * Every instance goes on with its next nest as soon as its own part is done, so that no unit
     * loses time inside a pipeline; what passes along the axis from nest to nest arrives late.
     */
    SKEWED,
    /** It takes no time at all. */
    HIDDEN
  }

  /** What an instance along an axis is. */
  public enum Kind {
    /** A row or column of processing elements. */
    ARRAY,
    /** An OpenCL work-group dimension. */
    WORK_GROUP,
    /** An OpenCL work-item dimension inside a work-group. */
    WORK_ITEM,
    /** A lane of a vector. */
    LANE
  }

  public Axis {
    if (width < 1 || instances < 1 || instances > width || hopCycles < 0) {
      throw new IllegalArgumentException("axis " + name);
    }
    drainCycles = Map.copyOf(drainCycles);
  }

  /** An axis along which reducing costs no more than the hops. */
  public Axis(AxisName name, Kind kind, long width, long instances, long hopCycles, Fill fill) {
    this(name, kind, width, instances, hopCycles, fill, Map.of());
  }

  /** Whether operands and sums take time from one instance to the next, wherever it shows. */
  public boolean takesTimeToPass() {
    return kind == Kind.ARRAY && fill != Fill.HIDDEN && hopCycles > 0;
  }
}
