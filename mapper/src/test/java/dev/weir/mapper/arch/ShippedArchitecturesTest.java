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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped files hold the published figures, and say where each comes from. */
class ShippedArchitecturesTest {

  static final Path CONFIGS = Path.of("..", "configs");

  private static final Rational ONE = Rational.of(1);

  static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String folder : List.of("architectures", "devices")) {
      try (Stream<Path> found = Files.walk(CONFIGS.resolve(folder))) {
        found.filter(ShippedArchitecturesTest::isArchitecture).forEach(files::add);
      }
    }
    return files.stream().sorted().toList();
  }

  private static boolean isArchitecture(Path file) {
    return file.toString().endsWith(".yaml") && !file.getParent().endsWith("technology");
  }

  private static Architecture shipped(String name) {
    return ArchitectureReader.readFile(CONFIGS.resolve(name + ".yaml"));
  }

  @ParameterizedTest
  @MethodSource("files")
  void isReadUnderItsOwnNameWithTheSchemaForEditors(Path file) throws IOException {
    assertThat(file.getFileName()).hasToString(ArchitectureReader.readFile(file).name() + ".yaml");
    String schema =
        file.getParent().relativize(CONFIGS.resolve("schemas/architecture.schema.json")).toString();
    assertThat(Files.readAllLines(file).getFirst())
        .isEqualTo("# yaml-language-server: $schema=" + schema.replace('\\', '/'));
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
        .allMatch(
            axis ->
                axis.fill() == Axis.Fill.HIDDEN && axis.hopCycles() == 1 && axis.width() == 256);
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
    // Published energies rise by 66.2 pJ a score with the columns of Q, K and V: 3/4 of a word
    // each.
    assertThat(level(fusemax, "GlobalBuffer").readPicojoules()).isCloseTo(66.2 / 0.75, within(0.2));
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
  void flatOfTheEdgeIsSmaller() {
    Architecture flat = shipped("architectures/flat_edge");

    assertThat(unit(flat, "Array2D").instances()).isEqualTo(32 * 32);
    assertThat(unit(flat, "Array1D").instances()).isEqualTo(32);
    assertThat(level(flat, "GlobalBuffer").capacityWords()).hasValue(256L * 1024);
    // an eighth of the cloud's
    assertThat(flat.top().bandwidth().orElseThrow().readWordsPerCycle().times(8))
        .isEqualTo(new Rational(33_554_432, 146_875));
    // 4 words of 16 bit by the law of the table
    assertThat(level(flat, "RegisterFile2D").readPicojoules())
        .isCloseTo(
            0.5 * Math.pow(1 / 16.0, 0.78) * 2.17408 + 0.00027612 + 2 * 0.0040197, within(1e-9));
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

  /** PE_dim, area of the 2D array and of the chip in um^2: the artifact's pareto.csv, E = 64. */
  @ParameterizedTest
  @CsvSource({
    "16, 4712617.37472, 5441230.48908",
    "32, 18850437.49888, 20315554.014039997",
    "64, 75401685.99552, 78369596.31228",
    "128, 301797241.20064, 307907612.38012",
    "256, 1207951209.6768, 1220894441.8412402",
    "512, 4834854330.20416, 4885081008.9724",
  })
  void fusemaxSweepHasThePublishedAreas(int size, double array, double whole) {
    Area area = shipped("architectures/fusemax_" + size).area();
    // wires between the columns count 1 um^2 each there, and those between the lanes 1 um^2
    double wires = size * 1e-6;

    assertThat(squareMillimetres(area, "Array2D") + squareMillimetres(area, "RegisterFile2D"))
        .isCloseTo(array * 1e-6 - wires, within(1e-9 * array * 1e-6));
    assertThat(area.unknownParts()).isEmpty();
    assertThat(area.knownSquareMillimetres()).isCloseTo(whole * 1e-6 - wires, within(2e-7));
  }

  @Test
  void fusemaxElementOfTheSweepHas18432SquareMicrometres() {
    Architecture fusemax = shipped("architectures/fusemax_256");

    // 16837.58 + 49.29 + 1545 um^2
    assertThat(
            1e6 * level(fusemax, "RegisterFile2D").squareMillimetres().orElseThrow()
                + 1e6 * unit(fusemax, "Array2D").squareMillimetres().orElseThrow())
        .isCloseTo(18431.87, within(0.005));
  }

  @ParameterizedTest
  @CsvSource({
    "16, 16, 6, 16",
    "32, 32, 6, 16",
    "64, 64, 6, 16",
    "128, 128, 8, 32",
    "256, 256, 12, 64",
    "512, 1024, 20, 128"
  })
  void fusemaxSweepHasThePublishedSizes(
      int size, long bufferKibibytes, int registers2d, int registers1d) {
    Architecture fusemax = shipped("architectures/fusemax_" + size);

    assertThat(level(fusemax, "GlobalBuffer").capacityWords()).hasValue(bufferKibibytes * 512);
    assertThat(level(fusemax, "RegisterFile2D").capacityWords()).hasValue((long) registers2d);
    assertThat(level(fusemax, "RegisterFile1D").capacityWords()).hasValue((long) registers1d);
    assertThat(unit(fusemax, "Array2D").instances()).isEqualTo(size * size);
    assertThat(unit(fusemax, "Array1D").instances()).isEqualTo(size);
    // registers by the law of the table, not as fusemax_cloud states them
    assertThat(level(fusemax, "RegisterFile2D").readPicojoules())
        .isCloseTo(
            0.5 * Math.pow(registers2d / 64.0, 0.78) * 2.17408
                + 0.00027612
                + 0.0040197 * Math.ceil(Math.log(registers2d) / Math.log(2)),
            within(1e-9));
    assertThat(fusemax.top()).isEqualTo(shipped("architectures/fusemax_cloud").top());
  }

  @Test
  void fusemaxAndFlatHaveTheAreasOfTheTable() {
    Area fusemax = shipped("architectures/fusemax_cloud").area();
    Area flat = shipped("architectures/flat_cloud").area();

    assertThat(fusemax.unknownParts()).isEmpty();
    assertThat(flat.unknownParts()).isEmpty();
    assertThat(squareMillimetres(fusemax, "RegisterFile2D"))
        .isCloseTo(65_536 * 2145.41936e-6, within(1e-9));
    assertThat(squareMillimetres(fusemax, "Array2D"))
        .isCloseTo(65_536 * (1545 + 49.28944) * 1e-6, within(1e-9));
    assertThat(squareMillimetres(fusemax, "Array1D"))
        .isCloseTo(256 * (1545 + 49.28944 + 23740.9375) * 1e-6, within(1e-9));
    assertThat(squareMillimetres(flat, "GlobalBuffer")).isCloseTo(94.176, within(1e-9));
    assertThat(squareMillimetres(flat, "Array1D"))
        .isCloseTo(256 * (1545 + 49.28944 + 8240 + 23740.9375) * 1e-6, within(1e-9));
    assertThat(squareMillimetres(flat, "DRAM")).isZero();
  }

  @Test
  void idealisationsOfFusemaxAreNamed() {
    List<Idealisation> found = shipped("architectures/fusemax_16").idealisations();

    assertThat(found)
        .extracting(Idealisation::words)
        .containsExactly(
            "RegisterFile2D moves any number of words in a cycle",
            "RegisterFile1D moves any number of words in a cycle",
            "fill and drain of Array2D.rows are hidden (1 cycle a hop, 16 instances)",
            "fill and drain of Array2D.columns are hidden (1 cycle a hop, 16 instances)",
            "fill and drain of Array1D.lanes are hidden (1 cycle a hop, 16 instances)");
    assertThat(found.get(2).source()).contains("links of fixed latency make the schedule static");
    assertThat(shipped("architectures/systolic_8x8").idealisations())
        .extracting(Idealisation::words)
        .contains("DRAM moves any number of words in a cycle")
        .noneMatch(words -> words.contains("hidden"));
  }

  /** Name, elements along a side, words of buffer and registers, words a cycle of both memories. */
  @ParameterizedTest
  @CsvSource({
    "ref16, 16, 131072, 64, 16, 64",
    "ref256, 256, 8388608, 16, 256, 2048",
    "two16, 16, 131072, 0, 16, 64",
    "two256, 256, 8388608, 0, 256, 2048",
  })
  void referenceMachinesAreThoseOfTheComparison(
      String name, int side, long buffer, long registers, long offChip, long onChip) {
    Architecture machine = shipped("architectures/" + name);
    MemoryLevel globalBuffer = level(machine, "GlobalBuffer");

    assertThat(machine.clockHertz()).isEqualTo(1e9);
    assertThat(machine.wordBits()).isEqualTo(16);
    assertThat(unit(machine, "Array").instances()).isEqualTo(side * side);
    assertThat(machine.top().bandwidth())
        .hasValue(new Bandwidth(Rational.of(offChip), Rational.of(offChip), false));
    assertThat(globalBuffer.bandwidth())
        .hasValue(new Bandwidth(Rational.of(onChip), Rational.of(onChip), false));
    assertThat(globalBuffer.capacityWords()).hasValue(buffer);
    assertThat(machine.top().readPicojoules()).isEqualTo(200);
    assertThat(globalBuffer.writePicojoules()).isEqualTo(6);
    assertThat(machine.levels()).hasSize(registers > 0 ? 3 : 2);
    if (registers > 0) {
      MemoryLevel file = level(machine, "RegisterFile");
      assertThat(file.capacityWords()).hasValue(registers);
      assertThat(file.readPicojoules()).isEqualTo(1);
      assertThat(machine.instances(file)).isEqualTo(side * side);
      assertThat(unit(machine, "Array").reads()).contains(file.name());
    }
    assertThat(unit(machine, "Array").operations().values())
        .allMatch(cost -> cost.picojoules() == 1 && cost.initiationIntervalCycles().equals(ONE));
  }

  @Test
  void tpuHasTheEnergiesOfTheTable() {
    Architecture tpu = shipped("architectures/tpu_like");

    assertThat(tpu.top().readPicojoules()).isEqualTo(62.4);
    // a bank of 128 KiB: two of five octaves from 20 pJ at 32 KiB to 100 pJ at 1 MiB
    assertThat(level(tpu, "VectorMemory").readPicojoules())
        .isCloseTo(20 * Math.pow(5, 2 / 5.0) / 4, within(1e-9));
    // 4096 words of 16 bit are the 8 KiB of the table's first point: 10 pJ for four words
    assertThat(level(tpu, "Accumulators").readPicojoules()).isEqualTo(2.5);
    assertThat(level(tpu, "VectorRegisters").readPicojoules()).isCloseTo(0.653431, within(1e-6));
    assertThat(unit(tpu, "MatrixUnit").squareMillimetres()).hasValue(0.001545);
    assertThat(1e6 * unit(tpu, "VectorUnit").squareMillimetres().orElseThrow())
        .isCloseTo(1545 + 49.28944 + 8240 + 23740.9375, within(1e-6));
    assertThat(tpu.area().unknownParts()).isEmpty();
  }

  @Test
  void eyerissHasItsPublishedFigures() {
    Architecture eyeriss = shipped("architectures/eyeriss_like");

    assertThat(unit(eyeriss, "Array").instances()).isEqualTo(168);
    assertThat(level(eyeriss, "GlobalBuffer").capacityWords()).hasValue(108L * 1024 / 2);
    assertThat(eyeriss.levels().stream().skip(2).map(level -> level.capacityWords().orElseThrow()))
        .containsExactly(12L, 224L, 24L);
    // 480 MB/s at 200 MHz: 1.2 words of 16 bit a cycle
    assertThat(eyeriss.top().bandwidth().orElseThrow().readWordsPerCycle())
        .isEqualTo(new Rational(6, 5));
    assertThat(eyeriss.levels())
        .extracting(MemoryLevel::readPicojoules)
        .containsExactly(200.0, 6.0, 1.0, 1.0, 1.0);
  }

  @ParameterizedTest
  @ValueSource(longs = {8, 16, 32, 128})
  void systolicArraysFillAndDrain(long size) {
    Architecture array = shipped("architectures/systolic_" + size + "x" + size);

    assertThat(unit(array, "Array").axes())
        .hasSize(2)
        .allMatch(
            axis ->
                axis.width() == size && axis.hopCycles() == 1 && axis.fill() == Axis.Fill.WHOLE);
    assertThat(array.top().bandwidth()).isEmpty();
    for (String buffer : List.of("IfmapSram", "FilterSram", "OfmapSram")) {
      assertThat(level(array, buffer).capacityWords()).hasValue(32L * 1024);
      assertThat(level(array, buffer).bandwidth())
          .hasValue(new Bandwidth(Rational.of(size), Rational.of(size), false));
    }
    assertThat(level(array, "Stationary").capacityWords()).hasValue(1L);
    assertThat(array.area().unknownParts()).isEmpty();
  }

  private static double squareMillimetres(Area area, String part) {
    return area.parts().stream()
        .filter(one -> one.name().equals(part))
        .findFirst()
        .flatMap(Area.Part::squareMillimetres)
        .orElseThrow();
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
