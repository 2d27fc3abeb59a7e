package dev.weir.cli;

import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.Spelling;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Files that come with Weir, by name, from wherever Weir was started. */
enum ShippedFiles {
  CASCADES("cascade", ".edge"),
  MACHINES("machine", ".yaml"),
  REPRODUCTIONS("reproduction", ".yaml");

  private final String what;
  private final String ending;

  ShippedFiles(String what, String ending) {
    this.what = what;
    this.ending = ending;
  }

  /** Where they are; names are unique among all of them. */
  List<Path> folders() {
    List<String> folders =
        switch (this) {
          case CASCADES -> List.of("cascades", "cascades/layer", "cascades/zoo");
          case MACHINES -> List.of("architectures", "devices");
          case REPRODUCTIONS -> List.of("reproductions");
        };
    return folders.stream().map(configs()::resolve).toList();
  }

  /** The folder of all files that come with Weir. */
  static Path configs() {
    String home = System.getenv().getOrDefault("WEIR_HOME", ".");
    return Path.of(System.getProperty("weir.home", home)).resolve("configs");
  }

  /** All of them. */
  Map<String, Path> all() {
    Map<String, Path> files = new TreeMap<>();
    for (Path folder : folders()) {
      try (Stream<Path> found = Files.list(folder)) {
        found
            .filter(file -> file.toString().endsWith(ending))
            .forEach(file -> files.put(name(file), file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files;
  }

  private String name(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - ending.length());
  }

  /**
   * A file that a user named, or gave by its path: a name has neither a slash nor a dot.
   *
   * @param command what was typed before it, for the fix
   * @throws InvalidInputException when there is none of that name
   */
  Path find(String wanted, String command) {
    if (wanted.contains("/") || wanted.contains(File.separator) || wanted.contains(".")) {
      return Path.of(wanted);
    }
    Map<String, Path> files = all();
    Path file = files.get(wanted);
    if (file == null) {
      throw new InvalidInputException(
          "error: no %s of that name (got %s, expected a *%s or one of %s)%n%s"
              .formatted(
                  what,
                  wanted,
                  ending,
                  String.join(", ", files.keySet()),
                  Spelling.nearest(wanted, files.keySet())
                      .map(near -> "    fix: ./weir " + command + " " + near + "\n")
                      .orElse("")));
    }
    return file;
  }
}
