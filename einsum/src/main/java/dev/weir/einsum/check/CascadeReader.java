package dev.weir.einsum.check;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Spelling;
import dev.weir.einsum.syntax.Parser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads cascades: text, syntax tree, checked cascade. One file holds one cascade. */
public final class CascadeReader {

  private CascadeReader() {}

  /**
   * The cascade that a text states; nothing when it has errors.
   *
   * @param diagnostics gets all errors and warnings; modified
   */
  public static Optional<Cascade> read(SourceFile file, Diagnostics diagnostics) {
    Diagnostics own = new Diagnostics();
    Optional<Cascade> cascade = new Checker(file, Parser.parse(file, own), own).check();
    own.sorted().forEach(diagnostics::add);
    return own.hasErrors() ? Optional.empty() : cascade;
  }

  /**
   * The cascade that a file states.
   *
   * @throws InvalidInputException with all findings when there is an error among them, or when the
   *     file cannot be read
   */
  public static Cascade readFile(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new InvalidInputException(missing(path));
    }
    Diagnostics diagnostics = new Diagnostics();
    Optional<Cascade> cascade = read(source(path), diagnostics);
    diagnostics.throwIfErrors();
    return cascade.orElseThrow();
  }

  private static SourceFile source(Path path) {
    try {
      return SourceFile.read(path);
    } catch (UncheckedIOException unreadable) {
      throw new InvalidInputException(
          "%s: cannot be read as UTF-8 text (%s)\n".formatted(path, unreadable.getMessage()));
    }
  }

  private static String missing(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    if (Files.isDirectory(path)) {
      return "%s: is a folder (expected a cascade file, *.edge)\n".formatted(path);
    }
    if (folder == null || !Files.isDirectory(folder)) {
      return "%s: no such file, and no folder %s\n".formatted(path, folder);
    }
    List<String> names = names(folder);
    String fix =
        Spelling.nearest(path.getFileName().toString(), names)
            .map(name -> "    fix: %s\n".formatted(path.resolveSibling(name)))
            .orElse("");
    return "%s: no such file\n%s".formatted(path, fix);
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException _) {
      // The folder is only asked for a hint; without it the message still names the file.
      return List.of();
    }
  }
}
