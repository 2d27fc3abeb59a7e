package dev.weir.mapper.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.example.Examples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  @ParameterizedTest
  @CsvSource({
    "fusemax_binding, architectures/fusemax_cloud",
    "attention_3pass_unfused, architectures/fusemax_cloud",
    "opencl_1pass_cpu, devices/pocl-cpu",
    "opencl_3pass_cpu, devices/pocl-cpu",
    "opencl_1pass_gpu, devices/generic-gpu",
  })
  void isLegalOnItsMachineAtFullSize(String name, String machine) {
    ParsedSchedule parsed = ScheduleReader.readFile(FOLDER.resolve(name + ".schedule"));
    Problem problem =
        Problem.of(
            Examples.cascade(parsed.schedule().cascade()),
            parsed.schedule(),
            ArchitectureReader.readFile(FOLDER.resolve("../" + machine + ".yaml")),
            Examples.shapes("B=4 H=12 P=4096 M=4096 E=64 F=64"));

    assertThat(parsed.diagnostics(Legality.judge(problem)))
        .extracting(Diagnostic::render)
        .isEmpty();
  }
}
