package dev.weir.cli.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weir.cli.CommandLineRun;
import dev.weir.cli.experiment.Library;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.runtime.DeviceDescription;
import dev.weir.opencl.runtime.DeviceSearch;
import dev.weir.opencl.runtime.DeviceSession;
import dev.weir.opencl.validate.Comparison;
import dev.weir.opencl.validate.InputCase;
import dev.weir.opencl.validate.ValidationReport;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Provenance.Fact;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ValidationRunTest {

  private static final Path CONFIGS = CommandLineRun.ROOT.resolve("configs");

  private static Targets small() {
    Catalogue catalogue =
        new Catalogue(
            "small",
            "one cascade",
            List.of(
                new Catalogue.Binding(
                    CONFIGS.resolve("devices/pocl-cpu.yaml"),
                    List.of(CONFIGS.resolve("schedules/opencl_1pass_cpu.schedule")))),
            List.of(
                workload("attention_1pass", Map.of("B", 1, "H", 1, "P", 32, "M", 64)),
                workload("gemm", Map.of("M", 8, "N", 8, "K", 8))));
    return Targets.of(catalogue, new Library(), (_, _, _) -> List.of());
  }

  private static Catalogue.Workload workload(String cascade, Map<String, Integer> shapes) {
    Map<RankName, Long> byRank = new HashMap<>();
    shapes.forEach((rank, shape) -> byRank.put(new RankName(rank), shape.longValue()));
    return new Catalogue.Workload(CONFIGS.resolve("cascades/" + cascade + ".edge"), byRank);
  }

  /** Keeps what it is told. */
  private static final class Told implements ValidationRun.Listener {
    private final List<Row> rows = new ArrayList<>();
    private final List<Boolean> completes = new ArrayList<>();

    @Override
    public void begun(DeviceResult device, ValidationResult soFar) {
      completes.add(soFar.isComplete());
    }

    @Override
    public void done(Row row, ValidationResult soFar) {
      rows.add(row);
      completes.add(soFar.isComplete());
    }
  }

  @Test
  void everyTargetIsTriedOnEveryDeviceAndTold() {
    try (DeviceSession session = DeviceSession.open()) {
      DeviceSearch search = session.devices();
      assumeThat(search instanceof DeviceSearch.Found).as("an OpenCL device").isTrue();
      Told told = new Told();
      List<String> progress = new ArrayList<>();
      ValidationRun run =
          new ValidationRun(
              session, small(), List.of(new Fact("Weir", "a test")), progress::add, told);

      ValidationResult result = run.on((DeviceSearch.Found) search);

      assertThat(result.isComplete()).isTrue();
      assertThat(result.count(Outcome.PASSED)).isEqualTo(told.rows.size()).isPositive();
      assertThat(result.rows()).containsExactlyElementsOf(told.rows);
      assertThat(told.completes).containsOnly(false);
      assertThat(progress)
          .anyMatch(line -> line.startsWith("measuring what "))
          .anyMatch(line -> line.matches("kernel 1 of 1 on .*: attention_1pass under opencl_.*"));
      Row row = told.rows.getFirst();
      // Q, K, V and the result, 4 bytes each: 32·64 + 64·64 + 64·64 + 32·64 elements.
      assertThat(row.compulsoryBytes()).isEqualTo(4.0 * (2 * 32 * 64 + 2 * 64 * 64));
      assertThat(row.errorOfBound().orElseThrow()).isBetween(0.0, 1.0);
      assertThat(row.rooflineShare().orElseThrow()).isPositive();
      assertText(result);
      assertJson(result);
    }
  }

  private static void assertText(ValidationResult result) {
    assertThat(new ValidationText(result.targets()).all(result))
        .contains("\nWeir      a test\n", "\npeaks     ")
        .containsPattern(
            "passed +attention_1pass +opencl_1pass_cpu +pocl-cpu +[0-9.]+ % +[0-9.]+ [mµ]s +[0-9.]+"
                + " [mµ]s +[0-9.]+ [mµ]s +[0-9.]+ Gflop/s +[0-9.]+ % +B=1 E=64 F=64 H=1 M=64 P=32"
                + " +[0-9a-f]{16}\n")
        .endsWith(
            "1 of 1 kernels passed\nno kernel for pocl-cpu, no shipped schedule fits:\n    gemm\n");
  }

  private static void assertJson(ValidationResult result) {
    JsonNode tree = JsonMapper.shared().readTree(ValidationJson.render(result));

    assertThat(tree.at("/facts/Weir").asString()).isEqualTo("a test");
    assertThat(tree.at("/complete").asBoolean()).isTrue();
    assertThat(tree.at("/devices/0/peaks/copyBytesPerSecond").asDouble()).isPositive();
    JsonNode row = tree.at("/devices/0/rows/0");
    assertThat(row.at("/outcome").asString()).isEqualTo("PASSED");
    assertThat(row.at("/shapes/P").asLong()).isEqualTo(32);
    assertThat(row.at("/medianSeconds").asDouble())
        .isGreaterThanOrEqualTo(row.at("/fastestSeconds").asDouble());
    assertThat(row.at("/rooflineShare").asDouble())
        .isEqualTo(row.at("/rooflineSeconds").asDouble() / row.at("/fastestSeconds").asDouble());
    assertThat(row.at("/kernelSha256Start").asString()).matches("[0-9a-f]{16}");
    assertThat(tree.at("/withoutKernel/0/cascade").asString()).isEqualTo("gemm");
  }

  @Test
  void kernelThatDoesNotBuildAndOneThatDoesNotFitAreToldApart() {
    Target target = small().all().getFirst();
    ValidationReport crash =
        new ValidationReport.NotBuilt("the driver crashed while it built the kernel", List.of("x"));
    Row failed = Row.of(target, crash, Optional.empty());
    Row small = Row.notRun(target, List.of("Q needs a buffer"), Optional.empty());

    ValidationReport refusal =
        new ValidationReport.Refused(NodePath.ROOT, "J decides and is hidden", "keep J");
    Row refused = Row.of(target, refusal, Optional.empty());

    assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(refused.outcome()).isEqualTo(Outcome.NOT_RUN);
    assertThat(refused.remarks()).containsExactly("J decides and is hidden");
    assertThat(small.outcome()).isEqualTo(Outcome.NOT_RUN);
    ValidationText text = new ValidationText(List.of(target));
    assertThat(text.row(failed))
        .startsWith("FAILED ")
        .contains(" - ")
        .endsWith("\n    the driver crashed while it built the kernel\n    x\n");
    assertThat(text.row(small)).startsWith("NOT RUN").endsWith("\n    Q needs a buffer\n");
  }

  @Test
  void whatRoundingLeavesOpenIsOneLine() {
    Target target = small().all().getFirst();
    ValidationReport checked =
        new ValidationReport.Checked(
            new DeviceDescription(
                "a device",
                "a platform",
                "1",
                "1",
                DeviceDescription.Kind.GPU,
                1,
                1,
                1,
                1,
                true,
                1,
                1),
            "0123456789abcdef",
            List.of(
                comparison(InputCase.RANDOM, "P=1", new Comparison.Verdict.Pass()),
                comparison(InputCase.LARGE, "P=1", new Comparison.Verdict.Unchecked()),
                comparison(InputCase.LARGE, "P=2", new Comparison.Verdict.Unchecked()),
                comparison(InputCase.TIES, "P=2", new Comparison.Verdict.Unchecked())),
            Optional.empty(),
            List.of());

    Row row = Row.of(target, checked, Optional.empty());

    assertThat(row.outcome()).isEqualTo(Outcome.PASSED);
    assertThat(row.remarks())
        .containsExactly(
            "not compared, as rounding alone allows any value: AV of large scores at 2 shapes,"
                + " AV of ties");
  }

  private static Comparison comparison(InputCase inputs, String shape, Comparison.Verdict verdict) {
    return new Comparison(inputs, shape, new TensorName("AV"), 0, 0, 1, 0, 1, verdict);
  }
}
