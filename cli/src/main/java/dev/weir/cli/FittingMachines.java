package dev.weir.cli;

import dev.weir.cli.experiment.Judged;
import dev.weir.cli.experiment.Library;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.ParsedSchedule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which of the machines that come with Weir have all that a schedule names.
 *
 * @param schedule with its text
 * @param forKernels whether only OpenCL devices count
 */
record FittingMachines(ParsedSchedule schedule, boolean forKernels) {

  /** More names are no help. */
  private static final int MOST = 3;

  /** Whether it is described as an OpenCL device. */
  static boolean isDevice(Architecture machine) {
    return axes(machine).anyMatch(axis -> axis.kind() == Axis.Kind.WORK_GROUP);
  }

  private static Stream<Axis> axes(Architecture machine) {
    return machine.units().stream().flatMap(unit -> unit.axes().stream());
  }

  /**
   * How to mend that a machine is missing or does not serve.
   *
   * @param command what was typed before {@code -a}
   */
  String fix(String command) {
    List<String> best = best();
    return best.isEmpty()
        ? "take a schedule with axes of the machine, and "
            + options(machines().keySet().stream().toList())
        : "./weir " + command + " " + options(best);
  }

  private static String options(List<String> names) {
    return names.stream()
        .limit(MOST)
        .map(name -> "-a " + name)
        .collect(Collectors.joining(", or "));
  }

  /**
   * Refuses a machine that lacks an axis, where another one has all. One that no machine has is
   * probably misspelt, which the judge says.
   *
   * @throws InvalidInputException at the first loop over such an axis
   */
  void requireAxes(Architecture machine) {
    Map<AxisName, NodePath> missing = new LinkedHashMap<>(places());
    axes(machine).forEach(axis -> missing.remove(axis.name()));
    List<String> others = missing.isEmpty() ? List.of() : best();
    if (!others.isEmpty()) {
      throw Judged.at(
          missing.values().iterator().next(),
          "%s has no axis %s (got %s, expected also %s)"
              .formatted(
                  machine.name(),
                  join(missing.keySet()),
                  axisNames(machine),
                  join(missing.keySet())),
          Optional.of(options(others)),
          schedule);
    }
  }

  /**
   * Refuses what is no OpenCL device.
   *
   * @param command what was typed before {@code -a}
   * @throws InvalidInputException with the names of devices
   */
  void requireDevice(Architecture machine, String command) {
    if (!isDevice(machine)) {
      throw new InvalidInputException(
          "error: %s is no OpenCL device (got %s, expected one with axes of work-groups, such as %s)%n    fix: %s%n"
              .formatted(
                  machine.name(),
                  axisNames(machine),
                  String.join(", ", machines().keySet()),
                  fix(command)));
    }
  }

  private static String axisNames(Architecture machine) {
    List<String> names = axes(machine).map(axis -> axis.name().text()).distinct().toList();
    return names.isEmpty() ? "no axes" : "axes " + String.join(", ", names);
  }

  /** Those that run most at the same time inside a work-group; all of them if several. */
  private List<String> best() {
    Map<String, Long> instances = new LinkedHashMap<>();
    machines()
        .forEach((name, machine) -> instances(machine).ifPresent(n -> instances.put(name, n)));
    long most = instances.values().stream().mapToLong(n -> n).max().orElse(0);
    return instances.keySet().stream().filter(name -> instances.get(name) == most).toList();
  }

  /** Over the axes that the schedule names; nothing when an axis, unit or level is missing. */
  private Optional<Long> instances(Architecture machine) {
    List<Node> nodes = new ArrayList<>();
    collect(schedule.schedule().root(), nodes);
    boolean hasAll =
        places().keySet().stream().allMatch(name -> machine.axis(name).isPresent())
            && nodes.stream().allMatch(node -> hasPlaces(machine, node));
    return hasAll
        ? Optional.of(
            places().keySet().stream()
                .map(name -> machine.axis(name).orElseThrow())
                .filter(axis -> axis.kind() == Axis.Kind.WORK_ITEM || axis.kind() == Axis.Kind.LANE)
                .mapToLong(Axis::instances)
                .reduce(1, (product, n) -> product * n))
        : Optional.empty();
  }

  private static boolean hasPlaces(Architecture machine, Node node) {
    return switch (node) {
      case Node.Compute compute -> machine.unit(compute.unit()).isPresent();
      case Node.Interleave interleave -> machine.unit(interleave.unit()).isPresent();
      case Node.Keep keep -> machine.level(keep.level()).isPresent();
      case Node.For _,
          Node.Spatial _,
          Node.Iterate _,
          Node.Last _,
          Node.Pipeline _,
          Node.Stage _,
          Node.Seq _,
          Node.Par _ ->
          true;
    };
  }

  private static void collect(Node node, List<Node> nodes) {
    nodes.add(node);
    node.children().forEach(child -> collect(child, nodes));
  }

  private Map<String, Architecture> machines() {
    Library library = new Library();
    Map<String, Architecture> machines = new LinkedHashMap<>();
    ShippedFiles.MACHINES
        .all()
        .forEach(
            (name, file) -> {
              Architecture machine = library.architecture(file);
              if (!forKernels || isDevice(machine)) {
                machines.put(name, machine);
              }
            });
    return machines;
  }

  /** The axes that the schedule names, each with its first loop. */
  private Map<AxisName, NodePath> places() {
    Map<AxisName, NodePath> places = new LinkedHashMap<>();
    addPlaces(schedule.schedule().root(), NodePath.ROOT, places);
    return places;
  }

  private static void addPlaces(Node node, NodePath path, Map<AxisName, NodePath> places) {
    if (node instanceof Node.Spatial loop) {
      places.putIfAbsent(loop.axis(), path);
    }
    List<Node> children = node.children();
    for (int i = 0; i < children.size(); i++) {
      addPlaces(children.get(i), path.child(i), places);
    }
  }

  private static String join(Iterable<AxisName> names) {
    List<String> texts = new ArrayList<>();
    names.forEach(name -> texts.add(name.text()));
    return String.join(", ", texts);
  }
}
