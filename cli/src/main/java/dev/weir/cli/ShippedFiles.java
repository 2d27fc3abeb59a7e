package dev.weir.cli;

import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.Spelling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** YAML files that come with Weir, by name, from wherever Weir was started. */
enum ShippedFiles {
  MACHINES("machine"),
  REPRODUCTIONS("reproduction");

  private static final String ENDING = ".yaml";

  private final String what;

  ShippedFiles(String what) {
    this.what = what;
  }

  private List<String> folders() {
    return switch (this) {
      case MACHINES -> List.of("architectures", "devices");
      case REPRODUCTIONS -> List.of("reproductions");
    };
  }

  /** The folder of all files that come with Weir. */
  static Path configs() {
    String home = System.getenv().getOrDefault("WEIR_HOME", ".");
    return Path.of(System.getProperty("weir.home", home)).resolve("configs");
  }

  /** All of them. */
  Map<String, Path> all() {
    Path configs = configs();
    Map<String, Path> files = new TreeMap<>();
    for (String folder : folders()) {
      try (Stream<Path> found = Files.list(configs.resolve(folder))) {
        found
            .filter(file -> file.toString().endsWith(ENDING))
            .forEach(file -> files.put(name(file), file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files;
  }

  private static String name(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - ENDING.length());
  }

  /**
   * A file that a user named, or gave by its path.
   *
   * @param command what was typed before it, for the fix
   * @throws InvalidInputException when there is none of that name
   */
  Path find(String wanted, String command) {
    if (wanted.endsWith(ENDING) || wanted.endsWith(".yml")) {
      return Path.of(wanted);
    }
    Map<String, Path> files = all();
    Path file = files.get(wanted);
    if (file == null) {
      throw new InvalidInputException(
          "error: no %s of that name (got %s, expected a *.yaml or one of %s)%n%s"
              .formatted(
                  what,
                  wanted,
                  String.join(", ", files.keySet()),
                  Spelling.nearest(wanted, files.keySet())
                      .map(near -> "    fix: ./weir " + command + " " + near + "\n")
                      .orElse("")));
    }
    return file;
  }
}
