package dev.weir.cli.experiment;

import dev.weir.einsum.source.InvalidInputException;
import dev.weir.mapper.config.ConfigFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The kinds of files that users give, told apart by their names, so that no reader gets another's.
 */
public enum InputKind {
  CASCADE("a cascade", "edge"),
  SCHEDULE("a schedule", "schedule"),
  MACHINE("an architecture or device", "yaml"),
  TECHNOLOGY("a technology table", "yaml"),
  EXPERIMENT("an experiment", "yaml"),
  REPRODUCTION("a reproduction", "yaml"),
  VALIDATION("a validation", "yaml"),
  SCHEMA("a JSON schema", "json");

  private static final Pattern EXPERIMENT_KEY = Pattern.compile("(?m)^experiment\\s*:");
  private static final Pattern REPRODUCTION_KEY = Pattern.compile("(?m)^reproduction\\s*:");
  private static final Pattern VALIDATION_KEY = Pattern.compile("(?m)^validation\\s*:");
  private static final Pattern MACHINE_KEY = Pattern.compile("(?m)^architecture\\s*:");
  private static final Pattern TECHNOLOGY_KEY = Pattern.compile("(?m)^technology\\s*:");

  private final String words;
  private final String ending;

  InputKind(String words, String ending) {
    this.words = words;
    this.ending = ending;
  }

  /**
   * The kind of an existing file.
   *
   * @throws InvalidInputException when there is no such file, or its name ends like none that is
   *     known
   */
  public static InputKind of(Path path) {
    requireFile(path);
    Optional<String> got = ending(path);
    List<InputKind> kinds =
        Arrays.stream(values()).filter(kind -> got.filter(kind::endsIn).isPresent()).toList();
    if (kinds.isEmpty()) {
      String known =
          Arrays.stream(values())
              .map(kind -> "." + kind.ending)
              .distinct()
              .collect(Collectors.joining(", "));
      throw new InvalidInputException(
          "%s: error: unknown kind of file (got %s, expected one of %s)%n"
              .formatted(path, got.map(e -> "." + e).orElse("a name without ending"), known));
    }
    if (!kinds.contains(EXPERIMENT)) {
      return kinds.getFirst();
    }
    String text = ConfigFile.open(path).text();
    if (EXPERIMENT_KEY.matcher(text).find()) {
      return EXPERIMENT;
    }
    if (REPRODUCTION_KEY.matcher(text).find()) {
      return REPRODUCTION;
    }
    if (VALIDATION_KEY.matcher(text).find()) {
      return VALIDATION;
    }
    boolean isMachine = MACHINE_KEY.matcher(text).find() || !TECHNOLOGY_KEY.matcher(text).find();
    return isMachine ? MACHINE : TECHNOLOGY;
  }

  /**
   * Lets a file of this kind pass. One without ending may be anything.
   *
   * @throws InvalidInputException in one line when there is no such file, it is no text, or is of
   *     another kind
   */
  public void require(Path path) {
    requireFile(path);
    wrongEnding(path)
        .ifPresent(
            wrong -> {
              throw new InvalidInputException(path + ": error: " + wrong + "\n");
            });
    if (this == MACHINE && EXPERIMENT_KEY.matcher(ConfigFile.open(path).text()).find()) {
      throw wrongKey(path, "experiment", "architecture");
    }
    if (this == EXPERIMENT && MACHINE_KEY.matcher(ConfigFile.open(path).text()).find()) {
      throw wrongKey(path, "architecture", "experiment");
    }
  }

  private InvalidInputException wrongKey(Path path, String got, String expected) {
    return new InvalidInputException(
        "%s: error: is not %s (got a file with the key %s, expected one with the key %s)%n"
            .formatted(path, words, got, expected));
  }

  /** What is wrong with a file's name, when it ends like another kind's. */
  Optional<String> wrongEnding(Path path) {
    return ending(path)
        .filter(got -> !endsIn(got))
        .map(got -> "is not %s by its name (got .%s, expected *.%s)".formatted(words, got, ending));
  }

  private boolean endsIn(String got) {
    return got.equals(ending) || (got.equals("yml") && ending.equals("yaml"));
  }

  private static void requireFile(Path path) {
    // What can be read only once, such as a pipe, is left to its reader.
    if (!Files.exists(path) || Files.isDirectory(path) || Files.isRegularFile(path)) {
      ConfigFile.open(path);
    }
  }

  private static Optional<String> ending(Path path) {
    String name = path.getFileName() == null ? "" : path.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot <= 0 ? Optional.empty() : Optional.of(name.substring(dot + 1));
  }
}
