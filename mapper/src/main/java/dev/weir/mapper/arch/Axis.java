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
 * @param fill how far they go in a nest
 * @param hidden whether the time that they take is hidden by the hardware, as a physical fact that
 *     cost model and simulator both obey
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
    boolean hidden,
    Map<OperationKind, Long> drainCycles) {

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

  /** How far operands and partial sums go along an axis before a nest is done. */
  public enum Fill {
    /** As far as the last instance in use. */
    USED,
    /**
     * Past all instances, as where one sequence of control serves nests of all sizes, or sums leave
     * the axis only at its end.
     */
    WHOLE
  }

  public Axis {
    if (width < 1 || instances < 1 || instances > width || hopCycles < 0) {
      throw new IllegalArgumentException("axis " + name);
    }
    drainCycles = Map.copyOf(drainCycles);
  }

  /** An axis that is filled as far as it is used, and along which reducing costs only the hops. */
  public Axis(
      AxisName name, Kind kind, long width, long instances, long hopCycles, boolean hidden) {
    this(name, kind, width, instances, hopCycles, Fill.USED, hidden, Map.of());
  }
}
