package dev.weir.cli.experiment;

import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.reports.model.InputFile;
import dev.weir.reports.model.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says of a figure who found it, about what and from which files. */
final class Sources {

  private final InputFiles inputs;
  private final Path experiment;

  Sources(InputFiles inputs, Path experiment) {
    this.inputs = inputs;
    this.experiment = experiment;
  }

  /** A reader of a schedule. */
  Source of(String reader, Problem problem, String detail, Path... files) {
    return of(reader, problem, shapes(problem), detail, files);
  }

  /**
   * A reader of a schedule at other shapes than the problem's own.
   *
   * @param shapes as in {@code B=64 H=12}
   */
  Source of(String reader, Problem problem, String shapes, String detail, Path... files) {
    String about =
        "cascade %s, schedule %s%s on %s, %s%s"
            .formatted(
                problem.cascade().name(),
                problem.schedule().name(),
                parameters(problem),
                problem.architecture().name(),
                shapes,
                detail.isEmpty() ? "" : "; " + detail);
    return new Source(reader, about, files(files));
  }

  /** A quotient of two figures. */
  static Source quotient(Source dividend, Source divisor) {
    List<InputFile> files = new ArrayList<>(dividend.inputs());
    files.addAll(divisor.inputs());
    String readers =
        dividend.reader().equals(divisor.reader())
            ? dividend.reader()
            : dividend.reader() + " and " + divisor.reader();
    return new Source(readers, "(" + dividend.summary() + ") ÷ (" + divisor.summary() + ")", files);
  }

  /** Anything else. */
  Source of(String reader, String about, Path... files) {
    return new Source(reader, about, files(files));
  }

  private List<InputFile> files(Path... files) {
    List<InputFile> all = new ArrayList<>();
    all.add(inputs.of(experiment));
    for (Path file : files) {
      all.addAll(inputs.withUsed(file));
    }
    return all;
  }

  private static String parameters(Problem problem) {
    Map<String, Long> parameters = new TreeMap<>(problem.schedule().parameters());
    return parameters.isEmpty() ? "" : " with " + join(parameters);
  }

  /** The shapes that the workload decides, {@code B=64 H=12 …}. */
  static String shapes(Problem problem) {
    Map<String, Long> shapes = new TreeMap<>();
    for (RankName rank : Problems.wholeRanks(problem.cascade())) {
      shapes.put(rank.text(), problem.shapes().of(rank));
    }
    return join(shapes);
  }

  private static String join(Map<String, Long> values) {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }
}
