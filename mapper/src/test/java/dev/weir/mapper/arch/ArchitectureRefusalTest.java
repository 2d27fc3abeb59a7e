package dev.weir.mapper.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused, in which words and where. */
class ArchitectureRefusalTest {

  private static final Path CASES = Path.of("src/test/resources/architecture-refusals.txt");

  /** A piece of the small architecture, what it is replaced by, and all that must be found then. */
  record Refusal(String piece, String replacement, List<String> findings) {
    static Refusal of(String block) {
      List<String> lines = block.strip().lines().toList();
      return new Refusal(
          text(lines.get(0), "- "), text(lines.get(1), "+ "), lines.subList(2, lines.size()));
    }

    private static String text(String line, String mark) {
      assertThat(line).startsWith(mark);
      return line.substring(mark.length()).replace("\\n", "\n");
    }
  }

  static List<Refusal> refusals() throws IOException {
    String text = Files.readString(CASES).replaceAll("(?m)^#.*\n", "");
    return Arrays.stream(text.split("\n\n")).filter(b -> !b.isBlank()).map(Refusal::of).toList();
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void isRefusedInTheseWords(Refusal refusal) {
    assertThat(
            SmallArchitecture.findings(SmallArchitecture.with(refusal.piece, refusal.replacement)))
        .isNotEmpty()
        .containsExactlyElementsOf(refusal.findings);
  }

  @Test
  void smallArchitectureItselfIsRead() {
    Diagnostics diagnostics = new Diagnostics();
    Architecture small =
        ArchitectureReader.read(new SourceFile("a.yaml", SmallArchitecture.TEXT), diagnostics)
            .orElseThrow();

    assertThat(diagnostics.sorted()).isEmpty();
    assertThat(small.top().bandwidth().orElseThrow().readWordsPerCycle()).isEqualTo(Rational.of(2));
    MemoryLevel buffer = small.levels().get(1);
    assertThat(buffer.bandwidth()).hasValue(new Bandwidth(Rational.of(4), Rational.of(2), false));
    assertThat(buffer.capacityWords()).hasValue(1024L);
    assertThat(buffer.latency()).isEqualTo(new Latency(3, 2));
    assertThat(small.top().latency()).isEqualTo(Latency.NONE);
    assertThat(small.levels().get(2).writePicojoules()).isEqualTo(1);
    assertThat(small.units().getFirst().instances()).isEqualTo(4 * 2);
    assertThat(small.sources())
        .containsOnlyKeys("architecture", "memories.Buffer.energy", "memories.Buffer.latency");
  }

  @ParameterizedTest
  @CsvSource({"interleaved: false, 4", "interleaved: true, 1", "class: sram, 1"})
  void banksAreFilledOneAfterAnotherIfTheyAreNotInterleaved(String line, int banks) {
    String text =
        SmallArchitecture.with("word: 16 bit", "word: 16 bit\ntechnology: 45nm")
            .replace("capacity: 2 KiB", "capacity: 2 KiB\n    banks: 4\n    " + line);
    Architecture read =
        ArchitectureReader.read(new SourceFile("a.yaml", text), new Diagnostics()).orElseThrow();

    assertThat(read.levels().get(1).banks()).isEqualTo(banks);
  }

  @ParameterizedTest
  @CsvSource({
    "100 ns, 94",
    "0.1 us, 94",
    "94 cycles, 94",
    "1/94 us, 10",
    "3/2 cycles, 2",
    "0 cycles, 0",
    "0 ns, 0"
  })
  void aLatencyIsRoundedUpToWholeCycles(String latency, long cycles) {
    String text =
        SmallArchitecture.with("bandwidth: 4 GB/s", "bandwidth: 4 GB/s\n    latency: " + latency);
    Architecture read =
        ArchitectureReader.read(
                new SourceFile("a.yaml", text.replace("1 GHz", "940 MHz")), new Diagnostics())
            .orElseThrow();

    assertThat(read.top().latency()).isEqualTo(new Latency(cycles, cycles));
  }

  @ParameterizedTest
  @CsvSource({"4 cycles, 4", "5 ns, 5", "3.5 ns, 4", "3 cycles, 3"})
  void anOperationHasALatencyOfWholeCycles(String latency, long cycles) {
    String text =
        SmallArchitecture.with(
            "exp: {interval: 3 cycles", "exp: {interval: 3 cycles, latency: " + latency);
    Architecture read =
        ArchitectureReader.read(new SourceFile("a.yaml", text), new Diagnostics()).orElseThrow();

    assertThat(read.units().get(1).operations().get(OperationKind.EXPONENTIAL).latencyCycles())
        .isEqualTo(cycles);
  }

  /** At 1 GHz a cycle of 400 MHz is two and a half. */
  @Test
  void partsWithAClockOfTheirOwnAreCountedInCyclesOfTheMachine() {
    String text =
        SmallArchitecture.with("name: Buffer", "name: Buffer\n    clock: 400 MHz")
            .replace("name: Vector", "name: Vector\n    clock: 400 MHz")
            .replace("lanes: {width: 4}", "lanes: {width: 4, hop: 3 cycles, drain: 2 cycles}")
            .replace("exp: {interval: 3 cycles", "exp: {interval: 3 cycles, latency: 5 cycles");
    Architecture read =
        ArchitectureReader.read(new SourceFile("a.yaml", text), new Diagnostics()).orElseThrow();

    assertThat(read.clockHertz()).isEqualTo(1e9);
    MemoryLevel buffer = read.levels().get(1);
    assertThat(buffer.bandwidth())
        .hasValue(new Bandwidth(new Rational(8, 5), new Rational(4, 5), false));
    assertThat(buffer.latency()).as("2.5 ns, 2 cycles").isEqualTo(new Latency(3, 5));
    ComputeUnit vector = read.units().get(1);
    OperationCost exp = vector.operations().get(OperationKind.EXPONENTIAL);
    assertThat(exp.initiationIntervalCycles()).isEqualTo(new Rational(15, 2));
    assertThat(exp.latencyCycles()).isEqualTo(13);
    assertThat(vector.axes().getFirst().hopCycles()).isEqualTo(8);
    assertThat(vector.axes().getFirst().drainCycles()).containsEntry(OperationKind.ADD, 5L);
    assertThat(read.units().getFirst().operations().get(OperationKind.MULTIPLY_ACCUMULATE))
        .isEqualTo(new OperationCost(new Rational(1, 2), 17));
  }

  @Test
  void textThatIsNoMappingIsRefused() {
    assertThat(SmallArchitecture.findings("- a\n"))
        .containsExactly("1:1: no architecture (got a list, expected a mapping)");
  }

  @Test
  void errorsFoundBeforeDoNotSpoilAGoodFile() {
    Diagnostics diagnostics = new Diagnostics();
    SourceFile file = new SourceFile("a.yaml", SmallArchitecture.TEXT);
    diagnostics.error(file, new Span(0, 1), "from elsewhere");

    assertThat(ArchitectureReader.read(file, diagnostics)).isPresent();
  }

  @Test
  void fileIsRefusedWithAllThatIsWrong(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a.yaml");
    Files.writeString(
        file, SmallArchitecture.with("1 GHz", "1").replace("capacity: 2 KiB", "capacity: 2 GHz"));

    assertThatThrownBy(() -> ArchitectureReader.readFile(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            """
            %s:3:8: error: clock has no unit (got 1, expected a clock such as 940 MHz)
                clock: 1
                       ^
            %1$s:11:15: error: capacity has the wrong unit (got 2 GHz, expected a capacity such as 16 MiB)
                    capacity: 2 GHz
                              ^^^^^
            """
                .formatted(file));
  }

  @Test
  void missingFileNamesTheNearest() {
    Path wanted = ShippedArchitecturesTest.CONFIGS.resolve("architectures/fusemax_clod.yaml");

    assertThatThrownBy(() -> ArchitectureReader.readFile(wanted))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageEndingWith(
            "fix: "
                + ShippedArchitecturesTest.CONFIGS.resolve("architectures/fusemax_cloud.yaml")
                + "\n");
  }
}
