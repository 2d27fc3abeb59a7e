package dev.weir.mapper.interpret;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import java.util.List;
import java.util.Optional;

/**
 * Where a tensor is found from some place of the schedule.
 *
 * @param level the level of the nearest keep that names it, or the top level
 * @param entry the entry of that keep; at the top level there is one for the whole run
 * @param steps steps of the loops between that home and the place, the innermost first
 * @param inPlaceOf whose room that keep takes
 */
record Home(
    LevelName level, Frame.Entry entry, List<Frame.Step> steps, Optional<TensorName> inPlaceOf) {

  static final Frame.Entry WHOLE_RUN = new Frame.Entry(0, false);

  /** A place that no keep of the tensor is around, seen from the top level. */
  static Home top(LevelName level, List<Frame.Step> steps) {
    return new Home(level, WHOLE_RUN, steps, Optional.empty());
  }

  static boolean multicasts(Frame.Step step, TensorName tensor) {
    return step.spatial().filter(loop -> loop.multicast().contains(tensor)).isPresent();
  }
}
