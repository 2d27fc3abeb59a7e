package dev.weir.mapper.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.example.Examples;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person reads about an illegal schedule: the place, the words and the fix. */
class FindingsTest {

  private static final Architecture MACHINE =
      machine("{mac: {interval: 1 cycle}}", "{max: {interval: 1 cycle}, add: {interval: 1 cycle}}");

  private static final String CASCADE =
      """
      cascade fused
        ranks M, N, K
        partition M = M1 * M0
        inputs A[M,K], B[K,N]
        Z[m1,m0,n] = A[m1*M0+m0,k] * B[k,n]
        R[m1,m0] = Z[m1,m0,n] :: max(n)
        outputs R
      """;

  private static final String LEGAL =
      """
      schedule s for fused
        parameter T = 2  # rows of Z at T time, on Grid
        shape M0 = T*2
        for m1 by 1  for m0 by T {
          keep Z at Buffer
          for m0 by 1  spatial n by 1 on Grid.columns multicast A  for k by 1  compute Z on Grid
          for m0 by 1  for n by 1  compute R on Vector
        }
      """;

  @Test
  void legalOneHasNoFindings() {
    assertThat(findings(CASCADE, LEGAL)).isEmpty();
  }

  /** The caret stands under the word that is wrong, also where the same word stands elsewhere. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          shape M0 = T*2 | shape M2 = T*2 | 3:9 | unknown name: no inner part of a partitioned rank M2 (got M2, expected M0) | write M0
          shape M0 = T*2 | shape M0 = X*2 | 3:14 | unknown name: no parameter or rank of the workload X (got X, expected one of K, M, N, T) |
          for m1 by 1 | for x by 1 | 4:7 | unknown name: no rank variable x (got x, expected one of k, m0, m1, n) |
          for m1 by 1 | for m by 1 | 4:7 | unknown name: rank M is partitioned and has no loops of its own (got m, expected m1 and m0) | loop over m1 and m0
          by T { | by T*X { | 4:28 | unknown name: no parameter or rank X (got X, expected one of K, M, M0, M1, N, T) |
          keep Z at Buffer | keep Y, Z at Buffer | 5:10 | unknown name: no tensor Y (got Y, expected one of A, B, R, Z) |
          keep Z at Buffer | keep Z at Z | 5:15 | unknown name: no memory level Z (got Z, expected one of Buffer, DRAM) |
          Grid.columns | Grid.cols | 6:36 | unknown name: no axis Grid.cols (got Grid.cols, expected one of Grid.columns, Grid.rows) | write Grid.columns
          compute Z on Grid | compute Z on Z | 6:87 | unknown name: no compute unit Z (got Z, expected one of Grid, Vector) |
          multicast A | multicast A, Z | 6:62 | multicast of a dependent tensor: Z differs along N, so its words cannot be shared | leave Z out of multicast
          by 1 on Grid.columns | by 1 on Grid.rows | 6:36 | too wide: Grid.rows is 2 wide (got 3 tiles of N, expected at most 2) | put for n by 2 around it
          for m0 by 1  spatial n by 1 on Grid.columns multicast A | spatial m0 by 1 on Grid.rows for n by 1 | LEGAL | |
          T = 2 | T = 9 | 5:10 | capacity: Buffer holds 24 words, the schedule needs 27 there (got Z 27, expected at most 24) | largest legal T is 8 (got 9)
          keep Z at Buffer | keep Z at Buffer copies 6 | 5:10 | capacity: Buffer holds 24 words, the schedule needs 36 there (got Z 36, expected at most 24) | largest legal T is 1 (got 2)
          compute R on Vector | compute R on Grid | 7:43 | operation: Grid lacks operations (got mac, expected also max for R) | compute R on Vector
          """)
  void standsAtTheWordConcerned(String from, String to, String place, String words, String fix) {
    assertThat(LEGAL).contains(from);
    List<Diagnostic> found = findings(CASCADE, LEGAL.replace(from, to));

    if (place.equals("LEGAL")) {
      assertThat(found).isEmpty();
      return;
    }
    assertThat(found)
        .extracting(Diagnostic::position, Diagnostic::message, d -> d.fix().orElse(null))
        .contains(org.assertj.core.groups.Tuple.tuple("test.schedule:" + place, words, fix));
  }

  @Test
  void tilesThatAreTooManyAreFixedWhereTheyComeFrom() {
    // Larger tiles only help where a loop below takes them apart.
    assertThat(
            fixes(LEGAL.replace("spatial n by 1 on Grid.columns", "spatial n by 1 on Grid.rows")))
        .containsExactly("put for n by 2 around it");
    assertThat(
            fixes(
                LEGAL.replace(
                    "spatial n by 1 on Grid.columns multicast A",
                    "spatial n by 1 on Grid.rows for n by 1")))
        .containsExactly("use tiles of at least 2");
    assertThat(
            fixes(
                LEGAL
                    .replace("T = 2", "T = 5")
                    .replace(
                        "for m0 by 1  spatial n by 1 on Grid.columns multicast A",
                        "spatial m0 by 1 on Grid.columns multicast B  for n by 1")))
        .containsExactly("use tiles of at most 4 in 'for m0 by T'");
    assertThat(
            fixes(
                LEGAL
                    .replace("T = 2", "T = 3")
                    .replace("for m0 by T ", "")
                    .replace(
                        "for m0 by 1  spatial n by 1 on Grid.columns multicast A",
                        "spatial m0 by 1 on Grid.columns multicast B  for n by 1")))
        .containsExactly("bind a shape of at most 4: shape M0 = 4");
  }

  /** Without a parameter that helps: the tile of a loop around, else what could be split. */
  @Test
  void whatNoParameterCanMakeFitIsKeptInSmallerTiles() {
    String fixed = LEGAL.replace("by T {", "by 9 {").replace("M0 = T*2", "M0 = 18");

    assertThat(capacityFix(CASCADE, fixed))
        .isEqualTo("largest tile of 'for m0 by 9' that fits is 8 (got 9)");
    assertThat(
            capacityFix(
                CASCADE, fixed.replace("m0 by 9 {\n    keep", "m0 by 99 for m0 by 9 {\n    keep")))
        .isEqualTo("largest tile of 'for m0 by 9' that fits is 8 (got 9)");
    assertThat(
            capacityFix(
                CASCADE,
                fixed.replace("for m0 by 9 {\n    keep Z at Buffer", "{ keep Z at Buffer")))
        .isEqualTo("keep smaller tiles of Z: it has 18 of M0 here");
  }

  /** What is fullest may be small already: then a loop around something else helps. */
  @Test
  void tileOfAnotherKeepMayHelp() {
    String two =
        LEGAL
            .replace("by T {", "by 4 {")
            .replace("M0 = T*2", "M0 = 12")
            .replace("for m1 by 1 ", "keep B at Buffer for m1 by 1  for k by 2 ")
            .replace("for k by 2 ", "");

    assertThat(findings(CASCADE, two)).isEmpty();
    assertThat(capacityFix(CASCADE, two.replace("by 4 {", "by 7 {")))
        .isEqualTo("largest tile of 'for m0 by 7' that fits is 6 (got 7)");
  }

  /** Twelve heads read one key head; of tiles of 7 to 11, some read two. */
  @Test
  void everyNumberOfHeadsIsTried() {
    String heads =
        """
        cascade fused
          ranks M, N, K
          inputs Q[M,K], A[N,K]
          Z[m] = Q[m,k] * A[m*N/M,k]
          outputs Z
        """;
    String tree =
        "schedule s for fused for m by 13 { keep A at Buffer copies 12"
            + " for m by 1 for k by 1 compute Z on Grid }";

    assertThat(capacityFix(heads, tree))
        .isEqualTo("largest tile of 'for m by 13' that fits is 12 (got 13)");
  }

  private static String capacityFix(String cascade, String schedule) {
    List<Diagnostic> found = findings(cascade, schedule);
    assertThat(found)
        .singleElement()
        .satisfies(one -> assertThat(one.message()).startsWith("capacity: Buffer holds 24 words"));
    return found.getFirst().fix().orElseThrow();
  }

  @Test
  void allThatAUnitLacksIsOneFinding() {
    Architecture bare = machine("{mac: {interval: 1 cycle}}", "{exp: {interval: 1 cycle}}");
    Cascade cascade =
        cascade(
            """
            cascade norm
              ranks M
              inputs A[M]
              D[m] = A[m] + 1
              S[m] = D[m]^2
              G = S[m] :: max(m)
              R[m] = D[m] / G
              outputs R
            """);
    String tree =
        "schedule s for norm keep D, S, G at Buffer {"
            + " for m by 1 compute D on Vector\nfor m by 1 compute S on Vector"
            + "\nfor m by 1 compute G on Vector\nfor m by 1 compute R on Vector }";

    assertThat(findings(cascade, tree, bare, "M=4"))
        .singleElement()
        .satisfies(
            found ->
                assertThat(found.render())
                    .isEqualTo(
                        """
                        test.schedule:1:70: error: operation: Vector lacks operations (got exp, expected also add for D, divide for R, max for G, power for S)
                            schedule s for norm keep D, S, G at Buffer { for m by 1 compute D on Vector
                                                                                                 ^^^^^^
                            fix: write D*D for D^2; give Vector add, divide, max in the architecture
                        """));
  }

  @Test
  void powerThatIsNoSmallWholeNumberIsNoProduct() {
    Architecture bare = machine("{mac: {interval: 1 cycle}}", "{exp: {interval: 1 cycle}}");
    for (String exponent : List.of("0.5", "5", "(1-2)", "A[m]")) {
      Cascade cascade =
          cascade("cascade p\n ranks M\n inputs A[M]\n R[m] = A[m]^" + exponent + "\n outputs R\n");

      assertThat(findings(cascade, "schedule s for p for m by 1 compute R on Vector", bare, "M=4"))
          .singleElement()
          .satisfies(
              found -> assertThat(found.fix().orElseThrow()).startsWith("give Vector power"));
    }
  }

  @Test
  void scheduleOfAnotherCascadeIsTheOnlyFinding() {
    ParsedSchedule parsed = Examples.shipped("fusemax/binding");
    Problem problem =
        Problem.of(
            Examples.cascade("attention_3pass"),
            parsed.schedule(),
            MACHINE,
            Examples.shapes("B=1 H=1 P=4 M=4 E=2 F=2"));

    assertThat(parsed.diagnostics(Legality.judge(problem)))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.render().lines().toList())
                  .startsWith(
                      "test.schedule:2:82: error: wrong cascade: this schedule is for"
                          + " attention_1pass (got cascade attention_3pass, which has no Einsum"
                          + " BQK, LM, PRM, RD, RM, RNV, SLD, SLN, SLNV, SPD, SPNV, of which the"
                          + " schedule does not compute A, GM, QK, SD, SN)")
                  .endsWith(
                      "    fix: use the cascade attention_1pass, or a schedule for"
                          + " attention_3pass");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"fusd", "Fused", "fuesd"})
  void misspeltCascadeIsRefusedWithTheName(String name) {
    assertThat(findings(CASCADE, LEGAL.replace("for fused", "for " + name)))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.position()).isEqualTo("test.schedule:1:16");
              assertThat(found.message())
                  .isEqualTo(
                      "wrong cascade: this schedule is for "
                          + name
                          + " (got cascade fused, which has the same Einsums)");
              assertThat(found.fix()).contains("write fused");
            });
  }

  /** Names of siblings: nothing of a typo, another number, another letter that stands alone. */
  @ParameterizedTest
  @CsvSource({"fused, fused_masked", "flash_v1, flash_v2", "fused_a, fused_b", "first, other"})
  void siblingWithTheSameEinsumsIsLegal(String schedule, String cascade) {
    assertThat(
            findings(
                CASCADE.replace("cascade fused", "cascade " + cascade),
                LEGAL.replace("for fused", "for " + schedule)))
        .isEmpty();
  }

  private static List<String> fixes(String schedule) {
    return findings(CASCADE, schedule).stream()
        .filter(found -> found.message().startsWith("too wide: "))
        .map(found -> found.fix().orElse(""))
        .collect(Collectors.toList());
  }

  private static List<Diagnostic> findings(String cascade, String schedule) {
    return findings(cascade(cascade), schedule, MACHINE, "M=36 N=3 K=2");
  }

  private static List<Diagnostic> findings(
      Cascade cascade, String schedule, Architecture machine, String shapes) {
    ParsedSchedule parsed = Examples.schedule(schedule);
    return parsed.diagnostics(
        Legality.judge(Problem.of(cascade, parsed.schedule(), machine, Examples.shapes(shapes))));
  }

  private static Cascade cascade(String text) {
    Diagnostics diagnostics = new Diagnostics();
    var cascade = CascadeReader.read(new SourceFile("test.edge", text), diagnostics);
    diagnostics.throwIfErrors();
    return cascade.orElseThrow();
  }

  private static Architecture machine(String grid, String vector) {
    String text =
        """
        architecture: small
        clock: 1 GHz
        word: 16 bit
        memories:
          - {name: DRAM}
          - {name: Buffer, capacity: 24 words}
        units:
          - name: Grid
            axes: {rows: {width: 2}, columns: {width: 4}}
            operations: GRID
            reads: [DRAM, Buffer]
            writes: [DRAM, Buffer]
          - name: Vector
            operations: VECTOR
            reads: [DRAM, Buffer]
            writes: [DRAM, Buffer]
        """;
    Diagnostics diagnostics = new Diagnostics();
    var architecture =
        ArchitectureReader.read(
            new SourceFile("small.yaml", text.replace("GRID", grid).replace("VECTOR", vector)),
            diagnostics);
    diagnostics.throwIfErrors();
    return architecture.orElseThrow();
  }
}
