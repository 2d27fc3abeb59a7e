package dev.weir.cli;

import dev.weir.einsum.analysis.PassAnalysis;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Spelling;
import dev.weir.einsum.zoo.Zoo;
import dev.weir.einsum.zoo.ZooEntry;
import dev.weir.reports.text.TextTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir zoo}. */
@Command(
    name = "zoo",
    description = {
      "Attention operators that come with Weir, from the papers that define them.",
      "Each is a cascade that is tested against loops written from the paper's equations."
    },
    subcommands = {ZooCommand.ListAll.class, ZooCommand.Show.class},
    footer = {
      "",
      "Examples:",
      "  ./weir zoo list",
      "  ./weir zoo show halo_attention",
      "",
      "Exit codes: 0 done, 2 no operator of that name"
    })
final class ZooCommand extends HelpOption implements Callable<Integer> {

  private static final Path FOLDER = Path.of("configs", "cascades", "zoo");

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return ExitCode.OK;
  }

  /** The folder of the installation, from wherever Weir was started. */
  static Path folder() {
    String home = System.getenv().getOrDefault("WEIR_HOME", ".");
    return Path.of(System.getProperty("weir.home", home)).resolve(FOLDER);
  }

  /** One line an operator. */
  @Command(
      name = "list",
      description = "List them, with family, phase and passes.",
      footer = {"", "Example:", "  ./weir zoo list"})
  static final class ListAll extends HelpOption implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("name", "family", "phase", "passes", ""));
      for (ZooEntry entry : Zoo.of(folder())) {
        rows.add(
            List.of(
                entry.cascade().name(),
                entry.family(),
                entry.phase(),
                passes(entry),
                entry.cascade().description()));
      }
      PrintWriter out = spec.commandLine().getOut();
      out.print(TextTable.of(rows));
      return ExitCode.OK;
    }
  }

  private static String passes(ZooEntry entry) {
    return entry.passes().entrySet().stream()
        .map(rank -> rank.getValue() + " over " + rank.getKey())
        .collect(Collectors.joining(", "));
  }

  /** One operator, whole. */
  @Command(
      name = "show",
      description = "Show one: where it comes from, its Einsums, what forces its passes.",
      footer = {"", "Example:", "  ./weir zoo show halo_attention"})
  static final class Show extends HelpOption implements Callable<Integer> {
    private static final int LINE_WIDTH = 100;

    @Parameters(paramLabel = "NAME", description = "Its name, as 'zoo list' prints it.")
    private String name;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      List<ZooEntry> all = Zoo.of(folder());
      ZooEntry entry =
          all.stream()
              .filter(one -> one.cascade().name().equals(name))
              .findFirst()
              .orElseThrow(() -> unknown(all));
      PrintWriter out = spec.commandLine().getOut();
      wrapped(entry.source()).forEach(out::println);
      out.println();
      wrapped(entry.equation()).forEach(line -> out.println("    " + line));
      out.println();
      out.printf(
          "family  %s%nphase   %s%npasses  %s%nshapes  %s%nfile    %s%n%n",
          entry.family(), entry.phase(), passes(entry), entry.shapes(), entry.file());
      out.print(
          SourceFile.read(entry.file())
              .text()
              .lines()
              .dropWhile(line -> line.startsWith("#"))
              .collect(Collectors.joining("\n", "", "\n\n")));
      out.print(PassAnalysis.of(entry.cascade()).text());
      return ExitCode.OK;
    }

    static List<String> wrapped(String text) {
      List<String> lines = new ArrayList<>();
      StringBuilder line = new StringBuilder();
      for (String word : text.split(" ", -1)) {
        if (line.length() + word.length() >= LINE_WIDTH) {
          lines.add(line.toString().strip());
          line.setLength(0);
        }
        line.append(word).append(' ');
      }
      lines.add(line.toString().strip());
      return lines;
    }

    private InvalidInputException unknown(List<ZooEntry> all) {
      List<String> names = all.stream().map(one -> one.cascade().name()).toList();
      return new InvalidInputException(
          "error: no operator of that name (got %s, expected one of %s)%n%s"
              .formatted(
                  name,
                  String.join(", ", names),
                  Spelling.nearest(name, names)
                      .map(near -> "    fix: ./weir zoo show " + near + "\n")
                      .orElse("")));
    }
  }
}
