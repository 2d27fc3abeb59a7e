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
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShippedSchedulesTest {

  private static final Path FOLDER = Path.of("../configs/schedules");

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".schedule")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void isReadAndNamedAfterItsFileAndPrintsBack(Path file) {
    Schedule schedule = ScheduleReader.readFile(file).schedule();

    String path = FOLDER.relativize(file).toString();
    assertThat(path.replace('/', '_')).isEqualTo(schedule.name() + ".schedule");
    Diagnostics diagnostics = new Diagnostics();
    String printed = SchedulePrinter.print(schedule);
    assertThat(ScheduleReader.read(new SourceFile("printed", printed), diagnostics))
        .map(ParsedSchedule::schedule)
        .contains(schedule);
  }

  /** A copy of a machine with smaller arrays needs another value, not another text. */
  @ParameterizedTest
  @ValueSource(strings = {"fusemax/binding", "attention_3pass_unfused"})
  void widthOfTheArraysIsOneParameter(String name) {
    Diagnostics diagnostics = new Diagnostics();
    SourceFile machine = SourceFile.read(FOLDER.resolve("../architectures/fusemax_cloud.yaml"));
    String half = machine.text().replace("width: 256", "width: 128");
    assertThat(half).isNotEqualTo(machine.text());
    var architecture =
        ArchitectureReader.read(new SourceFile("half.yaml", half), diagnostics).orElseThrow();
    ParsedSchedule parsed = ScheduleReader.readFile(FOLDER.resolve(name + ".schedule"));
    Problem whole =
        Problem.of(
            Examples.cascade(parsed.schedule().cascade()),
            parsed.schedule(),
            architecture,
            Examples.shapes("B=4 H=12 P=4096 M=4096 E=64 F=64"));

    assertThat(Legality.judge(whole).isLegal()).isFalse();
    assertThat(parsed.diagnostics(Legality.judge(whole.with(Map.of("WIDTH", 128L)))))
        .extracting(Diagnostic::render)
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "fusemax/binding, architectures/fusemax_cloud",
    "fusemax/architecture, architectures/fusemax_cloud_unpipelined",
    "fusemax/cascade, architectures/flat_cloud_cascade",
    "fusemax/flat, architectures/flat_cloud",
    "fusemax/flat_values, architectures/flat_cloud",
    "fusemax/flat_queries, architectures/flat_cloud",
    "fusemax/flat_spilled, architectures/flat_cloud",
    "fusemax/flat_off_chip, architectures/flat_cloud",
    "fusemax/unfused, architectures/flat_cloud",
    "attention_1pass_causal_skip, architectures/fusemax_cloud",
    "attention_3pass_unfused, architectures/fusemax_cloud",
    "attention_3pass_unfused, architectures/flat_cloud",
    "attention_3pass_tpu, architectures/tpu_like",
    "opencl_1pass_cpu, devices/pocl-cpu",
    "opencl_3pass_cpu, devices/pocl-cpu",
    "opencl_3pass_unfused_cpu, devices/pocl-cpu",
    "opencl_1pass_causal_cpu, devices/pocl-cpu",
    "opencl_1pass_gpu, devices/generic-gpu",
    "attention_decode_ragged, architectures/fusemax_cloud",
    "scalesim/output_stationary, architectures/scalesim/scalesim_8x8",
    "scalesim/weight_stationary, architectures/scalesim/scalesim_8x8",
    "scalesim/weight_stationary_double, architectures/scalesim/scalesim_8x8_overlapped",
    "scalesim/input_stationary, architectures/scalesim/scalesim_8x8",
    "scalesim/input_stationary_double, architectures/scalesim/scalesim_8x8_overlapped",
  })
  void isLegalOnItsMachineAtFullSize(String name, String machine) {
    ParsedSchedule parsed = ScheduleReader.readFile(FOLDER.resolve(name + ".schedule"));
    Problem problem =
        Problem.of(
            Examples.cascade(parsed.schedule().cascade()),
            parsed.schedule(),
            ArchitectureReader.readFile(FOLDER.resolve("../" + machine + ".yaml")),
            Examples.shapes("B=4 H=12 P=4096 M=4096 N=4096 K=4096 E=64 F=64"));

    assertThat(parsed.diagnostics(Legality.judge(problem)))
        .extracting(Diagnostic::render)
        .isEmpty();
  }
}
