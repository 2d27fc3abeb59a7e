package dev.weir.mapper.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.analysis.CascadeBuilder;
import dev.weir.einsum.ir.Cascade;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every row of the table of legality: a legal schedule, one word of it changed so that the rule is
 * broken, and a near miss that is still legal.
 */
class LegalityTest {

  private static final Cascade FUSED =
      CascadeBuilder.cascade("c")
          .inputs("A[M,K]", "B[K,N]")
          .tensors(0, "Z[M,N]")
          .outputs("R[M]")
          .einsum("Z[m,n] = A[m,k] * B[k,n]")
          .einsum("R[m] = Z[m,n] :: max")
          .build();

  private static final String TREE =
      """
      for m by 4 {
        keep Z at GlobalBuffer
        spatial m by 1 on Array2D.rows multicast B  spatial n by 1 on Array2D.columns multicast A
          for k by 1  compute Z on Array2D
        spatial m by 1 on Array1D.lanes  for n by 1  compute R on Array1D
      }
      """;

  private static final Architecture MACHINE = ExampleArchitectures.fuseMax(4, 64);

  /** A change of {@link #TREE} that breaks a rule, and one that does not. */
  record Row(
      Violation.Reason reason,
      String from,
      String to,
      String words,
      String nearMissFrom,
      String nearMissTo) {}

  private static final List<Row> ROWS =
      List.of(
          new Row(
              Violation.Reason.UNKNOWN_NAME,
              "on Array1D.lanes",
              "on Array1D.lane",
              "no axis Array1D.lane (got Array1D.lane, expected one of Array1D.lanes,"
                  + " Array2D.columns",
              "keep Z at GlobalBuffer",
              "keep Z at DRAM"),
          new Row(
              Violation.Reason.UNKNOWN_NAME,
              "for k by 1",
              "for k by T",
              "no parameter or rank T (got T, expected one of K, M, N)",
              "for k by 1",
              "for k by K  for k by 1"),
          new Row(
              Violation.Reason.MISPLACED,
              "for m by 4",
              "for m by 4 flow",
              "flow needs a pipeline below",
              "for m by 4",
              "for m by 8 for m by 4"),
          new Row(
              Violation.Reason.MISPLACED,
              "spatial m by 1 on Array1D.lanes",
              "spatial m by 1 on Array2D.rows",
              "R runs on Array1D, which has no axis Array2D.rows",
              "spatial m by 1 on Array1D.lanes",
              "for m by 1"),
          new Row(
              Violation.Reason.NOT_COVERED,
              "for n by 1  compute R",
              "for n by 2  compute R",
              "rank N has 2 coordinates here (expected 1)",
              "for n by 1  compute R",
              "for n by 2  for n by 1  compute R"),
          new Row(
              Violation.Reason.NOT_COVERED,
              "spatial m by 1 on Array1D.lanes  for n by 1  compute R on Array1D",
              "",
              "no compute of R (got 0, expected 1)",
              "for m by 4",
              "for m by 2"),
          new Row(
              Violation.Reason.RECOMPUTED,
              "for n by 1  compute R",
              "for n by 1  for k by 1  compute R",
              "'for k by 1' repeats it, but R does not have K",
              "for k by 1",
              "for k by 2  for k by 1"),
          new Row(
              Violation.Reason.DEPENDENCE_REVERSED,
              "for m by 4 {\n  keep Z at GlobalBuffer",
              "for m by 4 {\n"
                  + " keep Z at GlobalBuffer for m by 1 for n by 1 for k by 1 { compute Z on"
                  + " Array2D compute R on Array1D } } for m by 4 { keep Z at GlobalBuffer",
              "it reads Z before 'for k by 1' has taken in all of K",
              "for m by 4 {\n  keep Z at GlobalBuffer",
              "keep Z at GlobalBuffer for m by 4 {"),
          new Row(
              Violation.Reason.NOWHERE_TO_LIVE,
              "keep Z at GlobalBuffer",
              "keep R at GlobalBuffer",
              "no keep of Z is around 'compute Z on Array2D' and 'compute R on Array1D'",
              "keep Z at GlobalBuffer",
              "keep Z, R at GlobalBuffer"),
          new Row(
              Violation.Reason.MAPPED_DIFFERENTLY,
              "keep Z at GlobalBuffer",
              "keep Z at RegisterFile1D",
              "Z at RegisterFile1D is mapped by m: tiles of 1 on Array1D.lanes (expected n: tiles"
                  + " of 1 on Array1D.lanes, as for 'compute Z on Array2D')",
              "keep Z at GlobalBuffer\n  spatial m by 1 on Array2D.rows multicast B  spatial n by 1"
                  + " on Array2D.columns multicast A\n",
              "keep Z at RegisterFile1D spatial m by 1 on Array2D.columns multicast B  spatial n by"
                  + " 1 on Array2D.rows multicast A "),
          new Row(
              Violation.Reason.WRONG_INSTANCE,
              "for k by 1  compute Z on Array2D",
              "{ keep A at GlobalBuffer  for k by 1  compute Z on Array2D }",
              "is around it, but GlobalBuffer has one instance along Array2D.rows",
              "for k by 1  compute Z on Array2D",
              "{ keep A at RegisterFile2D  for k by 1  compute Z on Array2D }"),
          new Row(
              Violation.Reason.WRONG_INSTANCE,
              "keep Z at GlobalBuffer",
              "keep A at RegisterFile2D  keep Z at GlobalBuffer",
              "A lies in one instance of RegisterFile2D, as it does not have N",
              "keep Z at GlobalBuffer",
              "keep A at GlobalBuffer  keep Z at GlobalBuffer"),
          new Row(
              Violation.Reason.MULTICAST_OF_A_DEPENDENT_TENSOR,
              "multicast B",
              "multicast A",
              "A differs along M, so its words cannot be shared",
              "multicast B",
              ""),
          new Row(
              Violation.Reason.MULTICAST_OF_A_DEPENDENT_TENSOR,
              "multicast A",
              "multicast A reduce R",
              "no compute below produces R",
              "multicast A",
              ""),
          new Row(
              Violation.Reason.SPATIAL_REDUCTION_WITHOUT_REDUCE,
              "spatial n by 1 on Array2D.columns multicast A\n    for k by 1",
              "for n by 1  spatial k by 1 on Array2D.columns ",
              "Z is reduced over K across instances (expected reduce Z)",
              "spatial n by 1 on Array2D.columns multicast A\n    for k by 1",
              "for n by 1  spatial k by 1 on Array2D.columns reduce Z "),
          new Row(
              Violation.Reason.CAPACITY,
              "keep Z at GlobalBuffer",
              "keep Z at GlobalBuffer copies 5",
              "GlobalBuffer holds 64 words, the schedule needs 80 there (got Z 80, expected at most"
                  + " 64)",
              "keep Z at GlobalBuffer",
              "keep Z at GlobalBuffer copies 4"),
          new Row(
              Violation.Reason.REACH,
              "keep Z at GlobalBuffer\n  spatial m by 1 on Array2D.rows multicast B  spatial n by 1"
                  + " on Array2D.columns multicast A\n",
              "keep Z at RegisterFile1D for k by 1 spatial m by 1 on Array2D.columns multicast B"
                  + "  spatial n by 1 on Array2D.rows multicast A ",
              "Array2D cannot read the unfinished sums of Z at RegisterFile1D (got RegisterFile1D,"
                  + " expected one of DRAM, GlobalBuffer, RegisterFile2D)",
              "keep Z",
              "keep Z, A, B"),
          new Row(
              Violation.Reason.TOO_WIDE,
              "for m by 4",
              "for m by 5",
              "Array2D.rows is 4 wide (got 5 tiles of M, expected at most 4)",
              "for m by 4",
              "for m by 3"),
          new Row(
              Violation.Reason.TOO_WIDE,
              "for k by 1",
              "spatial k by 3 on Array2D.rows reduce Z for k by 1",
              "already uses Array2D.rows",
              "for k by 1",
              "for k by 3 for k by 1"));

  static Stream<Arguments> rows() {
    return ROWS.stream().map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void wordThatBreaksTheRuleIsFound(Row row) {
    // The near miss of the reach row keeps its sums in lanes only with k of one coordinate.
    String shapes = row.reason() == Violation.Reason.REACH ? "M=8 N=4 K=2" : "M=8 N=4 K=3";
    assertIllegal(row.reason(), row.words(), judge(changed(row.from(), row.to()), shapes));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void nearMissIsLegal(Row row) {
    boolean oneTerm = row.reason() == Violation.Reason.MAPPED_DIFFERENTLY;
    String shapes = oneTerm ? "M=8 N=4 K=1" : "M=8 N=4 K=3";
    assertThat(judge(changed(row.nearMissFrom(), row.nearMissTo()), shapes))
        .isEqualTo(new Judgement.Legal());
  }

  @Test
  void everyRowIsTested() {
    Set<Violation.Reason> tested = EnumSet.noneOf(Violation.Reason.class);
    ROWS.forEach(row -> tested.add(row.reason()));
    tested.addAll(
        EnumSet.of(
            Violation.Reason.WRONG_CASCADE,
            Violation.Reason.INNER_BEFORE_OUTER,
            Violation.Reason.OPERATION,
            Violation.Reason.IN_PLACE,
            Violation.Reason.POPULATE,
            Violation.Reason.SKIP,
            Violation.Reason.SHARED_UNIT,
            Violation.Reason.HAND_OVER,
            Violation.Reason.GENERATIONS,
            Violation.Reason.NOT_SUPPORTED_YET));
    assertThat(tested).isEqualTo(EnumSet.allOf(Violation.Reason.class));
  }

  /** Changes of FuseMax's schedule: what only pipelines and generations can get wrong. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          keep BQK at RegisterFile2D copies 2 | keep BQK at RegisterFile2D | HAND_OVER | BQK needs 2 copies between its stages (got 1)
          keep PRM at RegisterFile1D copies 3 | keep PRM at RegisterFile1D copies 2 | HAND_OVER | PRM needs 3 copies
          keep V at GlobalBuffer double | keep V at GlobalBuffer | HAND_OVER | stage 2 still uses V of the outer step before
          P1 = 2 | P1 = 1 | HAND_OVER | the tiles of RM in stages 1 to 2 need more than 1 tiles an outer step (got 1)
          stage 1  spatial p by 1 on Array1D.lanes  compute RM | stage 0  spatial p by 1 on Array1D.lanes  compute RM | DEPENDENCE_REVERSED | stage 0 reads LM, which stage 0 writes: 0 epochs between
          iterate m1 flow | for m1 by 1 flow | GENERATIONS | it needs exactly one loop over M1, an iterate (got 'for m1 by 1 flow')
          iterate m1 flow | for m1 by 2 flow iterate m1 flow | GENERATIONS | it needs exactly one loop over M1, an iterate (got 'iterate m1 flow', 'for m1 by 2 flow')
          iterate m1 flow | iterate m1 flow keep RM at GlobalBuffer | GENERATIONS | RM has generations and so exactly one keep (got 2)
          stage 3  last m1 { | stage 3  { | RECOMPUTED | 'iterate m1 flow' repeats it, but AV does not have M1
          stage 1  spatial p by 1 on Array1D.lanes  compute PRM on Array1D | stage 1  last m1 spatial p by 1 on Array1D.lanes  compute PRM on Array1D | NOT_COVERED | it runs in the last step of m1 only, but has all of M1
          compute AV on Array1D | compute AV on Array2D | OPERATION | Array2D lacks operations (got add, exp, mac, max, multiply, subtract, expected also divide for AV)
          compute RM on Array1D | compute RM on Array2D | SHARED_UNIT | another branch of the par uses Array2D too
          interleave Array2D { | interleave Array1D { | MISPLACED | SLNV runs on Array2D, not on Array1D
          stage 3  for f by 1 { | for f by 1 { | MISPLACED | every part of a pipeline's body is in a stage
          last m1 { | last b { | MISPLACED | no iterate b is around it
          iterate m1 flow | iterate m flow | UNKNOWN_NAME | rank M is partitioned and has no loops of its own
          shape M0 = WIDTH | shape E = 3 | UNKNOWN_NAME | no inner part of a partitioned rank E (got E, expected M0)
          keep Q at GlobalBuffer double | keep Q, Q at GlobalBuffer double | MISPLACED | Q is named twice
          keep Q at GlobalBuffer double | keep Q at DRAM | MISPLACED | Q lives at DRAM anyway
          keep SLNV at GlobalBuffer copies 2 | keep SLNV at RegisterFile1D copies 16 | CAPACITY | RegisterFile1D holds 32 words, the schedule needs 41 there (got SLNV 32, PRM 3, LM 2, SLD 2, ..., expected at most 32)
          for e by 1 | for m0 by 2 for e by 1 | LEGAL |
          keep K at GlobalBuffer double | keep K at GlobalBuffer | LEGAL |
          keep RM, RD, RNV at GlobalBuffer | keep RM, RD, RNV at GlobalBuffer double | LEGAL |
          keep PRM at RegisterFile1D copies 3 | keep PRM at RegisterFile1D copies 4 | LEGAL |
          """)
  void pipelinesAndGenerations(String from, String to, String reason, String words) {
    Judgement judgement = judgeFuseMax(from, to, "B=1 H=1 P=16 M=12 E=3 F=2");
    if (reason.equals("LEGAL")) {
      assertThat(judgement).isEqualTo(new Judgement.Legal());
    } else {
      assertIllegal(Violation.Reason.valueOf(reason), words, judgement);
    }
  }

  @Test
  void moreLoopsThanTheCostModelTellsApart() {
    String loops = "for b by 1 ".repeat(61) + "for b by 1 flow";

    assertIllegal(
        Violation.Reason.NOT_SUPPORTED_YET,
        "it has 67 loops around keeps and blocks in each other (expected at most 64)",
        judgeFuseMax("for b by 1 flow", loops, "B=1 H=1 P=16 M=12 E=3 F=2"));
  }

  @Test
  void tailOfTheQueriesCanMakeAStepTooShort() {
    assertIllegal(
        Violation.Reason.HAND_OVER,
        "stages 0 to 2 use K, V, but the fewest tiles of an outer step are 1 (expected at least 2)",
        judgeFuseMax("keep K at", "keep K, V at", "B=1 H=1 P=19 M=12 E=3 F=2"));
    assertThat(judgeFuseMax("keep K at", "keep K, V at", "B=1 H=1 P=21 M=12 E=3 F=2").isLegal())
        .isTrue();
  }

  /** Smaller tiles are no way out where even tiles of one leave a step too short. */
  @Test
  void handOverIsFixedBySmallerTilesOnlyWhereThoseHelp() {
    assertThat(handOverFix("B=1 H=1 P=19 M=12 E=3 F=2"))
        .isEqualTo(
            "keep what one stage uses apart from the rest, or use tiles of at most 2 in 'pipeline p"
                + " by WIDTH', or leave out flow");
    assertThat(handOverFix("B=1 H=1 P=17 M=12 E=3 F=2"))
        .isEqualTo("keep what one stage uses apart from the rest, or leave out flow");
  }

  private static String handOverFix(String shapes) {
    return switch (judgeFuseMax("keep K at", "keep K, V at", shapes)) {
      case Judgement.Legal _ -> "";
      case Judgement.Illegal illegal ->
          illegal.violations().stream()
              .filter(violation -> violation.message().startsWith("stages 0 to 2 use K, V"))
              .findFirst()
              .flatMap(Violation::fix)
              .orElse("");
    };
  }

  @Test
  void innerPartNeedsItsOuterPart() {
    assertIllegal(
        Violation.Reason.INNER_BEFORE_OUTER,
        "M1 has 3 coordinates here (expected 1)",
        judgeFuseMax("iterate m1 flow", "for m0 by 2 iterate m1 flow", "B=1 H=1 P=8 M=12 E=1 F=1"));
  }

  @Test
  void valueOfAParameterThatFitsIsNamed() {
    Schedule schedule =
        Examples.shipped("fusemax/binding", "P1 = 16", "P1 = 32", "256", "4").schedule();
    Problem problem =
        Problem.of(
            Examples.cascade("attention_1pass"),
            schedule,
            ExampleArchitectures.fuseMax(4, 700),
            Examples.shapes("B=1 H=1 P=256 M=12 E=3 F=2"));

    Judgement judgement = Legality.judge(problem);

    assertIllegal(Violation.Reason.CAPACITY, "GlobalBuffer holds 700 words", judgement);
    Violation violation = ((Judgement.Illegal) judgement).violations().getFirst();
    assertThat(violation.fix()).hasValueSatisfying(fix -> assertThat(fix).startsWith("largest"));
    long largest =
        Long.parseLong(
            violation.fix().orElseThrow().replaceAll(".* is ([0-9]+) \\(got 32\\)", "$1"));
    assertThat(Occupancy.peak(problem.with(java.util.Map.of("P1", largest))).values())
        .allMatch(words -> words <= 700);
    assertThat(Occupancy.peak(problem.with(java.util.Map.of("P1", largest + 1))).values())
        .anyMatch(words -> words > 700);
  }

  @Test
  void anyIndexMayBeKept() {
    Cascade half =
        Examples.cascadeFrom(
            """
            cascade c
              ranks M, P
              inputs A[M]
              R[p] = A[p/2]
              outputs R
            """);
    String nest = "for p by 1 compute R on Array2D";

    assertThat(judge(half, nest, "M=4 P=2")).isEqualTo(new Judgement.Legal());
    assertThat(judge(half, "keep A at GlobalBuffer " + nest, "M=4 P=2"))
        .isEqualTo(new Judgement.Legal());
    Cascade gather =
        CascadeBuilder.cascade("c")
            .inputs("A[M]")
            .table("J[P]")
            .outputs("R[P]")
            .einsum("R[p] = A[J[p]]")
            .build();
    assertThat(judge(gather, nest, "M=4 P=2")).isEqualTo(new Judgement.Legal());
    assertThat(judge(gather, "keep A at GlobalBuffer " + nest, "M=4 P=2"))
        .isEqualTo(new Judgement.Legal());
  }

  @Test
  void findingsStandAtTheirNode() {
    ParsedSchedule parsed =
        Examples.schedule("schedule s for c\n" + changed("for k by 1", "for k by 2"));
    Problem problem = Problem.of(FUSED, parsed.schedule(), MACHINE, Examples.shapes("M=8 N=4 K=3"));

    assertThat(parsed.diagnostics(Legality.judge(problem)))
        .singleElement()
        .satisfies(
            diagnostic ->
                assertThat(diagnostic.render())
                    .isEqualTo(
                        """
                        test.schedule:5:17: error: not covered: rank K has 2 coordinates here (expected 1)
                                for k by 2  compute Z on Array2D
                                            ^^^^^^^^^^^^^^^^^^^^
                            fix: put for k by 1 around it
                        """));
  }

  private static String changed(String from, String to) {
    assertThat(TREE).contains(from);
    return TREE.replace(from, to);
  }

  private static Judgement judge(String tree, String shapes) {
    return judge(FUSED, tree, shapes);
  }

  private static Judgement judge(Cascade cascade, String tree, String shapes) {
    Schedule schedule = Examples.schedule("schedule s for c\n" + tree).schedule();
    return Legality.judge(Problem.of(cascade, schedule, MACHINE, Examples.shapes(shapes)));
  }

  private static Judgement judgeFuseMax(String from, String to, String shapes) {
    Schedule before =
        Examples.shipped("fusemax/binding", "P1 = 16", "P1 = 2", "256", "4").schedule();
    Schedule schedule =
        Examples.shipped("fusemax/binding", "P1 = 16", "P1 = 2", "256", "4", from, to).schedule();
    assertThat(schedule.equals(before)).as("nothing changed").isEqualTo(from.equals(to));
    return Legality.judge(
        Problem.of(
            Examples.cascade("attention_1pass"),
            schedule,
            ExampleArchitectures.fuseMax(4, 4096),
            Examples.shapes(shapes)));
  }

  private static void assertIllegal(Violation.Reason reason, String words, Judgement judgement) {
    assertThat(judgement).isInstanceOf(Judgement.Illegal.class);
    assertThat(((Judgement.Illegal) judgement).violations())
        .anySatisfy(
            violation -> {
              assertThat(violation.reason()).isEqualTo(reason);
              assertThat(violation.sentence()).startsWith(reason.text() + ": ").contains(words);
              assertThat(reason.text()).isEqualTo(reason.text().toLowerCase(Locale.ROOT));
            });
  }
}
