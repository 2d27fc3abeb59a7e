package dev.weir.cli.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.cli.CommandLineRun;
import dev.weir.cli.experiment.Library;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.ScheduleReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueReaderTest {

  private static final Path CONFIGS = CommandLineRun.ROOT.resolve("configs");

  private static final String SMALL =
      """
      validation: small
      description: two cascades
      bindings:
        - architecture: %1$s/devices/pocl-cpu.yaml
          schedules: [%1$s/schedules/opencl_1pass_cpu.schedule]
      cascades:
        - cascade: %1$s/cascades/attention_1pass.edge
          shapes: {B: 1, H: 1, P: 32, M: 64, E: 16, F: 16}
        - cascade: %1$s/cascades/gemm.edge
          shapes: {M: 8, N: 8, K: 8}
      """;

  @TempDir private Path folder;

  private Catalogue read(String text) throws IOException {
    return CatalogueReader.readFile(
        Files.writeString(folder.resolve("small.yaml"), text.formatted(CONFIGS)));
  }

  private static Catalogue shipped() {
    return CatalogueReader.readFile(CONFIGS.resolve("validation.yaml"));
  }

  private static Set<Path> files(String folder, String pattern) throws IOException {
    try (Stream<Path> files = Files.walk(CONFIGS.resolve(folder))) {
      return files
          .filter(file -> file.getFileName().toString().matches(pattern))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void everyShippedCascadeAndOpenClScheduleIsListed() throws Exception {
    Catalogue catalogue = shipped();

    assertThat(catalogue.workloads())
        .extracting(Catalogue.Workload::cascade)
        .containsExactlyInAnyOrderElementsOf(files("cascades", ".*\\.edge"));
    assertThat(catalogue.bindings().stream().flatMap(binding -> binding.schedules().stream()))
        .containsExactlyInAnyOrderElementsOf(files("schedules", "opencl_.*\\.schedule"));
    assertThat(catalogue.bindings())
        .extracting(Catalogue.Binding::architecture)
        .containsExactlyInAnyOrderElementsOf(files("devices", ".*\\.yaml"));
  }

  @Test
  void everyShippedScheduleFitsItsOwnCascadeAndSiblings() {
    Targets targets = Targets.of(shipped(), new Library(), (_, _, _) -> List.of());

    assertThat(targets.all())
        .extracting(
            target -> target.problem().cascade().name() + " " + target.problem().schedule().name())
        .contains(
            "attention_1pass opencl_1pass_cpu",
            "attention_1pass_masked opencl_1pass_cpu",
            "attention_1pass opencl_1pass_gpu",
            "attention_1pass_masked opencl_1pass_gpu",
            "attention_1pass_triangular opencl_1pass_causal_gpu",
            "attention_3pass_masked opencl_3pass_gpu",
            "attention_decode_ragged opencl_decode_gpu",
            "gemm opencl_gemm_gpu",
            "titans_chunks opencl_titans_chunks_cpu",
            "titans_chunks opencl_titans_chunks_gpu",
            "attention_3pass opencl_3pass_cpu",
            "attention_3pass_masked opencl_3pass_cpu",
            "attention_3pass_masked opencl_3pass_unfused_cpu",
            "attention_1pass_triangular opencl_1pass_causal_cpu");
    assertThat(targets.gaps())
        .contains(new Targets.Gap("gemm", "pocl-cpu", "no shipped schedule fits"));
  }

  @Test
  void cascadeWithoutAShippedScheduleGetsOneThatIsMade() throws Exception {
    Schedule right =
        ScheduleReader.readFile(
                Files.writeString(
                    folder.resolve("made.schedule"),
                    """
                    schedule made "a work-group a row" for gemm
                      spatial m by 1 on groups.x  for n by 1  for k by 1  compute C on Core
                    """))
            .schedule();
    Schedule wrong =
        ScheduleReader.readFile(
                Files.writeString(
                    folder.resolve("wrong.schedule"),
                    """
                    schedule wrong "a loop is left out" for gemm
                      spatial m by 1 on groups.x  for n by 1  compute C on Core
                    """))
            .schedule();

    Targets made = Targets.of(read(SMALL), new Library(), (_, _, _) -> List.of(right));
    Targets illegal = Targets.of(read(SMALL), new Library(), (_, _, _) -> List.of(wrong));

    assertThat(made.gaps()).isEmpty();
    assertThat(made.all())
        .extracting(target -> target.problem().schedule().name())
        .containsExactly("opencl_1pass_cpu", "made");
    assertThat(made.all().getLast().shapesText()).isEqualTo("K=8 M=8 N=8");
    assertThat(illegal.gaps())
        .singleElement()
        .satisfies(gap -> assertThat(gap.cascade()).isEqualTo("gemm"))
        .satisfies(gap -> assertThat(gap.reason()).startsWith("wrong is illegal: ").contains("k"));
  }

  @Test
  void whatIsWrongIsShownAtItsPlace() throws Exception {
    assertThatThrownBy(() -> read(SMALL.replace("cascades:\n", "cascade:\n")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("small.yaml:6:1: error: ")
        .hasMessageContaining("cascades");
    assertThatThrownBy(() -> read(SMALL.replace("gemm.edge", "gem.edge")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("small.yaml:9:14: error: cascade names no file (got ");
    assertThatThrownBy(() -> read(SMALL.replace("K: 8", "K: 0")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("small.yaml:10:");
    assertThatThrownBy(() -> read("- 1\n"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("no validation (got ");
  }

  @Test
  void unknownAndMissingRanksAreNamed() throws Exception {
    Catalogue unknown = read(SMALL.replace("K: 8", "K: 8, X: 8"));
    Catalogue missing = read(SMALL.replace(", K: 8", ""));

    assertThatThrownBy(() -> Targets.of(unknown, new Library(), (_, _, _) -> List.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("gemm.edge in the catalogue: error: unknown rank X");
    assertThatThrownBy(() -> Targets.of(missing, new Library(), (_, _, _) -> List.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("cascade gemm has no shape for K");
  }
}
