package dev.weir.cli.validation;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.opencl.plain.Binding;
import dev.weir.opencl.plain.PlainSchedules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes schedules of cascades that no shipped schedule fits. */
public interface ScheduleSource {

  /**
   * Schedules of a cascade on devices of one kind; none when it knows none.
   *
   * @param shapes of the ranks that have none of their own; not modified
   */
  List<Schedule> schedules(Cascade cascade, Architecture architecture, Map<RankName, Long> shapes);

  /** The plain schedule of each cascade. */
  static ScheduleSource plain() {
    return (cascade, architecture, shapes) -> {
      Map<RankName, Long> given = new HashMap<>(cascade.defaultShapes());
      given.putAll(shapes);
      Shapes complete = cascade.shapes(given);
      return List.of(PlainSchedules.of(cascade, complete, Binding.of(architecture)));
    };
  }
}
