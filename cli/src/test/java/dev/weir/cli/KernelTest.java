package dev.weir.cli;

import static dev.weir.cli.CommandLineRun.file;
import static dev.weir.cli.CommandLineRun.weir;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code weir kernel show} and {@code weir kernel compile}. */
class KernelTest {

  private static final String GPU = file("configs/schedules/opencl_1pass_gpu.schedule");
  private static final String SHAPES = "B=1,H=12,P=4K,M=4K";

  @TempDir Path folder;

  private static CommandLineRun gpu(String verbs, String... more) {
    return weir(
        Stream.of(
                verbs.split(" ", -1),
                new String[] {
                  GPU,
                  "-c",
                  file("configs/cascades/attention_1pass.edge"),
                  "-a",
                  file("configs/devices/generic-gpu.yaml"),
                  "--shape",
                  SHAPES
                },
                more)
            .flatMap(Stream::of)
            .toArray(String[]::new));
  }

  @Test
  void kernelAloneMeansShow() {
    assertThat(gpu("kernel")).isEqualTo(gpu("kernel show"));
    assertThat(gpu("kernel").code()).isZero();
  }

  @Test
  void misspeltVerbGetsTheNearestOne() {
    CommandLineRun run = weir("kernel", "shwo");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("fix: show");
  }

  @Test
  void schedulesLinesAreOnlyComments() {
    String commented = gpu("kernel show").out();
    String plain = gpu("kernel show", "--plain").out();

    assertThat(commented.lines().filter(line -> !line.strip().startsWith("//> ")))
        .containsExactlyElementsOf(plain.lines().toList());
    assertThat(commented)
        .contains(
            """
                //> for m0 by 1  compute LM on Core
                // LM: max over m0
            """,
            """
              //> iterate m1  (64 steps)
              // iterate m1
            """,
            """
                //> last m1
                if (m1 == 63) {
                  //> spatial f by 4 on items.y  spatial p by 4 on items.x  for f by 1  for p by 1  compute AV on Core
                  // AV
            """);
  }

  /** Each schedule that becomes a kernel, with its own cascade. */
  @ParameterizedTest
  @CsvSource({
    "opencl_1pass_cpu, attention_1pass, pocl-cpu",
    "opencl_1pass_cpu, attention_1pass_masked, pocl-cpu",
    "opencl_1pass_causal_cpu, attention_1pass_triangular, pocl-cpu",
    "opencl_1pass_causal_gpu, attention_1pass_triangular, generic-gpu",
    "opencl_3pass_cpu, attention_3pass, pocl-cpu",
    "opencl_3pass_unfused_cpu, attention_3pass, pocl-cpu",
    "opencl_1pass_gpu, attention_1pass, generic-gpu"
  })
  void everyComputeStandsBesideItsStatements(String schedule, String cascade, String device) {
    CommandLineRun run =
        weir(
            "kernel",
            "show",
            file("configs/schedules/" + schedule + ".schedule"),
            "-c",
            file("configs/cascades/" + cascade + ".edge"),
            "-a",
            file("configs/devices/" + device + ".yaml"),
            "--shape",
            "B=1,H=2,P=256,M=512,E=64,F=64",
            "--side-by-side");

    List<String[]> rows = run.out().lines().map(line -> line.split(" │ ?", 2)).toList();
    assertThat(rows).anyMatch(row -> row[0].contains(" compute "));
    // Beside the first line of its nest, which may take several.
    List<String> ofNest = new ArrayList<>();
    for (String[] row : rows) {
      ofNest.add(row[1].strip());
      if (row[0].contains(" compute ")) {
        String einsum = row[0].replaceAll(".* compute (\\w+) on .*", "$1");
        assertThat(ofNest).as(row[0]).anyMatch(line -> line.matches("// " + einsum + "(:.*)?"));
        ofNest.clear();
      }
    }
    assertThat(rows.stream().map(row -> row[0].length()).distinct()).hasSizeLessThanOrEqualTo(2);
  }

  /** One copy where all points are present, one where some are: each with its own lines. */
  @Test
  void bodyThatStandsTwiceHasItsLinesTwice() {
    CommandLineRun run =
        weir(
            "kernel",
            "show",
            file("configs/schedules/opencl_1pass_causal_cpu.schedule"),
            "-a",
            file("configs/devices/pocl-cpu.yaml"),
            "-c",
            file("configs/cascades/attention_1pass_triangular.edge"),
            "--shape",
            "B=1,H=2,P=4K,M=4K");

    assertThat(run.code()).as(run.err()).isZero();
    for (String wanted :
        List.of("compute LM on Core", "for f by COLUMNS  (8 tiles of 8)", "keep SLNV at Private")) {
      assertThat(run.out().lines().filter(line -> line.startsWith("  ") && line.endsWith(wanted)))
          .as(wanted)
          .hasSize(wanted.startsWith("for f") ? 3 : 2);
    }
    assertThat(run.out())
        .containsPattern(
            """
            \\n +//> for f by COLUMNS  \\(8 tiles of 8\\)
             +#pragma unroll 1
             +for \\(int f(_\\d+)? = 0; f(_\\d+)? < 8; .*
             +//> keep SLNV at Private
             +float16 SLNV_tile_\\d+\\[16];
            """);
  }

  @Test
  void onlyOneViewAtATime() {
    CommandLineRun run = gpu("kernel show", "--plain", "--side-by-side");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("mutually exclusive");
  }

  @Test
  void compilesForGpus() throws Exception {
    CommandLineRun run = gpu("kernel compile", "--target", "gfx90a,gfx1030", "--format", "json");
    requireTools(run);

    assertThat(run.code()).as(run.err()).isZero();
    JsonNode targets = JsonMapper.shared().readTree(run.out()).get("targets");
    assertThat(targets.size()).isEqualTo(2);
    JsonNode first = targets.get(0);
    assertThat(first.get("target").asString()).isEqualTo("gfx90a");
    assertThat(first.get("result").asString()).isEqualTo("compiled");
    JsonNode kernel = first.get("kernels").get(0);
    assertThat(kernel.get("workItemsOfGroup").asInt()).isEqualTo(256);
    assertThat(kernel.get("resources").get("localBytes").asInt()).isEqualTo(30_208);
    assertThat(kernel.get("resources").get("spillStoreBytes").asInt()).isZero();
    assertThat(kernel.get("instructions").get("multiplyAdds").asInt()).isPositive();

    CommandLineRun text = gpu("kernel compile", "--target", "gfx90a,gfx1030");
    assertThat(text.code()).isZero();
    assertThat(text.out())
        .containsPattern("opencl_1pass_gpu +gfx90a .* 29.5 KiB +passed")
        .containsPattern("opencl_1pass_gpu +gfx90a .* compute unit +\\d+ waves +32 waves ")
        .containsPattern("opencl_1pass_gpu +gfx1030 .* instructions");
  }

  @Test
  void warpsAreNvidiasWaves() {
    CommandLineRun run = gpu("kernel compile", "--target", "sm_80");
    requireTools(run);

    assertThat(run.out())
        .containsPattern("opencl_1pass_gpu +sm_80 .* SM +\\d+ warps +64 warps ")
        .doesNotContain(" waves");
  }

  /** In double precision its tiles need more than the 48 KiB of a work-group. */
  @Test
  void tooMuchLocalMemorySaysWhatToMakeSmaller() {
    CommandLineRun run = gpu("kernel compile", "--target", "sm_80", "--precision", "fp64");
    requireTools(run);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            "sm_80: opencl_1pass_gpu takes 59 KiB of local memory a work-group, and sm_80 has 48"
                + " KiB\n")
        .contains(
            "    fix: --precision fp32 needs half of it; or make tiles kept in local memory"
                + " smaller, the largest of them first: BQK_local 32 KiB, Q_local 8.5 KiB, K_local"
                + " 8.5 KiB, V_local 8 KiB\n");
    assertThat(gpu("kernel compile", "--target", "sm_80").code()).isZero();
  }

  @Test
  void multiplyAddsOfDoublesCountToo() throws Exception {
    CommandLineRun run =
        gpu("kernel compile", "--target", "gfx90a", "--precision", "fp64", "--format", "json");
    requireTools(run);

    JsonNode kernel =
        JsonMapper.shared().readTree(run.out()).get("targets").get(0).get("kernels").get(0);
    assertThat(kernel.get("instructions").get("multiplyAdds").asInt()).isPositive();
  }

  /** Vectors of 16 lanes, 2 of them for each of 8 keys, are no kernel for a GPU's work-item. */
  @Test
  void spillsAreAFailedCheck() {
    CommandLineRun run =
        weir(
            "kernel",
            "compile",
            file("configs/schedules/opencl_1pass_cpu.schedule"),
            "-c",
            file("configs/cascades/attention_1pass.edge"),
            "-a",
            file("configs/devices/pocl-cpu.yaml"),
            "--shape",
            "B=1,H=2,P=256,M=512,E=64,F=64",
            "--target",
            "gfx906");
    requireTools(run);

    assertThat(run.code()).as(run.out()).isEqualTo(1);
    assertThat(run.out()).contains("FAILED: spills");
  }

  @Test
  void unknownTargetIsRefusedWithThoseThereAre() {
    CommandLineRun run = gpu("kernel compile", "--target", "sm_70");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("got sm_70, expected one of sm_80, sm_90, gfx90a, ", "fix: sm_");
  }

  @Test
  void illegalScheduleIsShownAtItsPlace() throws Exception {
    Path wrong = folder.resolve("wrong.schedule");
    Files.copy(Path.of(GPU), wrong);

    CommandLineRun run =
        weir(
            "kernel",
            "compile",
            wrong.toString(),
            "-c",
            file("configs/cascades/attention_1pass.edge"),
            "-a",
            file("configs/devices/generic-gpu.yaml"),
            "--set",
            "DEPTH=4096",
            "--shape",
            SHAPES);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("wrong.schedule:", "error");
  }

  private static void requireTools(CommandLineRun run) {
    if (System.getenv("CI") == null) {
      assumeThat(run.err()).as("compilers for GPUs").doesNotContain("NOT RUN");
    }
  }
}
