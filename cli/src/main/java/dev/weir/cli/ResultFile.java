package dev.weir.cli;

import dev.weir.cli.experiment.EnvironmentException;
import dev.weir.einsum.source.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file for results: whoever looks at it, or interrupts, finds it whole. */
final class ResultFile {

  private ResultFile() {}

  /**
   * Refuses a file in a folder that is not there, before anything is run.
   *
   * @throws InvalidInputException with the folder
   */
  static void requireFolder(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new InvalidInputException(
          "error: %s is no folder (got --output %s, expected a file in a folder that exists)%n    fix: mkdir -p %s%n"
              .formatted(folder, path, folder));
    }
  }

  /**
   * Writes all of it.
   *
   * @throws EnvironmentException when that fails
   */
  static void write(Path path, String all) {
    requireFolder(path);
    try {
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        Files.writeString(path, all);
      } else {
        Path beside = path.resolveSibling(path.getFileName() + ".new");
        Files.writeString(beside, all);
        Files.move(beside, path, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException failed) {
      throw new EnvironmentException(
          "cannot write the results to %s (%s); name a file in a folder that may be written to"
              .formatted(path, failed));
    }
  }
}
