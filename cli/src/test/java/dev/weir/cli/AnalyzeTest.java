package dev.weir.cli;

import static dev.weir.cli.CommandLineRun.file;
import static dev.weir.cli.CommandLineRun.weir;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AnalyzeTest {

  private static final String THREE_PASS = file("configs/cascades/attention_3pass.edge");
  private static final String SHAPES = "B=1,H=1,P=2,M=1K,E=4,F=4";

  @TempDir Path folder;

  @Test
  void classPassesAndFootprintNeedNoShapes() {
    assertThat(weir("analyze", THREE_PASS).out())
        .contains(
            "softmax over M: 3-pass cascade, as PyTorch, TensorFlow, FLAT, E.T. (FuseMax, Table I)",
            "when GM is complete, M words of QK live for each b, h, p",
            "if no whole fiber is kept from pass to pass: K 3, V 1");
    assertThat(weir("analyze", file("configs/cascades/zoo/sigmoid_attention.edge")).out())
        .contains("not softmax-like: nothing is divided by a sum of exponentials");
  }

  /** QK and SN have 1024 words a query, 524 of which do not fit, for two queries. */
  @Test
  void bufferForcesTrafficAndLowersIntensity() {
    CommandLineRun run =
        weir("analyze", THREE_PASS, "--shape", SHAPES, "--buffer", "2000B", "--word", "4");

    assertThat(run.out())
        .contains(
            "with a buffer of 500 words (1.95 KiB), passes force at least 4,192 words",
            "rank M: 2,096 words read again, 2,096 words written for that",
            "of what must cross the border (a mac counts 2)",
            "arithmetic intensity at most ");
  }

  @Test
  void conditionsThatReadValuesMakeUpperBounds() {
    CommandLineRun run =
        weir(
            "analyze",
            file("configs/cascades/zoo/dhsa.edge"),
            "--shape",
            "H=2,P=40,M=40,C=6,Bq=8,T=16,Local=8,E=8,F=8");

    assertThat(run.out())
        .contains(
            "KS      at most 1,920 points",
            "at most 20,720 mac",
            "at most: KS, S, its condition reads values",
            "Chunk   input   at most 32 words",
            "arithmetic intensity around ");
  }

  /** Operations of each Einsum fit, those of all together do not; or not even those of one. */
  @ParameterizedTest
  @ValueSource(strings = {"256M", "1G"})
  void countsThatDoNotFitAreRefused(String length) {
    CommandLineRun run =
        weir("analyze", THREE_PASS, "--shape", "B=1,H=1,E=64,F=64,P=%1$s,M=%1$s".formatted(length));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains(
            "--shape: error: counts do not fit 64 bits (shapes B=1, E=64", "fix: smaller shapes");
  }

  /** The latent of MLA lives beside each row of scores; what a mask leaves out does not. */
  @Test
  void passesForceSharedFibersAndMasksLeaveTheFigureOpen() {
    CommandLineRun run =
        weir(
            "analyze",
            file("configs/cascades/zoo/mla.edge"),
            "--shape",
            "H=4,P=64,M=1K,N=8,X=4,R=16,F=8",
            "--buffer",
            "4KiB");

    assertThat(run.out())
        .contains(
            "when GM is complete, M words of S live for each h, p, and M · R words of C live for"
                + " all h, p",
            // One row of scores and all latents, less the buffer's 2,048 words.
            "rank M: 15,360 words read again, 0 words written for that",
            "conditions are counted as always true")
        .containsPattern(
            "arithmetic intensity around [0-9.,]+ operations/B with what passes force");
  }

  @Test
  void allWrongShapesAreSaidAtOnce() {
    assertThat(weir("analyze", THREE_PASS, "--shape", "Z=3,YY=2,M=4").err())
        .contains("unknown rank Z (got Z", "unknown rank YY (got YY");
    assertThat(weir("analyze", THREE_PASS, "--shape", "M=,P=0,E=4").err())
        .contains("(got M=, ", "fix: M=4K\n", "(got P=0, ", "fix: P=1\n");
    assertThat(weir("analyze", THREE_PASS, "--shape", "H:8,P:1K").err())
        .contains("(got H:8, ", "fix: H=8\n", "(got P:1K, ", "fix: P=1K\n");
  }

  @Test
  void jsonHasTheNumbersOfTheText() {
    CommandLineRun run =
        weir(
            "analyze",
            THREE_PASS,
            "--shape",
            SHAPES,
            "--buffer",
            "2000B",
            "--word",
            "4",
            "--format",
            "json");
    JsonNode root = JsonMapper.shared().readTree(run.out());

    assertThat(root.at("/softmaxes/0/passes").asInt()).isEqualTo(3);
    assertThat(root.at("/softmaxes/0/tableI").asString()).contains("FLAT");
    assertThat(root.at("/ranks/0/rank").asString()).isEqualTo("M");
    assertThat(root.at("/ranks/0/barriers/0/completing").asString()).isEqualTo("GM");
    assertThat(root.at("/ranks/0/live/0/words").asLong()).isEqualTo(1024);
    assertThat(root.at("/counts/operations/totals/mac").asLong()).isEqualTo(2 * 8192);
    assertThat(root.at("/counts/compulsoryTraffic/words").asLong()).isEqualTo(8 + 8 + 2 * 4096);
    assertThat(root.at("/counts/forcedTraffic/words").asLong()).isEqualTo(4192);
    double operations = root.at("/counts/operations/all").asDouble();
    assertThat(operations).isEqualTo(2 * 2 * 8192 + 4 * 2048);
    assertThat(root.at("/counts/operationsPerByteWithForcedTraffic").asDouble())
        .isEqualTo(operations / (4 * (8208 + 4192)));
  }

  @Test
  void jsonOfAWrongCascadeIsItsFindings() throws Exception {
    Path wrong = folder.resolve("wrong.edge");
    Files.writeString(
        wrong, Files.readString(Path.of(THREE_PASS)).replace("= SN[b,h,m,p] /", "= SM[b,h,m,p] /"));
    CommandLineRun run = weir("analyze", wrong.toString(), "--format", "json");
    JsonNode finding = JsonMapper.shared().readTree(run.out()).at("/diagnostics/0");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).isEmpty();
    assertThat(finding.at("/file").asString()).isEqualTo(wrong.toString());
    assertThat(finding.at("/severity").asString()).isEqualTo("error");
    assertThat(finding.at("/fix").asString()).isEqualTo("SN");
    assertThat(finding.at("/endLine").asInt()).isEqualTo(finding.at("/line").asInt());
    assertThat(finding.at("/endColumn").asInt()).isEqualTo(finding.at("/column").asInt() + 2);
  }

  @Test
  void reportIsOnePageWithThePicture() throws Exception {
    Path page = folder.resolve("a.html");

    assertThat(weir("analyze", THREE_PASS, "--report", page.toString()).code()).isZero();
    assertThat(Files.readString(page))
        .contains("<svg class=\"cascade\"", "Dependences of attention_3pass", "pass 3 over M");
    CommandLineRun nowhere =
        weir("analyze", THREE_PASS, "--report", folder.resolve("no/a.html").toString());
    assertThat(nowhere.code()).isEqualTo(2);
    assertThat(nowhere.err())
        .contains("--report: error: ", "/no is no folder (got ", "    fix: mkdir -p ");
    CommandLineRun inAFolder = weir("analyze", THREE_PASS, "--report", folder.toString());
    assertThat(inAFolder.code()).isEqualTo(2);
    assertThat(inAFolder.err()).contains(" is a folder (expected a file *.html)");
    CommandLineRun text =
        weir("analyze", THREE_PASS, "--report", folder.resolve("a.txt").toString());
    assertThat(text.code()).isEqualTo(2);
    assertThat(text.err())
        .contains(
            "the report is a page of HTML (got " + folder.resolve("a.txt") + ", expected *.html)",
            "    fix: " + folder.resolve("a.html") + "\n");
    assertThat(folder.resolve("a.txt")).doesNotExist();
  }

  @Test
  void tilesMayBeSaidWhereNoScheduleDoes() {
    String onePass = file("configs/cascades/attention_1pass.edge");
    String shapes = "B=1,H=1,P=1K,M=1K";

    assertThat(weir("analyze", onePass, "--shape", shapes).out())
        .contains(
            "P=1024; M0=1024, all of M, as no tile is said (--shape M0=… says one) and words");
    assertThat(weir("analyze", onePass, "--shape", shapes + ",M0=256").out())
        .contains("with shapes B=1, E=64, F=64, H=1, M=1024, M0=256, P=1024 and words");
    CommandLineRun outer = weir("analyze", onePass, "--shape", shapes + ",M1=4");
    assertThat(outer.code()).isEqualTo(2);
    assertThat(outer.err()).contains("M1 is a part of M", "    fix: leave out M1\n");
  }

  @ParameterizedTest
  @CsvSource({
    "--buffer, 1e3MiB, '--buffer: error: not a size (got 1e3MiB,', fix: 1000MiB",
    "--buffer, 1e30MiB, '--buffer: error: not a size (got 1e30MiB,', fix: 1024TiB at most",
    "--buffer, 9999999TiB, '--buffer: error: not a size of a buffer (got 9999999TiB,', fix:"
        + " 1024TiB",
    "--shape, P=1e6, '--shape: error: not a shape (got P=1e6,', fix: P=1000000",
    "--shape, P=0, '--shape: error: not a shape (got P=0,', fix: P=1",
    "--shape, P=1.5K, '--shape: error: not a shape (got P=1.5K,', fix: P=1536",
    "--shape, P=1e99, '--shape: error: not a shape (got P=1e99,', fix: P=1024G",
    "--buffer, 16M, '--buffer: error: not a size (got 16M,', fix: 16MiB",
    "--buffer, 16mib, '--buffer: error: not a size (got 16mib,', fix: 16MiB",
    "--buffer, lots, '--buffer: error: not a size (got lots,', 'such as 16MiB'",
    "--word, 0, '--word: error: not a size of a word (got 0,', expected 1 to 64 bytes",
    "--format, xml, 'no such format (got xml, expected one of text, json)', 'fix: --format text'"
  })
  void wrongOptionsAreNamed(String option, String value, String what, String hint) {
    CommandLineRun run = weir("analyze", THREE_PASS, "--shape", SHAPES, option, value);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(what, hint);
  }

  @Test
  void checkSortsTheFindingsOfAllFilesAndNamesEachOnce() throws Exception {
    Path first =
        Files.writeString(folder.resolve("a.edge"), "cascade a\n  ranks M\n  inputs A[N]\n");
    Path second =
        Files.writeString(
            folder.resolve("b.edge"),
            "cascade b\n  ranks M, X\n  inputs A[M]\n  Z[m] = A[m] + 1\n  outputs Z\n");
    String missing = folder.resolve("c.edge").toString();
    CommandLineRun run =
        weir(
            "check",
            "--format",
            "json",
            second.toString(),
            missing,
            first.toString(),
            first.toString());
    JsonNode root = JsonMapper.shared().readTree(run.out());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).isEmpty();
    assertThat(root.at("/filesWithErrors").asInt()).isEqualTo(3);
    assertThat(root.at("/files/0/ok").asBoolean()).isTrue();
    JsonNode findings = root.at("/diagnostics");
    assertThat(findings.get(0).at("/file").asString()).isEqualTo(missing);
    assertThat(findings.get(0).at("/line").isNull()).isTrue();
    assertThat(findings.get(1).at("/file").asString()).isEqualTo(first.toString());
    JsonNode last = findings.get(findings.size() - 1);
    assertThat(last.at("/file").asString()).isEqualTo(second.toString());
    assertThat(last.at("/severity").asString()).isEqualTo("warning");
    assertThat(findings.valueStream().distinct()).hasSize(findings.size());
  }
}
