package dev.weir.mapper.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quantities are exact, and what is none is refused in words. */
class QuantityTest {

  @ParameterizedTest
  @CsvSource({
    "CLOCK, 940 MHz, 940000000",
    "CLOCK, 4.2 GHz, 4200000000",
    "CLOCK, 1e9 Hz, 1000000000",
    "WORD_SIZE, 16 bit, 16",
    "WORD_SIZE, 2 B, 16",
    "CAPACITY, 16 MiB, 134217728",
    "CAPACITY, 16MB, 128000000",
    "CAPACITY, 1/2 KiB, 4096",
    "CAPACITY, 32 words, 32",
    "BANDWIDTH, 400 GiB/s, 3435973836800",
    "BANDWIDTH, 39.6 GB/s, 316800000000",
    "BANDWIDTH, 4096 bit/cycle, 4096",
    "BANDWIDTH, 1 word/3 cycles, 1/3",
    "BANDWIDTH, 1 B / 8 ns, 1000000000",
    "ACCESS_ENERGY, 62.4 pJ/word, 39/625000000000",
    "ACCESS_ENERGY, 249.6 pJ/4 words, 39/625000000000",
    "OPERATION_ENERGY, 0.5 pJ, 1/2000000000000",
    "OPERATION_ENERGY, 0 pJ, 0",
    "INTERVAL, 1/2 cycle, 1/2",
    "INTERVAL, 21 / 2 cycles, 21/2",
    "DELAY, 0 cycles, 0",
  })
  void amountsAreExactInBaseUnits(QuantityKind kind, String text, String baseUnits) {
    assertThat(Quantity.read(text, kind))
        .isInstanceOfSatisfying(
            Quantity.Read.class,
            read -> assertThat(read.quantity().amount()).hasToString(baseUnits));
    assertThat(text).matches(Pattern.compile(kind.pattern()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CAPACITY|16 MB/s|x has the wrong unit (got 16 MB/s, expected a capacity such as 16 MiB)",
        "CAPACITY|16|x has no unit (got 16, expected a capacity such as 16 MiB)",
        "CAPACITY|16 mib|x has an unknown unit mib (got 16 mib, expected a capacity such as 16 MiB)"
            + " fix: write MiB",
        "CAPACITY|16 KB|x has an unknown unit KB (got 16 KB, expected a capacity such as 16 MiB)"
            + " fix: write KiB (1024 bytes) or kB (1000 bytes)",
        "CAPACITY|0 MiB|x is 0 (got 0 MiB, expected a capacity such as 16 MiB)",
        "CAPACITY|-1 MiB|x is negative (got -1 MiB, expected a capacity such as 16 MiB)",
        "CAPACITY|much|x is not a number with a unit (got much, expected a capacity such as 16"
            + " MiB)",
        "CAPACITY|99999999999999999999 words|x has more than 18 digits (got 99999999999999999999"
            + " words, expected a capacity such as 16 MiB)",
        "CAPACITY|1,024 B|x is not a number with a unit (got 1,024 B, expected a capacity such as"
            + " 16 MiB)",
        "CAPACITY|[1]|x has a wrong value (got a list, expected a capacity such as 16 MiB)",
        "BANDWIDTH|400 GiB|x has the wrong unit (got 400 GiB, expected a bandwidth such as 400"
            + " GiB/s or 1024 words/cycle)",
        "BANDWIDTH|400 GiB/sec|x has an unknown unit sec (got 400 GiB/sec, expected a bandwidth"
            + " such as 400 GiB/s or 1024 words/cycle)",
        "BANDWIDTH|4 GiB/0 s|x is not a number with a unit (got 4 GiB/0 s, expected a bandwidth"
            + " such as 400 GiB/s or 1024 words/cycle)",
        "CLOCK|940 Mhz|x has an unknown unit Mhz (got 940 Mhz, expected a clock such as 940 MHz)"
            + " fix: write MHz",
        "INTERVAL|1/0 cycle|x is not a number with a unit (got 1/0 cycle, expected a number of"
            + " cycles such as 1 cycle or 1/2 cycle)",
        "DELAY|1.5 cycles|x is not whole (got 1.5 cycles, expected a whole number of cycles such as"
            + " 1 cycle)",
        "OPERATION_ENERGY|1e999 pJ|x is not a number with a unit (got 1e999 pJ, expected an energy"
            + " such as 17.1645 pJ)",
      })
  void refusalsSayWhatIsExpected(QuantityKind kind, String text, String message) {
    Diagnostics diagnostics = new Diagnostics();
    SourceFile file = new SourceFile("t.yaml", "x: " + text + "\n");
    ConfigNode root = YamlReader.read(file, diagnostics).orElseThrow();
    Section section = new Section(file, "", (ConfigNode.Mapping) root, diagnostics);

    assertThat(section.required("x").flatMap(field -> field.quantity(kind))).isEmpty();
    Diagnostic found = diagnostics.sorted().getFirst();
    assertThat(found.message() + found.fix().map(fix -> " fix: " + fix).orElse(""))
        .isEqualTo(message);
    assertThat(found.position()).isEqualTo("t.yaml:1:4");
    assertThat(text).doesNotMatch(Pattern.compile(kind.pattern()));
  }

  @Test
  void publishedPatternsAcceptWhatIsRead() {
    long seed = 20260714;
    Random random = new Random(seed);
    List<String> pieces =
        List.of(
            "0", "00", "1", "16", "0.5", "0.0", "1.", "e3", "E-2", "1/2", "/", " / ", " ", "  ",
            "4");
    List<String> units = List.of("MiB", "words", "s", "cycle", "pJ", "bit", "Hz", "KB", "x");
    Map<QuantityKind, Pattern> patterns =
        Arrays.stream(QuantityKind.values())
            .collect(Collectors.toMap(kind -> kind, kind -> Pattern.compile(kind.pattern())));
    int read = 0;
    for (int i = 0; i < 10_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int piece = random.nextInt(6); piece >= 0; piece--) {
        List<String> from = random.nextBoolean() ? pieces : units;
        text.append(from.get(random.nextInt(from.size())));
      }
      for (QuantityKind kind : QuantityKind.values()) {
        boolean isRead = Quantity.read(text.toString(), kind) instanceof Quantity.Read;
        read += isRead ? 1 : 0;
        assertThat(patterns.get(kind).matcher(text).matches())
            .as("seed %d: '%s' as %s", seed, text, kind)
            .isEqualTo(isRead);
      }
    }
    assertThat(read).isGreaterThan(100);
  }

  @Test
  void unitsAreWrittenInOneWayEach() {
    assertThat(Unit.ALL).extracting(Unit::text).doesNotHaveDuplicates();
    assertThat(Arrays.stream(Unit.Measure.values()).map(Unit::names)).noneMatch(List::isEmpty);
  }

  @Test
  void fractionsAgreeWithDecimals() {
    Fraction third = Fraction.ONE.dividedBy(Fraction.of(3));

    assertThat(third.times(Fraction.of(6)).whole()).hasValue(2L);
    assertThat(third.toDouble()).isEqualTo(1.0 / 3);
    assertThat(Fraction.of(new BigDecimal("12e2"))).isEqualTo(Fraction.of(1200));
    assertThat(Fraction.of(new BigDecimal("0.125")))
        .isEqualTo(new Fraction(BigInteger.ONE, BigInteger.valueOf(8)));
    assertThat(new Fraction(BigInteger.TWO.pow(80), BigInteger.ONE).whole()).isEmpty();
  }
}
