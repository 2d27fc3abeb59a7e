package dev.weir.opencl.validate;

import dev.weir.mapper.schedule.Problem;
import java.util.List;

/** The small shapes of a validation, for tests of other packages. */
public final class ShapesWithTails {

  private ShapesWithTails() {}

  /** The problem at these shapes. */
  public static List<Problem> of(Problem problem) {
    return TailShapes.of(problem);
  }
}
