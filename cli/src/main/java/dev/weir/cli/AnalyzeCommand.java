package dev.weir.cli;

import dev.weir.cli.experiment.Library;
import dev.weir.cli.experiment.Overflow;
import dev.weir.cli.experiment.Problems;
import dev.weir.einsum.analysis.CompulsoryTraffic;
import dev.weir.einsum.analysis.OperationCount;
import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.analysis.PassAnalysis;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.reports.text.TextTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir analyze}. */
@Command(
    name = "analyze",
    aliases = "analyse",
    description = {
      "How often a cascade must sweep over each rank, and which Einsums force that.",
      "With shapes of all ranks also its operations and the words that must come and go."
    },
    footer = {
      "",
      "Examples:",
      "  ./weir analyze configs/cascades/attention_3pass.edge",
      "  ./weir analyze configs/cascades/attention_1pass.edge --shape B=1,H=12,P=4K,M=4K,E=64,F=64",
      "",
      "Exit codes: 0 done, 2 the cascade or a shape is wrong"
    })
final class AnalyzeCommand extends HelpOption implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "A cascade, *.edge.")
  private Path file;

  @Mixin private ShapesOption shapes;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Cascade cascade = new Library().cascade(file);
    Map<RankName, Long> given = shapes.byRank();
    Problems.refuseUnknown(List.of(cascade), given, "--shape");
    String counts =
        given.isEmpty() ? "" : Overflow.refused(given, "--shape", () -> counts(cascade, given));
    out.print(PassAnalysis.of(cascade).text());
    out.print(counts);
    return ExitCode.OK;
  }

  private static String counts(Cascade cascade, Map<RankName, Long> given) {
    Shapes all = cascade.shapes(Problems.workload(cascade, given, "--shape"));
    return "\n"
        + operations(OperationCount.of(cascade, all))
        + "\n"
        + traffic(CompulsoryTraffic.of(cascade, all));
  }

  private static String operations(OperationCount count) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Einsum", "points", "operations"));
    for (OperationCount.OfEinsum einsum : count.einsums()) {
      rows.add(
          List.of(
              einsum.einsum().text(),
              grouped(einsum.points().points()) + " points",
              kinds(einsum.operations())));
    }
    rows.add(List.of("all", "", kinds(count.totals())));
    String note =
        count.isExact() ? "" : "Some conditions depend on data: these numbers are upper bounds.\n";
    return TextTable.of(rows) + note;
  }

  private static String kinds(Map<OperationKind, Long> operations) {
    return operations.isEmpty()
        ? "none"
        : new TreeMap<>(operations)
            .entrySet().stream()
                .map(entry -> grouped(entry.getValue()) + " " + entry.getKey().text())
                .collect(Collectors.joining(", "));
  }

  private static String traffic(CompulsoryTraffic traffic) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("tensor", "role", "must cross the chip's border"));
    for (CompulsoryTraffic.OfTensor tensor : traffic.tensors()) {
      if (tensor.compulsoryWords() > 0) {
        rows.add(
            List.of(
                tensor.tensor().text(),
                tensor.role().name().toLowerCase(Locale.ROOT),
                grouped(tensor.compulsoryWords()) + " words"));
      }
    }
    rows.add(List.of("all", "", grouped(traffic.compulsoryWords()) + " words"));
    return TextTable.of(rows);
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
