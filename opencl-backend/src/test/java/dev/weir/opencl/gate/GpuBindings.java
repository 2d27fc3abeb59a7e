package dev.weir.opencl.gate;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.ScheduleReader;
import dev.weir.opencl.plain.Binding;
import dev.weir.opencl.plain.PlainSchedules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What {@code ./weir validate --all} runs on a GPU. */
final class GpuBindings {

  private static final Path CONFIGS = Path.of("..", "configs");

  /**
   * A cascade with a schedule for GPUs.
   *
   * @param isShipped whether somebody wrote the schedule, rather than {@link PlainSchedules}
   */
  record Bound(Problem problem, boolean isShipped) {
    @Override
    public String toString() {
      return problem.schedule().name() + " for " + problem.cascade().name();
    }
  }

  private GpuBindings() {}

  /** Every cascade with every schedule that fits it, or a plain one. */
  static List<Bound> all() {
    Map<?, ?> catalogue = catalogue();
    Architecture gpu = ArchitectureReader.readFile(CONFIGS.resolve("devices/generic-gpu.yaml"));
    List<Schedule> schedules = schedules(catalogue);
    List<Bound> all = new ArrayList<>();
    for (Object entry : (List<?>) catalogue.get("cascades")) {
      Map<?, ?> workload = (Map<?, ?>) entry;
      Cascade cascade = CascadeReader.readFile(CONFIGS.resolve((String) workload.get("cascade")));
      Map<RankName, Long> shapes = new HashMap<>(cascade.defaultShapes());
      shapes.putAll(shapes((Map<?, ?>) workload.get("shapes")));
      List<Bound> fitting =
          schedules.stream()
              .filter(schedule -> computed(schedule.root()).equals(outputs(cascade)))
              .map(schedule -> new Bound(Problem.of(cascade, schedule, gpu, shapes), true))
              .filter(bound -> Legality.judge(bound.problem()).isLegal())
              .toList();
      all.addAll(fitting);
      if (fitting.isEmpty()) {
        Schedule plain = PlainSchedules.of(cascade, cascade.shapes(shapes), Binding.ITEMS);
        all.add(new Bound(Problem.of(cascade, plain, gpu, shapes), false));
      }
    }
    return all;
  }

  /** How many cascades there are. */
  static int cascades() {
    return ((List<?>) catalogue().get("cascades")).size();
  }

  private static Map<?, ?> catalogue() {
    try {
      String text = Files.readString(CONFIGS.resolve("validation.yaml"));
      return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static List<Schedule> schedules(Map<?, ?> catalogue) {
    return ((List<?>) catalogue.get("bindings"))
        .stream()
            .map(binding -> (Map<?, ?>) binding)
            .filter(binding -> binding.get("architecture").equals("devices/generic-gpu.yaml"))
            .flatMap(binding -> ((List<?>) binding.get("schedules")).stream())
            .map(file -> ScheduleReader.readFile(CONFIGS.resolve((String) file)).schedule())
            .toList();
  }

  private static Map<RankName, Long> shapes(Map<?, ?> written) {
    Map<RankName, Long> shapes = new HashMap<>();
    written.forEach(
        (rank, shape) -> shapes.put(new RankName((String) rank), ((Number) shape).longValue()));
    return shapes;
  }

  private static Set<TensorName> computed(Node node) {
    Set<TensorName> computed = new HashSet<>();
    if (node instanceof Node.Compute compute) {
      computed.add(compute.einsum());
    }
    node.children().forEach(child -> computed.addAll(computed(child)));
    return computed;
  }

  private static Set<TensorName> outputs(Cascade cascade) {
    return cascade.einsums().stream()
        .map(einsum -> einsum.output().tensor())
        .collect(Collectors.toSet());
  }
}
