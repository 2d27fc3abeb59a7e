package dev.weir.mapper.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.mapper.config.ConfigFile;
import dev.weir.mapper.config.ConfigNode;
import dev.weir.mapper.config.ConfigNode.Mapping;
import dev.weir.mapper.config.ConfigNode.Scalar;
import dev.weir.mapper.config.ConfigNode.Sequence;
import dev.weir.mapper.config.YamlReader;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped files hold the published figures, and say where each comes from. */
class ShippedArchitecturesTest {

  static final Path CONFIGS = Path.of("..", "configs");

  static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String folder : List.of("architectures", "devices")) {
      try (Stream<Path> found = Files.list(CONFIGS.resolve(folder))) {
        found.filter(file -> file.toString().endsWith(".yaml")).forEach(files::add);
      }
    }
    return files.stream().sorted().toList();
  }

  private static Architecture shipped(String name) {
    return ArchitectureReader.readFile(CONFIGS.resolve(name + ".yaml"));
  }

  @ParameterizedTest
  @MethodSource("files")
  void isReadUnderItsOwnNameWithTheSchemaForEditors(Path file) throws IOException {
    assertThat(file.getFileName()).hasToString(ArchitectureReader.readFile(file).name() + ".yaml");
    assertThat(Files.readAllLines(file).getFirst())
        .isEqualTo("# yaml-language-server: $schema=../schemas/architecture.schema.json");
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyNumberHasASource(Path file) {
    Mapping root =
        (Mapping) YamlReader.read(ConfigFile.open(file), new Diagnostics()).orElseThrow();
    List<String> without = new ArrayList<>();
    assertThat(root.keys()).contains("source");
    for (ConfigNode.Entry entry : root.entries()) {
      if (!(entry.value() instanceof Scalar)) {
        numbersWithoutSource(entry.key(), entry.value(), without);
      }
    }
    assertThat(without).isEmpty();
  }

  private static void numbersWithoutSource(String path, ConfigNode node, List<String> without) {
    switch (node) {
      case Mapping mapping -> {
        if (mapping.entry("source").isEmpty()) {
          mapping
              .entries()
              .forEach(e -> numbersWithoutSource(path + "." + e.key(), e.value(), without));
        }
      }
      case Sequence sequence ->
          sequence.items().forEach(item -> numbersWithoutSource(path, item, without));
      case Scalar scalar -> {
        if (Character.isDigit(scalar.text().charAt(0))) {
          without.add(path + ": " + scalar.text());
        }
      }
    }
  }

  @Test
  void fusemaxHasItsPublishedFigures() {
    Architecture fusemax = shipped("architectures/fusemax_cloud");

    assertThat(fusemax.clockHertz()).isEqualTo(940e6);
    assertThat(fusemax.wordBits()).isEqualTo(16);
    assertThat(fusemax.levels())
        .extracting(MemoryLevel::name)
        .extracting(LevelName::text)
        .containsExactly("DRAM", "GlobalBuffer", "RegisterFile2D", "RegisterFile1D");
    assertThat(fusemax.top().capacityWords()).isEmpty();
    assertThat(level(fusemax, "GlobalBuffer").capacityWords()).hasValue(32768L * 256);
    assertThat(level(fusemax, "GlobalBuffer").bandwidth())
        .hasValue(new Bandwidth(Rational.of(4 * 256), Rational.of(4 * 256), true));
    assertThat(level(fusemax, "RegisterFile2D").capacityWords()).hasValue(16L);
    assertThat(level(fusemax, "RegisterFile2D").instanceAxes())
        .containsExactly(new AxisName("Array2D.rows"), new AxisName("Array2D.columns"));
    assertThat(level(fusemax, "RegisterFile1D").capacityWords()).hasValue(32L);
    assertThat(unit(fusemax, "Array2D").instances()).isEqualTo(65_536);
    assertThat(unit(fusemax, "Array1D").instances()).isEqualTo(256);
    assertThat(unit(fusemax, "Array2D").axes())
        .allMatch(axis -> axis.hidden() && axis.hopCycles() == 1 && axis.width() == 256);
    assertThat(unit(fusemax, "Array2D").writes()).contains(new LevelName("RegisterFile1D"));
    assertThat(
            fusemax.selectsInstance(
                new AxisName("Array2D.columns"), level(fusemax, "RegisterFile1D")))
        .isTrue();
  }

  @Test
  void fusemaxOperationsHaveTheirPublishedCosts() {
    Architecture fusemax = shipped("architectures/fusemax_cloud");

    assertThat(intervals(unit(fusemax, "Array2D")))
        .isEqualTo(
            Map.of(
                "mac", "1", "max", "1", "add", "1", "subtract", "1", "multiply", "1", "exp", "7"));
    assertThat(intervals(unit(fusemax, "Array1D"))).containsEntry("divide", "1").hasSize(7);
    assertThat(picojoules(fusemax, OperationKind.MULTIPLY_ACCUMULATE)).isEqualTo(17.1645);
    assertThat(picojoules(fusemax, OperationKind.EXPONENTIAL))
        .isCloseTo(6 * 17.1645 + 8.3395, within(1e-12));
    assertThat(picojoules(fusemax, OperationKind.DIVIDE)).isEqualTo(36.251153);
    assertThat(fusemax.top().readPicojoules()).isEqualTo(62.4);
    assertThat(level(fusemax, "GlobalBuffer").readPicojoules()).isEqualTo(484.97271 / 256);
    assertThat(level(fusemax, "GlobalBuffer").writePicojoules()).isEqualTo(451.30271 / 256);
    assertThat(fusemax.sources())
        .containsKeys("architecture", "memories.DRAM", "units.Array1D.operations.divide");
  }

  @Test
  void bandwidthInBytesASecondBecomesAnExactFraction() {
    Rational rate =
        shipped("architectures/fusemax_cloud").top().bandwidth().orElseThrow().readWordsPerCycle();

    // words/cycle * 940e6 cycles/s * 2 B/word = 400 * 2^30 B/s, in integers
    assertThat(BigInteger.valueOf(rate.numerator()).multiply(BigInteger.valueOf(940_000_000L * 2)))
        .isEqualTo(BigInteger.valueOf(400L << 30).multiply(BigInteger.valueOf(rate.denominator())));
    assertThat(rate).isEqualTo(new Rational(33_554_432, 146_875));
  }

  @Test
  void flatDiffersFromFusemaxAsPublished() {
    Architecture flat = shipped("architectures/flat_cloud");

    assertThat(level(flat, "GlobalBuffer").capacityWords()).hasValue(65536L * 256);
    assertThat(level(flat, "RegisterFile2D").capacityWords()).hasValue(4L);
    assertThat(intervals(unit(flat, "Array2D"))).isEqualTo(Map.of("mac", "1", "add", "1"));
    assertThat(intervals(unit(flat, "Array1D"))).containsEntry("exp", "1");
    assertThat(flat.links()).isEmpty();
    assertThat(flat.top()).isEqualTo(shipped("architectures/fusemax_cloud").top());
  }

  @Test
  void tpuHasThePeakOfOneCore() {
    Architecture tpu = shipped("architectures/tpu_like");

    // TPUv2 is published with 46e12 flop/s on a chip of two cores.
    assertThat(unit(tpu, "MatrixUnit").instances() * 2 * tpu.clockHertz())
        .isCloseTo(23e12, within(0.1e12));
    assertThat(tpu.top().bandwidth().orElseThrow().readWordsPerCycle()).isEqualTo(Rational.of(250));
  }

  @Test
  void processorHasItsMeasuredPeaks() {
    Architecture processor = shipped("devices/pocl-cpu");
    ComputeUnit core = unit(processor, "Core");

    double perSecond = core.instances() * processor.clockHertz();
    assertThat(core.instances()).isEqualTo(2 * 16);
    assertThat(2 * perSecond / interval(core, OperationKind.MULTIPLY_ACCUMULATE))
        .isCloseTo(2 * 64 * 4.2e9, within(1e3));
    assertThat(perSecond / interval(core, OperationKind.EXPONENTIAL))
        .isCloseTo(2 * 6.4e9, within(1e3));
    assertThat(processor.levels())
        .extracting(level -> level.instanceAxes().size())
        .containsExactly(0, 3, 6);
    assertThat(core.axes())
        .extracting(Axis::kind)
        .containsExactly(
            Axis.Kind.WORK_GROUP,
            Axis.Kind.WORK_GROUP,
            Axis.Kind.WORK_GROUP,
            Axis.Kind.WORK_ITEM,
            Axis.Kind.WORK_ITEM,
            Axis.Kind.LANE);
  }

  @Test
  void graphicsProcessorHas132ComputeUnitsOf128Lanes() {
    Architecture gpu = shipped("devices/generic-gpu");

    assertThat(unit(gpu, "Core").instances()).isEqualTo(132 * 128);
    assertThat(level(gpu, "Local").capacityWords()).hasValue(48L * 1024 / 4);
  }

  private static MemoryLevel level(Architecture architecture, String name) {
    return architecture.level(new LevelName(name)).orElseThrow();
  }

  private static ComputeUnit unit(Architecture architecture, String name) {
    return architecture.unit(new UnitName(name)).orElseThrow();
  }

  private static Map<String, String> intervals(ComputeUnit unit) {
    return unit.operations().entrySet().stream()
        .collect(
            Collectors.toMap(
                e -> e.getKey().text(), e -> e.getValue().initiationIntervalCycles().toString()));
  }

  private static double interval(ComputeUnit unit, OperationKind kind) {
    return unit.operations().get(kind).initiationIntervalCycles().toDouble();
  }

  private static double picojoules(Architecture architecture, OperationKind kind) {
    return unit(architecture, "Array1D").operations().get(kind).picojoules();
  }
}
