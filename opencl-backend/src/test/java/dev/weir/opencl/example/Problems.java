package dev.weir.opencl.example;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.ScheduleReader;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.lower.KernelLowering;
import dev.weir.opencl.lower.Lowering;
import dev.weir.opencl.plain.Binding;
import dev.weir.opencl.plain.PlainSchedules;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Problems from shipped files and from texts. */
public final class Problems {

  private static final Path CONFIGS = Path.of("..", "configs");

  private Problems() {}

  /** A shipped cascade with a shipped schedule on a shipped device. */
  public static Problem shipped(String cascade, String schedule, String device, String shapes) {
    return Problem.of(
        CascadeReader.readFile(CONFIGS.resolve("cascades/" + cascade + ".edge")),
        ScheduleReader.readFile(CONFIGS.resolve("schedules/" + schedule + ".schedule")).schedule(),
        ArchitectureReader.readFile(CONFIGS.resolve("devices/" + device + ".yaml")),
        shapes(shapes));
  }

  /** A cascade and a schedule as texts, on a device with all axes and much room. */
  public static Problem of(String cascade, String schedule, String shapes) {
    return Problem.of(cascade(cascade), schedule(schedule), roomy(), shapes(shapes));
  }

  /** A cascade as text under its plain schedule, on a shipped device. */
  public static Problem plain(String cascade, String device, String shapes) {
    return plain(cascade(cascade), device, shapes);
  }

  /** A shipped cascade, {@code zoo/dhsa}, under its plain schedule on a shipped device. */
  public static Problem plainShipped(String cascade, String device, String shapes) {
    return plain(
        CascadeReader.readFile(CONFIGS.resolve("cascades/" + cascade + ".edge")), device, shapes);
  }

  private static Problem plain(Cascade cascade, String device, String shapes) {
    Architecture architecture =
        ArchitectureReader.readFile(CONFIGS.resolve("devices/" + device + ".yaml"));
    Map<RankName, Long> given = new HashMap<>(cascade.defaultShapes());
    given.putAll(shapes(shapes));
    Schedule schedule = PlainSchedules.of(cascade, cascade.shapes(given), Binding.of(architecture));
    return Problem.of(cascade, schedule, architecture, given);
  }

  /** The kernels of a problem that has some. */
  public static KernelProgram program(Problem problem) {
    return switch (KernelLowering.lower(problem)) {
      case Lowering.Lowered lowered -> lowered.program();
      case Lowering.Refused refused ->
          throw new AssertionError(refused.where() + ": " + refused.reason());
    };
  }

  /** {@code B=1 H=2} as shapes. */
  private static Map<RankName, Long> shapes(String text) {
    Map<RankName, Long> shapes = new HashMap<>();
    for (String pair : text.strip().split(" +", -1)) {
      String[] parts = pair.split("=", 2);
      shapes.put(new RankName(parts[0]), Long.valueOf(parts[1]));
    }
    return shapes;
  }

  private static Architecture roomy() {
    return ArchitectureReader.readFile(
        Path.of("src", "test", "resources", "dev", "weir", "opencl", "roomy.yaml"));
  }

  private static Cascade cascade(String text) {
    Diagnostics diagnostics = new Diagnostics();
    var cascade = CascadeReader.read(new SourceFile("test.edge", text), diagnostics);
    return cascade.orElseThrow(() -> new AssertionError(diagnostics.render() + "\n" + text));
  }

  private static Schedule schedule(String text) {
    Diagnostics diagnostics = new Diagnostics();
    var schedule = ScheduleReader.read(new SourceFile("test.schedule", text), diagnostics);
    return schedule
        .orElseThrow(() -> new AssertionError(diagnostics.render() + "\n" + text))
        .schedule();
  }
}
