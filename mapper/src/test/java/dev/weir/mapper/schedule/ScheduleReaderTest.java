package dev.weir.mapper.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleReaderTest {

  private static final String HEAD = "schedule s for c\n";

  @Test
  void everyNodeIsRead() {
    ParsedSchedule parsed =
        read(
            """
            schedule all "every node" for c  # a comment
              parameter P1 = 4
              shape M0 = 8*P1
              for p by 2*P1 skip recompute X, Y flow
              keep Q, K at Buffer copies 3 double refetch in place of V
              iterate m1 flow
              pipeline p by 2 {
                stage 0  spatial m by M0 on A.x multicast Q, K reduce Z  compute Z on A
                par { compute X on A  last m1 compute Y on B }
                interleave A { compute X on A  seq { compute Y on A } }
              }
            """);

    Schedule schedule = parsed.schedule();
    assertThat(schedule.name()).isEqualTo("all");
    assertThat(schedule.description()).isEqualTo("every node");
    assertThat(schedule.cascade()).isEqualTo("c");
    assertThat(schedule.parameters()).containsExactly(Map.entry("P1", 4L));
    assertThat(schedule.shapes())
        .containsExactly(
            Map.entry(new RankName("M0"), new Size.Product(Size.of(8), new Size.Parameter("P1"))));
    assertThat(schedule.root())
        .isEqualTo(
            new Node.For(
                new RankName("P"),
                new Size.Product(Size.of(2), new Size.Parameter("P1")),
                true,
                Set.of(tensor("X"), tensor("Y")),
                true,
                new Node.Keep(
                    List.of(tensor("Q"), tensor("K")),
                    new LevelName("Buffer"),
                    Size.of(3),
                    true,
                    true,
                    Optional.of(tensor("V")),
                    new Node.Iterate(
                        new RankName("M1"),
                        true,
                        new Node.Pipeline(new RankName("P"), Size.of(2), everyPart())))));
  }

  private static Node everyPart() {
    return new Node.Seq(
        List.of(
            new Node.Stage(
                0,
                new Node.Spatial(
                    new RankName("M"),
                    new Size.ShapeOf(new RankName("M0")),
                    new AxisName("A.x"),
                    Set.of(tensor("Q"), tensor("K")),
                    Set.of(tensor("Z")),
                    compute("Z", "A"))),
            new Node.Par(
                List.of(compute("X", "A"), new Node.Last(new RankName("M1"), compute("Y", "B")))),
            new Node.Interleave(
                new UnitName("A"),
                List.of(compute("X", "A"), new Node.Seq(List.of(compute("Y", "A")))))));
  }

  @Test
  void keepTakesTheRestOfItsBlockAndALoopTheNextNode() {
    Node root = root("compute A on U  keep A at L  for p by 1 compute B on U  compute C on U");

    Node rest =
        new Node.Seq(
            List.of(
                new Node.For(new RankName("P"), Size.of(1), false, compute("B", "U")),
                compute("C", "U")));
    assertThat(root)
        .isEqualTo(
            new Node.Seq(
                List.of(
                    compute("A", "U"),
                    new Node.Keep(
                        List.of(tensor("A")), new LevelName("L"), Size.of(1), false, rest))));
  }

  @Test
  void placesAreThoseOfTheHeads() {
    ParsedSchedule parsed = read(HEAD + "for p by 4 flow { keep A at L\n compute A on U }");

    String text = parsed.file().text();
    assertThat(parsed.places()).hasSize(3);
    assertThat(at(text, parsed.places().get(NodePath.ROOT))).isEqualTo("for p by 4 flow");
    assertThat(at(text, parsed.places().get(NodePath.ROOT.child(0)))).isEqualTo("keep A at L");
    assertThat(at(text, parsed.places().get(NodePath.ROOT.child(0).child(0))))
        .isEqualTo("compute A on U");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          four p by 1 compute A on U      | 2:1 | unexpected 'four' (expected a node              | write 'for'
          keep A at L doubel compute A on U | 2:13 | (expected copies, double, refetch, in or a node: | write 'double'
          keep A at L double refech compute A on U | 2:20 | (expected refetch, in or a node: | write 'refetch'
          for p by 1 flwo compute A on U  | 2:12 | (expected skip, recompute, flow or a node:     | write 'flow'
          for p bi 1 compute A on U       | 2:7 | unexpected 'bi' (expected 'by' and a tile size) | write 'by'
          for P by 1 compute A on U       | 2:5 | in lower case (got P)                           | write p
          for p by T1x compute A on u.x   | 2:27 | 'u.x' is not a compute unit                    |
          for p by t compute A on U       | 2:10 | unknown parameter t (declared: none)           |
          for p by 0 compute A on U       | 2:10 | a size is at least 1 (got 0) | write 1
          for p by 99999999999 compute A on U | 2:10 | too large (got 99999999999                 |
          keep by at L compute A on U     | 2:6 | a keyword is no name (got 'by', expected a tensor |
          keep A on L compute A on U      | 2:8 | unexpected 'on' (expected 'at' and a memory level |
          keep A at L in plcae of B compute A on U | 2:16 | unexpected 'plcae' (expected 'place'       | write 'place'
          keep A at L in place of at compute A on U | 2:25 | a keyword is no name (got 'at', expected a tensor |
          for p by 1 recompute compute A on U | 2:22 | a keyword is no name (got 'compute', expected a tensor |
          keep A at L                     | 2:1 | a block without a node                          |
          for p by 1 { }                  | 2:12 | a block without a node                         |
          for p by 1 { compute A on U     | 2:12 | a brace that is never closed                   | write }
          compute A on U }                | 2:16 | a brace that closes nothing                    |
          spatial p by 1 on Array compute A on U | 2:19 | with a dot between them (got Array)     |
          stage x compute A on U          | 2:7 | expected the number of a stage                  |
          compute A on U ; compute B on U | 2:16 | a character that no schedule has (got ';')     |
          parameter P1 = 0 compute A on U | 2:16 | a parameter is at least 1 (got 0) | write 1
          for p by -1 compute A on U      | 2:10 | no number of a schedule is negative (got -1, expected one without a sign) | write 1
          parameter P1 = -04 compute A on U | 2:16 | no number of a schedule is negative (got -04, | write 4
          for p by -0 compute A on U      | 2:10 | no number of a schedule is negative (got -0,   | write 1
          for p by - compute A on U       | 2:10 | a character that no schedule has (got '-')     |
          parameter P1 = 1 parameter P1 = 2 compute A on U | 2:28 | parameter P1 is declared twice |
          shape m0 = 4 compute A on U     | 2:7 | a rank begins with an upper-case letter         | write M0
          shape M0 = 4 shape M0 = 4 compute A on U | 2:20 | the shape of rank M0 is given twice  |
          interleave { compute A on U }   | 2:12 | unexpected '{' (expected a compute unit)       |
          """)
  void mistakesAreFindings(String text, String place, String words, String fix) {
    String rendered = findings(HEAD + text);

    assertThat(rendered).contains("s.schedule:" + place + ": error: ").contains(words);
    if (fix != null) {
      assertThat(rendered).contains("fix: " + fix);
    }
  }

  @Test
  void allMistakesAreShownAtOnce() {
    String rendered =
        findings(HEAD + "for p bi 1 compute A on U\nfor Q by 1 { computte B on U\n stage x }\n");

    assertThat(rendered).contains(":2:7: ").contains(":3:5: ").contains(":3:14: ");
    assertThat(rendered).contains(":4:8: ").contains("write 'compute'");
  }

  /** What a broken declaration would have declared is not called unknown as well. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "paramter t = 2",
        "parameter t 2",
        "parameter t = two",
        "parameter t = 0",
        "shpae t = 2"
      })
  void brokenDeclarationIsTheOnlyFinding(String declaration) {
    String rendered =
        findings(HEAD + declaration + "\nfor p by t*t { for m by 2*t compute A on U }");

    assertThat(rendered).startsWith("s.schedule:2:").doesNotContain("s.schedule:3:");
    assertThat(rendered).containsOnlyOnce("error: ");
  }

  @Test
  void misspeltDeclarationHasItsKeywordAsFix() {
    assertThat(findings(HEAD + "paramter P1 = 2 for p by P1 compute A on U"))
        .contains("2:1: error: unexpected 'paramter' (expected 'parameter', 'shape' or a node)")
        .contains("fix: write 'parameter'");
    assertThat(findings(HEAD + "shap M0 = 2 for p by M0 compute A on U"))
        .contains("fix: write 'shape'");
    assertThat(findings(HEAD + "parameter tile = 2 for p by tlie compute A on U"))
        .contains("unknown parameter tlie (declared: tile)")
        .contains("fix: write tile");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schedule s \"not closed for c\nfor p by 1 compute A on U",
        "schedule s \"not closed for c # as c\nfor p by 1 compute A on U",
        "schedule s \"not closed\n  for c\nfor p by 1 compute A on U"
      })
  void missingQuoteIsFoundWhereTheTextBegins(String text) {
    assertThat(findings(text))
        .startsWith(
            "s.schedule:1:12: error: a text is not closed (got the end of the line, expected '\"')")
        .containsOnlyOnce("error: ");
  }

  @Test
  void fileWithoutHeadIsRefused() {
    assertThat(findings("shedule s for c compute A on U"))
        .contains("s.schedule:1:1: error: unexpected 'shedule' (expected 'schedule'")
        .contains("write 'schedule'");
    assertThat(findings("")).contains("unexpected the end of the file");
  }

  @Test
  void missingFileIsTheUsersMistake() {
    assertThatThrownBy(() -> ScheduleReader.readFile(Path.of("nowhere.schedule")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("error: nowhere.schedule does not exist");
  }

  private static String findings(String text) {
    Diagnostics diagnostics = new Diagnostics();
    assertThat(ScheduleReader.read(new SourceFile("s.schedule", text), diagnostics)).isEmpty();
    return diagnostics.render();
  }

  private static ParsedSchedule read(String text) {
    Diagnostics diagnostics = new Diagnostics();
    var parsed = ScheduleReader.read(new SourceFile("s.schedule", text), diagnostics);
    assertThat(diagnostics.render()).isEmpty();
    return parsed.orElseThrow();
  }

  private static Node root(String text) {
    return read(HEAD + text).schedule().root();
  }

  private static String at(String text, Span span) {
    return text.substring(span.start(), span.end());
  }

  private static Node compute(String einsum, String unit) {
    return new Node.Compute(tensor(einsum), new UnitName(unit));
  }

  private static TensorName tensor(String name) {
    return new TensorName(name);
  }
}
