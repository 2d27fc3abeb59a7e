package dev.weir.cli;

import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.gpu.TargetResult;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Source;
import dev.weir.reports.parts.TargetParts;
import dev.weir.reports.text.TextReport;
import java.util.List;
import java.util.stream.Stream;

/** What compilers for GPUs made of kernels, for people. */
final class TargetText {

  private static final Source SOURCE = new Source("GPU compilers", "this schedule", List.of());

  private TargetText() {}

  /** Tables, and what compilers said where they failed. */
  static String of(Problem problem, List<TargetResult> results) {
    String cascade = problem.cascade().name();
    StringBuilder out = new StringBuilder();
    out.append(TextReport.part(TargetParts.resources(cascade, results, SOURCE)));
    Part.Table occupancy = TargetParts.occupancy(cascade, results, SOURCE);
    if (!occupancy.rows().isEmpty()) {
      out.append('\n').append(TextReport.part(occupancy));
    }
    if (results.stream().anyMatch(TargetResult.Compiled.class::isInstance)) {
      out.append('\n');
      out.append(TextReport.part(TargetParts.instructions(cascade, results, SOURCE)));
    }
    for (TargetResult result : results) {
      if (result instanceof TargetResult.Failed failed) {
        out.append("\n%s: %s%n".formatted(failed.target(), failed.reason()));
        failed.log().forEach(line -> out.append("    ").append(line).append('\n'));
        out.append("    fix: ")
            .append(
                failed
                    .fix()
                    .orElse("./weir kernel show --plain with the same arguments prints the text"))
            .append('\n');
      }
    }
    return out.toString();
  }

  /** Each tool that is missing, with what to install. */
  static List<String> missing(List<TargetResult> results) {
    return results.stream()
        .flatMap(TargetText::missing)
        .map(one -> "NOT RUN: %s is not there%n    fix: %s".formatted(one.tool(), one.remedy()))
        .distinct()
        .toList();
  }

  private static Stream<TargetResult.ToolMissing> missing(TargetResult result) {
    return switch (result) {
      case TargetResult.Compiled compiled -> compiled.missing().stream();
      case TargetResult.Failed _ -> Stream.empty();
      case TargetResult.ToolMissing missing -> Stream.of(missing);
    };
  }
}
