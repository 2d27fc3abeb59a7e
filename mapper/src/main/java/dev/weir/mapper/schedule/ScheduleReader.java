package dev.weir.mapper.schedule;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads schedules. The grammar stands in {@code docs/schedule.md}, section 1; whether names exist
 * and whether the schedule is legal is not asked here, as no cascade and no architecture is known.
 */
public final class ScheduleReader {

  private ScheduleReader() {}

  /**
   * Reads a file.
   *
   * @throws InvalidInputException with all findings when it cannot be read
   */
  public static ParsedSchedule readFile(Path path) {
    Diagnostics diagnostics = new Diagnostics();
    Optional<ParsedSchedule> schedule = read(SourceFile.read(path), diagnostics);
    diagnostics.throwIfErrors();
    return schedule.orElseThrow();
  }

  /** Reads a text; empty when there was an error, and then all errors are in the findings. */
  public static Optional<ParsedSchedule> read(SourceFile file, Diagnostics diagnostics) {
    Diagnostics own = new Diagnostics();
    Optional<ParsedSchedule> schedule = new ScheduleParser(file, own).file();
    own.sorted().forEach(diagnostics::add);
    return own.hasErrors() ? Optional.empty() : schedule;
  }
}
