package dev.weir.mapper.model;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.ScheduleReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Problems made of shipped files. */
final class Shipped {

  private static final Path CONFIGS = Path.of("../configs");

  private Shipped() {}

  static Schedule schedule(String name) {
    return ScheduleReader.readFile(CONFIGS.resolve("schedules/" + name + ".schedule")).schedule();
  }

  static Cascade cascade(String name) {
    return CascadeReader.readFile(CONFIGS.resolve("cascades/" + name + ".edge"));
  }

  static Architecture architecture(String file) {
    return ArchitectureReader.readFile(CONFIGS.resolve(file + ".yaml"));
  }

  /** FuseMax +Binding: B = 64. */
  static Problem fuseMax(long heads, long length, long embedding, long queryTiles) {
    return problem(
        schedule("fusemax/binding").with(Map.of("P1", queryTiles)),
        architecture("architectures/fusemax_cloud"),
        attention(64, heads, length, embedding));
  }

  static Problem problem(
      Schedule schedule, Architecture architecture, Map<RankName, Long> workload) {
    return Problem.of(cascade(schedule.cascade()), schedule, architecture, workload);
  }

  /** Self-attention with as many keys as queries. */
  static Map<RankName, Long> attention(long batch, long heads, long length, long embedding) {
    return shapes("B", batch, "H", heads, "P", length, "M", length, "E", embedding, "F", embedding);
  }

  /** Ranks and shapes in turn. */
  static Map<RankName, Long> shapes(Object... ranksAndShapes) {
    Map<RankName, Long> shapes = new HashMap<>();
    for (int i = 0; i < ranksAndShapes.length; i += 2) {
      shapes.put(
          new RankName((String) ranksAndShapes[i]), ((Number) ranksAndShapes[i + 1]).longValue());
    }
    return shapes;
  }
}
