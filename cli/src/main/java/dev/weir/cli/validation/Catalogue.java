package dev.weir.cli.validation;

import dev.weir.einsum.ir.RankName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is validated on a device. Its form: {@code configs/schemas/validation.schema.json}.
 *
 * @param name of the file's key
 * @param description what it is, in words
 * @param bindings devices that schedules are written for
 * @param workloads cascades with shapes
 */
public record Catalogue(
    String name, String description, List<Binding> bindings, List<Workload> workloads) {

  public Catalogue {
    bindings = List.copyOf(bindings);
    workloads = List.copyOf(workloads);
  }

  /**
   * Schedules for one kind of device.
   *
   * @param architecture file of its description
   * @param schedules files
   */
  public record Binding(Path architecture, List<Path> schedules) {
    public Binding {
      schedules = List.copyOf(schedules);
    }
  }

  /**
   * A cascade to validate.
   *
   * @param cascade its file
   * @param shapes of the ranks that have none of their own
   */
  public record Workload(Path cascade, Map<RankName, Long> shapes) {
    public Workload {
      shapes = Map.copyOf(new TreeMap<>(shapes));
    }
  }
}
