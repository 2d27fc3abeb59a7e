package dev.weir.cli;

import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.reports.text.TextTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir arch}. */
@Command(
    name = "arch",
    description = {
      "Machines: those that come with Weir and those of your own.",
      "What may stand in a file: docs/architecture.md."
    },
    subcommands = {ArchCommand.ListAll.class, ArchCommand.Show.class, ArchCommand.Check.class},
    footer = {
      "",
      "Examples:",
      "  ./weir arch list",
      "  ./weir arch show fusemax_cloud",
      "  ./weir arch check configs/architectures/tpu_like.yaml",
      "",
      "Exit codes: 0 done, 2 no machine of that name, or a file is wrong"
    })
final class ArchCommand extends HelpOption implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return ExitCode.OK;
  }

  /** One line a machine. */
  @Command(
      name = "list",
      description = "List those that come with Weir, with clock, instances of units and area.",
      footer = {"", "Example:", "  ./weir arch list"})
  static final class ListAll extends HelpOption implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("name", "clock", "units", "area", ""));
      for (Path file : ShippedFiles.MACHINES.all().values()) {
        rows.add(ArchText.line(ArchitectureReader.readFile(file)));
      }
      spec.commandLine().getOut().print(TextTable.of(rows));
      return ExitCode.OK;
    }
  }

  /** One machine, whole. */
  @Command(
      name = "show",
      description = {
        "Show one: memories, units, energies, areas, and where each number comes from.",
        "Also what it does for nothing."
      },
      footer = {
        "",
        "Examples:",
        "  ./weir arch show fusemax_cloud",
        "  ./weir arch show configs/architectures/tpu_like.yaml"
      })
  static final class Show extends HelpOption implements Callable<Integer> {

    @Parameters(
        paramLabel = "NAME|FILE",
        description = "Its name, as 'arch list' prints it, or a *.yaml.")
    private String wanted;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      Path file = ShippedFiles.MACHINES.find(wanted, "arch show");
      Architecture architecture = ArchitectureReader.readFile(file);
      spec.commandLine().getOut().print(ArchText.page(architecture, file));
      return ExitCode.OK;
    }
  }

  /** What is wrong with files. */
  @Command(
      name = "check",
      description = {
        "Read files of machines and report everything that is wrong with them.",
        "A mistake in a file that one of them extends is shown there."
      },
      footer = {
        "",
        "Example:",
        "  ./weir arch check configs/architectures/fusemax_256.yaml",
        "",
        "Exit codes: 0 nothing is wrong, 2 something is"
      })
  static final class Check extends HelpOption implements Callable<Integer> {

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files to read.")
    private List<Path> files;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      PrintWriter err = spec.commandLine().getErr();
      List<InvalidInputException> refusals = new ArrayList<>();
      for (Path file : files) {
        try {
          Architecture architecture = ArchitectureReader.readFile(file);
          out.println("ok  " + file + ": " + CheckCommand.describe(architecture));
        } catch (InvalidInputException invalid) {
          refusals.add(invalid);
        }
      }
      refusals.stream()
          .filter(refusal -> refusal.diagnostics().isEmpty())
          .forEach(refusal -> err.print(refusal.getMessage().stripTrailing() + "\n"));
      refusals.stream()
          .flatMap(refusal -> refusal.diagnostics().stream())
          .distinct()
          .sorted(Diagnostic.BY_PLACE)
          .forEach(finding -> err.print(finding.render()));
      return refusals.isEmpty() ? ExitCode.OK : ExitCode.USER_ERROR;
    }
  }
}
