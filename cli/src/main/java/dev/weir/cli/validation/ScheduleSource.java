package dev.weir.cli.validation;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.opencl.plain.Binding;
import dev.weir.opencl.plain.PlainSchedules;
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
    return (cascade, architecture, shapes) ->
        List.of(
            PlainSchedules.of(cascade, cascade.shapes(shapes), Binding.of(architecture)));
  }
}
