package dev.weir.mapper.arch;

import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Spelling;
import dev.weir.mapper.config.Field;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Files that an architecture file names: paths are relative to the file that they stand in. */
final class Beside {

  static final String ENDING = ".yaml";

  private Beside() {}

  static Path path(Field field, String text) {
    return Path.of(field.file().name()).resolveSibling(text).normalize();
  }

  /** The file; when there is none that is reported, with the nearest. */
  static Optional<SourceFile> read(Field field, String text) {
    Path path = path(field, text);
    if (Files.isRegularFile(path)) {
      return Optional.of(SourceFile.read(path));
    }
    String message =
        "%s names no file (got %s, expected a path from where this file is to a *%s)"
            .formatted(field.key(), text, ENDING);
    nearest(path, text)
        .ifPresentOrElse(
            near -> field.diagnostics().error(field.file(), field.span(), message, "write " + near),
            () -> field.error(message));
    return Optional.empty();
  }

  private static Optional<String> nearest(Path missing, String text) {
    Path folder = missing.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(ENDING))
              .sorted()
              .toList();
      String before = text.substring(0, text.lastIndexOf('/') + 1);
      return Spelling.nearest(text.substring(before.length()), names).map(name -> before + name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
