package dev.weir.mapper.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShippedSchedulesTest {

  private static final Path FOLDER = Path.of("../configs/schedules");

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".schedule")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void isReadAndNamedAfterItsFileAndPrintsBack(Path file) {
    Schedule schedule = ScheduleReader.readFile(file).schedule();

    assertThat(file.getFileName()).hasToString(schedule.name() + ".schedule");
    Diagnostics diagnostics = new Diagnostics();
    String printed = SchedulePrinter.print(schedule);
    assertThat(ScheduleReader.read(new SourceFile("printed", printed), diagnostics))
        .map(ParsedSchedule::schedule)
        .contains(schedule);
  }
}
