package dev.weir.mapper.config;

import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import java.nio.file.Path;

/** Opens the configuration files that a user names. */
public final class ConfigFile {

  private ConfigFile() {}

  /**
   * Reads a file.
   *
   * @throws InvalidInputException when there is no such file, it cannot be read or is no text
   */
  public static SourceFile open(Path path) {
    return SourceFile.read(path);
  }
}
