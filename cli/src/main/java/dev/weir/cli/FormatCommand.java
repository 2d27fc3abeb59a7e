package dev.weir.cli;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.syntax.Formatter;
import dev.weir.mapper.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir format}. */
@Command(
    name = "format",
    description = "Print a cascade in its canonical form, comments included.",
    footer = {
      "",
      "Examples:",
      "  ./weir format my.edge            print it",
      "  ./weir format --write my.edge    change the file",
      "",
      "Exit codes: 0 done, 2 the cascade has errors (nothing is changed then)"
    })
final class FormatCommand extends HelpOption implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "A cascade, *.edge.")
  private Path path;

  @Option(names = "--write", description = "Write the result back to the file.")
  private boolean write;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    SourceFile file = ConfigFile.open(path);
    Diagnostics diagnostics = new Diagnostics();
    Optional<String> text = Formatter.format(file, diagnostics);
    diagnostics.throwIfErrors();
    if (write) {
      replace(text.orElseThrow());
    } else {
      spec.commandLine().getOut().print(text.orElseThrow());
    }
    return ExitCode.OK;
  }

  /** Through a file beside it, so that a full disk cannot cost the user the text. */
  private void replace(String text) {
    Path beside = path.resolveSibling("." + path.getFileName() + ".tmp");
    try {
      Files.writeString(beside, text);
      Files.move(beside, path, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      beside.toFile().delete();
      throw new InvalidInputException(path + ": error: cannot be written (" + e.getMessage() + ")");
    }
  }
}
