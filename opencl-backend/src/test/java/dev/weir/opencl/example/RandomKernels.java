package dev.weir.opencl.example;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.check.CascadeWriter;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.random.RandomSkips;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.lower.KernelLowering;
import dev.weir.opencl.lower.Lowering;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Problems for kernels from the random cascades and schedules with which the mapper's readers are
 * compared: keeps at any level and in each other, fusion, pipelines, recomputation, tiles in the
 * room of others, sums that work-items and lanes merge, tails everywhere. The same seed gives the
 * same problem.
 */
public final class RandomKernels {

  /** Which cascades are drawn. */
  public enum Family {
    /** Chains of products, sums and extremes, windows, head maps, and states along a rank. */
    CHAINS,
    /** The same with empty values of −∞ and with exponentials. */
    EMPTY_VALUES,
    /** Tables, computed indices, orders (`topk`, `argsort`, `mass`), conditions on values. */
    IRREGULAR,
    /** Conditions nearly everywhere, and loops that skip what they leave out. */
    SKIPS;

    /** Its name in the name of a problem. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private RandomKernels() {}

  /** The problem of a seed; nothing where that is not for an OpenCL device. */
  public static Optional<Problem> of(Family family, long seed) {
    Optional<Problem> drawn =
        switch (family) {
          case CHAINS -> Optional.of(RandomProblems.legal(seed));
          case EMPTY_VALUES -> Optional.of(RandomProblems.legal(seed));
          case IRREGULAR -> Optional.of(RandomProblems.irregular(seed));
          case SKIPS -> RandomSkips.of(seed);
        };
    AxisName lanes = new AxisName("lanes.x");
    return drawn
        .filter(problem -> problem.architecture().axis(lanes).isPresent())
        .map(problem -> family == Family.EMPTY_VALUES ? emptied(problem, seed) : problem)
        .map(RandomKernels::fitting);
  }

  /** With as few changes as let it become kernels; the schedule as it is if none do. */
  private static Problem fitting(Problem problem) {
    return Stream.of(true, false)
        .flatMap(
            hasGroups ->
                Stream.of(false, true)
                    .map(isLocal -> KernelClauses.added(problem, isLocal, hasGroups)))
        .filter(changed -> KernelLowering.lower(changed) instanceof Lowering.Lowered)
        .findFirst()
        .orElseGet(() -> KernelClauses.added(problem, false, true));
  }

  /** With other empty values of what is produced, and with exponentials of some right sides. */
  private static Problem emptied(Problem problem, long seed) {
    Random random = new Random(seed * 7_919 + 41);
    List<String> produced =
        problem.cascade().einsums().stream()
            .filter(einsum -> !einsum.isInitial())
            .map(einsum -> einsum.output().tensor().text())
            .toList();
    String empties =
        produced.stream()
            .map(tensor -> tensor + (random.nextBoolean() ? " = -inf" : " = 0"))
            .collect(Collectors.joining(", ", "  empty ", ""));
    String text =
        CascadeWriter.write(problem.cascade())
            .lines()
            .filter(line -> !line.strip().startsWith("empty"))
            .map(line -> isMap(line, problem.cascade()) ? exponential(line, random) : line)
            .map(line -> line.strip().startsWith("outputs") ? empties + "\n" + line : line)
            .collect(Collectors.joining("\n", "", "\n"));
    Diagnostics diagnostics = new Diagnostics();
    Cascade cascade =
        CascadeReader.read(new SourceFile("random.edge", text), diagnostics)
            .orElseThrow(() -> new IllegalStateException(diagnostics.render() + text));
    return new Problem(cascade, problem.schedule(), problem.architecture(), problem.shapes());
  }

  /** Whether a line is an Einsum of inputs alone: exponentials of exponentials overflow. */
  private static boolean isMap(String line, Cascade cascade) {
    return cascade.einsums().stream()
            .filter(einsum -> !einsum.isInitial())
            .map(Einsum::output)
            .anyMatch(output -> line.strip().startsWith(output.tensor().text() + "["))
        && !line.contains("+1")
        && line.matches(".*= I\\d+\\[.*");
  }

  private static String exponential(String line, Random random) {
    if (random.nextInt(3) > 0) {
      return line;
    }
    int equals = line.indexOf(" = ") + 3;
    int end = Math.min(end(line, " ::"), end(line, " |"));
    return line.substring(0, equals)
        + "exp(("
        + line.substring(equals, end)
        + "))"
        + line.substring(end);
  }

  private static int end(String line, String sign) {
    int at = line.indexOf(sign);
    return at < 0 ? line.length() : at;
  }
}
