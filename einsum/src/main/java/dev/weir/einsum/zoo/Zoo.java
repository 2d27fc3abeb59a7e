package dev.weir.einsum.zoo;

import dev.weir.einsum.source.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** All operators of a folder. */
public final class Zoo {

  private Zoo() {}

  /**
   * Those of a folder, by name.
   *
   * @throws InvalidInputException when one of them is wrong, or the folder cannot be read
   */
  public static List<ZooEntry> of(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".edge"))
          .sorted()
          .map(ZooEntry::readFile)
          .toList();
    } catch (IOException e) {
      throw new InvalidInputException("error: cannot list the zoo in %s%n".formatted(folder));
    }
  }
}
