package dev.weir.cli;

import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.Severity;
import dev.weir.einsum.source.Spelling;
import dev.weir.mapper.schedule.ParsedSchedule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The file of the cascade that a schedule names, found by that name. */
final class NamedCascade {

  private static final String ENDING = ".edge";

  private NamedCascade() {}

  /**
   * Looks beside the schedule, then in the folder {@code cascades} beside the schedule's own
   * folder, then among the cascades that come with Weir.
   *
   * @param parsed the schedule
   * @param schedule its file
   * @throws InvalidInputException at the name when there is none
   */
  static Path of(ParsedSchedule parsed, Path schedule) {
    String file = parsed.schedule().cascade() + ENDING;
    List<Path> folders = folders(schedule);
    return folders.stream()
        .map(folder -> folder.resolve(file))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(() -> unknown(parsed, file, folders));
  }

  private static List<Path> folders(Path schedule) {
    Path own = schedule.getParent() == null ? Path.of("") : schedule.getParent();
    Path beside = own.resolve("..").resolve("cascades").normalize();
    return Stream.of(
            Stream.of(own, beside, beside.resolve("zoo"), beside.resolve("layer")),
            ShippedFiles.CASCADES.folders().stream())
        .flatMap(folders -> folders)
        .filter(folder -> Files.isDirectory(folder.toAbsolutePath()))
        .filter(new HashSet<>()::add)
        .toList();
  }

  private static InvalidInputException unknown(
      ParsedSchedule parsed, String file, List<Path> folders) {
    List<String> known = folders.stream().flatMap(folder -> names(folder).stream()).toList();
    String name = parsed.schedule().cascade();
    return new InvalidInputException(
        List.of(
            new Diagnostic(
                Severity.ERROR,
                parsed.file(),
                parsed.cascade(),
                "no cascade of that name (got %s, expected a file %s in %s, or --cascade NAME|FILE)"
                    .formatted(
                        name,
                        file,
                        folders.stream()
                            .map(folder -> folder.toString().isEmpty() ? "." : folder.toString())
                            .collect(Collectors.joining(", "))),
                Spelling.nearest(name, known))));
  }

  private static List<String> names(Path folder) {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.toAbsolutePath())) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ENDING))
          .forEach(name -> names.add(name.substring(0, name.length() - ENDING.length())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return names;
  }
}
