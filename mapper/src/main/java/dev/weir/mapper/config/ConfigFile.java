package dev.weir.mapper.config;

import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Spelling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Opens the configuration files that a user names. */
public final class ConfigFile {

  private ConfigFile() {}

  /**
   * Reads a file.
   *
   * @throws InvalidInputException when there is no such file or it is no text; the message has the
   *     nearest name of a file beside it
   */
  public static SourceFile open(Path path) {
    if (Files.isDirectory(path)) {
      throw refuse(path, "is a folder (got a folder, expected a file)", Optional.empty());
    }
    if (!Files.exists(path)) {
      throw missing(path);
    }
    try {
      return SourceFile.read(path);
    } catch (UncheckedIOException e) {
      String reason =
          e.getCause() instanceof CharacterCodingException
              ? "is no text (got bytes that are not UTF-8, expected UTF-8)"
              : "cannot be read (" + e.getCause().getMessage() + ")";
      throw refuse(path, reason, Optional.empty());
    }
  }

  private static InvalidInputException missing(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return refuse(
          path,
          "does not exist (got " + path + ", expected a file in a folder that is there)",
          Optional.empty());
    }
    String name = path.getFileName().toString();
    List<String> there = filesLike(name, folder);
    String expected = there.isEmpty() ? "an existing file" : "one of " + String.join(", ", there);
    return refuse(
        path,
        "does not exist (got " + name + ", expected " + expected + ")",
        Spelling.nearest(name, there).map(near -> path.resolveSibling(near).toString()));
  }

  /** Names of the files in a folder that end alike. */
  private static List<String> filesLike(String name, Path folder) {
    int dot = name.lastIndexOf('.');
    String ending = dot < 0 ? ".yaml" : name.substring(dot);
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(ending))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static InvalidInputException refuse(Path path, String what, Optional<String> fix) {
    String advice = fix.map(text -> "    fix: " + text + "\n").orElse("");
    return new InvalidInputException(path + ": error: " + what + "\n" + advice);
  }
}
