package dev.weir.opencl.example;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.opencl.plain.Binding;
import dev.weir.opencl.plain.PlainSchedules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every shipped cascade under its plain schedules, at shapes that Oclgrind has time for. */
public final class PlainKernels {

  private static final Path CONFIGS = Path.of("..", "configs");
  private static final Path CASCADES = CONFIGS.resolve("cascades");
  private static final String SUFFIX = ".edge";

  private PlainKernels() {}

  /** Files of all shipped cascades, below their folder and without suffix. */
  public static List<String> cascades() {
    try (Stream<Path> files = Files.walk(CASCADES)) {
      return files
          .map(file -> CASCADES.relativize(file).toString())
          .filter(file -> file.endsWith(SUFFIX))
          .map(file -> file.substring(0, file.length() - SUFFIX.length()))
          .filter(PlainKernels::hasPlainSchedule)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Iterations in iterations have none. */
  private static boolean hasPlainSchedule(String file) {
    return !file.equals("zoo/titans_chunks");
  }

  /** A shipped cascade under its plain schedule, with remainders in vectors and work-groups. */
  public static Problem of(String file, Binding binding) {
    Cascade cascade = CascadeReader.readFile(CASCADES.resolve(file + SUFFIX));
    Map<RankName, Long> shapes = new HashMap<>();
    cascade.workloadRanks().forEach(rank -> shapes.put(rank, rank.text().length() > 1 ? 2L : 5L));
    cascade.partitions().forEach(split -> shapes.put(split.inner(), 2L));
    Schedule schedule = PlainSchedules.of(cascade, cascade.shapes(shapes), binding);
    String device =
        switch (binding) {
          case LANES -> "pocl-cpu";
          case ITEMS -> "generic-gpu";
        };
    return Problem.of(
        cascade,
        schedule,
        ArchitectureReader.readFile(CONFIGS.resolve("devices").resolve(device + ".yaml")),
        shapes);
  }
}
