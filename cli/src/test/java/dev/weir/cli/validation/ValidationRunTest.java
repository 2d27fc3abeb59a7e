package dev.weir.cli.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weir.cli.CommandLineRun;
import dev.weir.cli.experiment.Library;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.probe.Peaks;
import dev.weir.opencl.runtime.Answer;
import dev.weir.opencl.runtime.Device;
import dev.weir.opencl.runtime.DeviceDescription;
import dev.weir.opencl.runtime.DeviceSearch;
import dev.weir.opencl.runtime.DeviceSession;
import dev.weir.opencl.runtime.RunTimes;
import dev.weir.opencl.validate.Comparison;
import dev.weir.opencl.validate.InputCase;
import dev.weir.opencl.validate.ValidationReport;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Provenance.Fact;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    @Override
    public void ended(DeviceResult device, ValidationResult soFar) {
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
        .contains(
            "\nfile      predicted times belong to pocl-cpu, whose file says 537.6 Gflop/s and 39.6"
                + " GB/s; the device found ")
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

  private static final DeviceDescription DEVICE =
      new DeviceDescription(
          "a device",
          "a platform",
          "1",
          "1",
          DeviceDescription.Kind.GPU,
          1,
          1 << 20,
          4096,
          16,
          true,
          1L << 32,
          1L << 32);

  /** Multiply-adds and copies at so many per nanosecond. */
  private static Peaks peaks(double gigaflops, double gigabytes) {
    RunTimes second = new RunTimes(new long[] {1_000_000_000});
    return new Peaks(
        new Peaks.Arithmetic(16, gigaflops * 1e9, second),
        new Peaks.Copy(gigabytes * 1e9, second),
        List.of());
  }

  /** A device whose peaks are these, one after another, and whose kernels go as is said. */
  private static final class PlannedBench implements ValidationRun.Bench {
    private final Iterator<Peaks> peaks;
    private final Iterator<Supplier<ValidationReport>> reports;

    PlannedBench(List<Peaks> peaks, List<Supplier<ValidationReport>> reports) {
      this.peaks = peaks.iterator();
      this.reports = reports.iterator();
    }

    @Override
    public Answer<Peaks> peaks(Device device) {
      return new Answer.Given<>(peaks.next());
    }

    @Override
    public ValidationReport report(Target target, Device device) {
      return reports.next().get();
    }
  }

  private static ValidationResult planned(
      Targets targets, List<Peaks> peaks, List<Supplier<ValidationReport>> reports) {
    return new ValidationRun(
            new PlannedBench(peaks, reports), targets, List.of(), _ -> {}, new Told())
        .on(new DeviceSearch.Found(List.of(new Device(DEVICE, 0)), List.of()));
  }

  /** Whatever Weir itself does wrong: the kernels before and after are there all the same. */
  @ParameterizedTest
  @ValueSource(
      classes = {
        IllegalStateException.class,
        NullPointerException.class,
        ClassCastException.class,
        ArithmeticException.class,
        UnsupportedOperationException.class
      })
  void anInternalErrorCostsOnlyItsRow(Class<? extends RuntimeException> kind) throws Exception {
    RuntimeException mistake = kind.getConstructor().newInstance();
    Target target = small().all().getFirst();
    Targets three = new Targets(List.of(target, target, target), List.of());
    Supplier<ValidationReport> passes =
        () -> checked(List.of(comparison(InputCase.RANDOM, "P=1", new Comparison.Verdict.Pass())));

    ValidationResult result =
        planned(
            three,
            List.of(peaks(100, 10), peaks(100, 10)),
            List.of(
                passes,
                () -> {
                  throw mistake;
                },
                passes));

    assertThat(result.isComplete()).isTrue();
    assertThat(result.rows().map(Row::outcome))
        .containsExactly(Outcome.PASSED, Outcome.FAILED, Outcome.PASSED);
    assertThat(result.rows().toList().get(1).remarks())
        .anyMatch(line -> line.equals("internal error, please report it: " + mistake))
        .anyMatch(line -> line.contains("ValidationRunTest"));
  }

  /** Memory that runs out is no mistake of one kernel. */
  @Test
  void anErrorOfTheVirtualMachineEndsTheValidation() {
    Targets one = new Targets(List.of(small().all().getFirst()), List.of());
    List<Supplier<ValidationReport>> reports =
        List.of(
            () -> {
              throw new OutOfMemoryError("planted");
            });

    assertThatThrownBy(() -> planned(one, List.of(peaks(100, 10), peaks(100, 10)), reports))
        .isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void peaksThatChangedAreAWarningWithBothNumbers() {
    Targets none = new Targets(List.of(), List.of());
    ValidationResult changed = planned(none, List.of(peaks(118, 20), peaks(235, 20)), List.of());
    ValidationResult steady = planned(none, List.of(peaks(118, 20), peaks(110, 19)), List.of());

    assertThat(new ValidationText(List.of()).all(changed))
        .contains(
            "\nwarning   the peak of multiply-adds changed from 118.0 Gflop/s at the start to 235.0"
                + " Gflop/s at the end, by more than 10 %; shares of the roofline are by that of"
                + " the start\n")
        .doesNotContain("copies");
    JsonNode tree = JsonMapper.shared().readTree(ValidationJson.render(changed));
    assertThat(tree.at("/devices/0/peaksAtEnd/multiplyAddFlopPerSecond").asDouble())
        .isEqualTo(235e9);
    assertThat(tree.at("/devices/0/peaksChanged").size()).isEqualTo(1);
    assertThat(new ValidationText(List.of()).all(steady)).doesNotContain("warning");
  }

  @Test
  void predictedTimesSayWhoseTheyAre() {
    DescribedPeaks file = new DescribedPeaks("pocl-cpu", 537.6e9, OptionalDouble.of(39.6e9));

    assertThat(file.text(Optional.of(peaks(500, 38))))
        .isEqualTo(
            "predicted times belong to pocl-cpu, whose file says 537.6 Gflop/s and 39.6 GB/s; the"
                + " device found does as much, within 25 %");
    assertThat(file.text(Optional.of(peaks(118, 38))))
        .endsWith("; the device found is another one, by its peaks");
    assertThat(file.text(Optional.empty()))
        .endsWith("; whether the device found is that one is not known, as its peaks are not");
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
    assertThat(refused.remarks()).containsExactly("J decides and is hidden; keep J");
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
        checked(
            List.of(
                comparison(InputCase.RANDOM, "P=1", new Comparison.Verdict.Pass()),
                comparison(InputCase.LARGE, "P=1", new Comparison.Verdict.Unchecked()),
                comparison(InputCase.LARGE, "P=2", new Comparison.Verdict.Unchecked()),
                comparison(InputCase.TIES, "P=2", new Comparison.Verdict.Unchecked())));

    Row row = Row.of(target, checked, Optional.empty());

    assertThat(row.outcome()).isEqualTo(Outcome.PASSED);
    assertThat(row.remarks())
        .containsExactly(
            "not compared, as rounding alone allows any value: AV of large scores at 2 shapes,"
                + " AV of ties");
  }

  private static ValidationReport checked(List<Comparison> comparisons) {
    return new ValidationReport.Checked(
        DEVICE, "0123456789abcdef", comparisons, Optional.empty(), List.of(), Optional.empty());
  }

  private static Comparison comparison(InputCase inputs, String shape, Comparison.Verdict verdict) {
    return new Comparison(inputs, shape, new TensorName("AV"), 0, 1, 0, 1, 0, 1, verdict);
  }
}
