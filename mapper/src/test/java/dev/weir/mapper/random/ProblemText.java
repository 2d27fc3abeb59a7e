package dev.weir.mapper.random;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.check.CascadeWriter;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.SchedulePrinter;
import java.util.stream.Collectors;

/** Problems on the example machines as text, read and written as part of a test. */
public final class ProblemText {

  private ProblemText() {}

  /**
   * A problem.
   *
   * @param cascade text of a cascade
   * @param schedule text of a schedule
   * @param shapes of the workload, such as {@code "M=3 P=2"}
   */
  public static Problem read(
      String cascade, String schedule, Architecture architecture, String shapes) {
    Diagnostics diagnostics = new Diagnostics();
    Cascade read =
        CascadeReader.read(new SourceFile("test.edge", cascade), diagnostics).orElse(null);
    diagnostics.throwIfErrors();
    return Problem.of(
        read, Examples.schedule(schedule).schedule(), architecture, Examples.shapes(shapes));
  }

  /**
   * A test, ready to be pasted into a test class.
   *
   * @param problem on one of the example machines
   * @param seed of the random problem that it comes from
   * @param check a statement about {@code problem}
   */
  public static String test(Problem problem, long seed, String check) {
    return """
      /** Shrunk from the random problem with seed %d. */
      @Test
      void seed%d() {
        Problem problem =
            ProblemText.read(
    %s,
    %s,
                %s,
                "%s");

        %s
      }
    """
        .formatted(
            seed,
            seed,
            block(CascadeWriter.write(problem.cascade())),
            block(SchedulePrinter.print(problem.schedule())),
            architecture(problem.architecture()),
            shapes(problem),
            check);
  }

  private static String block(String text) {
    String quotes = "\"\"\"";
    return (quotes + "\n" + text + quotes)
        .lines()
        .map(line -> line.isEmpty() ? line : " ".repeat(12) + line)
        .collect(Collectors.joining("\n"));
  }

  private static String shapes(Problem problem) {
    return problem.cascade().workloadRanks().stream()
        .sorted()
        .map(rank -> rank + "=" + problem.shapes().of(rank))
        .collect(Collectors.joining(" "));
  }

  /** The call that makes the machine. */
  private static String architecture(Architecture architecture) {
    if (architecture.axis(new AxisName("Array2D.rows")).isPresent()) {
      long size = width(architecture, "Array2D.rows");
      long words = capacity(architecture, "GlobalBuffer");
      return call(
          architecture,
          ExampleArchitectures.fuseMax(size, words),
          "fuseMax(%d, %d)".formatted(size, words));
    }
    long lanes = width(architecture, "lanes.x");
    long items = width(architecture, "items.x");
    long local = capacity(architecture, "Local");
    long own = capacity(architecture, "Private");
    return call(
        architecture,
        ExampleArchitectures.openCl(lanes, items, local, own),
        "openCl(%d, %d, %d, %d)".formatted(lanes, items, local, own));
  }

  private static String call(Architecture wanted, Architecture made, String call) {
    if (!made.equals(wanted)) {
      throw new IllegalArgumentException("no example machine: " + wanted.name());
    }
    return "ExampleArchitectures." + call;
  }

  private static long width(Architecture architecture, String axis) {
    return architecture.axis(new AxisName(axis)).orElseThrow().width();
  }

  private static long capacity(Architecture architecture, String level) {
    return architecture.level(new LevelName(level)).orElseThrow().capacityWords().orElseThrow();
  }
}
