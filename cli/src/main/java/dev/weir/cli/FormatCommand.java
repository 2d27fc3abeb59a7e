package dev.weir.cli;

import dev.weir.cli.experiment.InputKind;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.syntax.Formatter;
import dev.weir.mapper.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
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
      "Exit codes: 0 done, 2 the text cannot be read (nothing is changed then); ./weir check says"
          + " more"
    })
final class FormatCommand extends HelpOption implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "A cascade, *.edge.")
  private Path path;

  @Option(names = "--write", description = "Write the result back to the file.")
  private boolean write;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    InputKind.CASCADE.require(path);
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

  /**
   * Through a file beside it, so that a full disk cannot cost the user the text. A link stays one:
   * the file it leads to is replaced, which keeps its permissions.
   */
  private void replace(String text) {
    Optional<Path> beside = Optional.empty();
    try {
      Path file = path.toRealPath();
      requireWritable(file);
      beside = Optional.of(Files.createTempFile(file.getParent(), ".weir-", ".tmp"));
      Files.copy(
          file,
          beside.get(),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.COPY_ATTRIBUTES);
      Files.writeString(beside.get(), text);
      Files.move(
          beside.get(), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      beside.ifPresent(unfinished -> unfinished.toFile().delete());
      throw new InvalidInputException(path + ": error: cannot be written (" + e.getMessage() + ")");
    }
  }

  /** A mover needs leave of the folder only; and root may write what its owner protected. */
  private void requireWritable(Path file) throws IOException {
    boolean anybodyMay =
        !Files.getFileStore(file).supportsFileAttributeView(PosixFileAttributeView.class)
            || Files.getPosixFilePermissions(file).stream()
                .anyMatch(permission -> permission.name().endsWith("_WRITE"));
    if (!anybodyMay || !Files.isWritable(file)) {
      throw new InvalidInputException(
          "%s: error: is read-only (got no leave to write, expected it)%n    fix: chmod u+w %s%n"
              .formatted(path, path));
    }
  }
}
