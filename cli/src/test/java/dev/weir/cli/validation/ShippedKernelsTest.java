package dev.weir.cli.validation;

import static dev.weir.cli.CommandLineRun.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What somebody with a new device runs first, to its very end. */
class ShippedKernelsTest {

  /** Which cascades the schedules that somebody wrote fit; all others have a plain one. */
  private static final List<String> WRITTEN =
      List.of(
          "opencl_1pass_cpu attention_1pass pocl-cpu",
          "opencl_1pass_cpu attention_1pass_causal pocl-cpu",
          "opencl_1pass_cpu attention_1pass_masked pocl-cpu",
          "opencl_1pass_cpu attention_1pass_triangular pocl-cpu",
          "opencl_1pass_causal_cpu attention_1pass_triangular pocl-cpu",
          "opencl_1pass_gpu attention_1pass generic-gpu",
          "opencl_1pass_gpu attention_1pass_causal generic-gpu",
          "opencl_1pass_gpu attention_1pass_masked generic-gpu",
          "opencl_1pass_causal_gpu attention_1pass_triangular generic-gpu",
          "opencl_3pass_gpu attention_3pass generic-gpu",
          "opencl_3pass_gpu attention_3pass_masked generic-gpu",
          "opencl_decode_gpu attention_decode_ragged generic-gpu",
          "opencl_gemm_gpu gemm generic-gpu",
          "opencl_titans_chunks_cpu titans_chunks pocl-cpu",
          "opencl_titans_chunks_gpu titans_chunks generic-gpu",
          "opencl_3pass_cpu attention_3pass pocl-cpu",
          "opencl_3pass_unfused_cpu attention_3pass pocl-cpu",
          "opencl_3pass_cpu attention_3pass_masked pocl-cpu",
          "opencl_3pass_unfused_cpu attention_3pass_masked pocl-cpu");

  private static final int NO_DEVICE = 3;
  private static final int LIMIT_MINUTES = 30;

  @TempDir private Path folder;

  @Test
  @Timeout(value = LIMIT_MINUTES, unit = TimeUnit.MINUTES)
  void everyShippedCascadeIsRightUnderEveryScheduleThatFitsIt() throws Exception {
    Path results = folder.resolve("all.json");
    Path said = folder.resolve("said.txt");
    int code = validateAll(results, said);
    assumeThat(code)
        .as("an OpenCL device of PoCL; %s", Files.readString(said))
        .isNotEqualTo(NO_DEVICE);

    JsonNode tree = JsonMapper.shared().readTree(Files.readString(results));

    List<JsonNode> rows = tree.at("/devices/0/rows").valueStream().toList();
    assertThat(rows).allSatisfy(ShippedKernelsTest::assertRight);
    assertThat(code).as(Files.readString(said)).isZero();
    assertThat(tree.at("/complete").asBoolean()).isTrue();
    assertThat(tree.at("/devices").size()).isEqualTo(1);
    assertThat(tree.at("/withoutKernel").values()).isEmpty();
    Stream<String> plain =
        everyPlace().stream()
            .filter(place -> WRITTEN.stream().noneMatch(row -> row.endsWith(" " + place)))
            .map(place -> "plain_" + place.split(" ", 2)[0] + " " + place);
    assertThat(rows.stream().map(row -> row.at("/schedule").asString() + " " + place(row)))
        .containsExactlyInAnyOrderElementsOf(Stream.concat(WRITTEN.stream(), plain).toList());
  }

  /** Each cascade of the catalogue once for each kind of device. */
  private static List<String> everyPlace() {
    Catalogue catalogue = CatalogueReader.readFile(ROOT.resolve("configs/validation.yaml"));
    List<String> places = new ArrayList<>();
    for (Catalogue.Workload workload : catalogue.workloads()) {
      for (Catalogue.Binding binding : catalogue.bindings()) {
        places.add(stem(workload.cascade()) + " " + stem(binding.architecture()));
      }
    }
    return places;
  }

  private static String stem(Path file) {
    return file.getFileName().toString().replaceFirst("[.][a-z]+$", "");
  }

  private static String place(JsonNode node) {
    return node.at("/cascade").asString() + " " + node.at("/architecture").asString();
  }

  /** Passed, timed, and on random values compared everywhere that the comparison looks at. */
  private static void assertRight(JsonNode row) {
    String name = row.at("/schedule").asString() + " " + place(row);
    assertThat(row.at("/outcome").asString())
        .as(name + ": " + row.at("/remarks"))
        .isEqualTo("PASSED");
    assertThat(row.at("/fastestSeconds").asDouble()).as(name).isPositive();
    List<JsonNode> random =
        row.at("/comparisons")
            .valueStream()
            .filter(one -> one.at("/inputs").asString().equals("random"))
            .toList();
    assertThat(random.stream().map(one -> one.at("/shape").asString()).distinct().count())
        .as("shapes of " + name)
        .isGreaterThanOrEqualTo(4);
    assertThat(random)
        .as(name)
        .allSatisfy(
            one -> {
              assertThat(one.at("/passed").asBoolean()).isTrue();
              assertThat(one.at("/comparedElements").asLong()).isPositive();
              assertThat(one.at("/largestErrorOfBound").asDouble()).isBetween(0.0, 1.0);
            });
  }

  /** In a process of its own, which sees PoCL alone. */
  private static int validateAll(Path results, Path said) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dweir.home=" + ROOT,
            "-cp",
            System.getProperty("java.class.path"),
            "dev.weir.cli.Weir",
            "validate",
            "--all",
            "--format",
            "json",
            "--output",
            results.toString());
    builder.environment().put("OCL_ICD_VENDORS", "pocl.icd");
    // Compiled kernels: kept between runs, gone with clean, apart from a user's own.
    Path cache = Files.createDirectories(Path.of("target", "pocl-cache").toAbsolutePath());
    builder.environment().put("POCL_CACHE_DIR", cache.toString());
    builder.redirectErrorStream(true).redirectOutput(said.toFile());
    Process process = builder.start();
    try {
      return process.waitFor();
    } finally {
      process.destroy();
    }
  }
}
