package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.interpret.Interpretation;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Violation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Operands that are read at coordinates that tables decide: by the interpreter and the model. */
class GatheredCostTest {

  /** Pages: query p reads keys J[p,t]. */
  private static final String PAGES =
      """
      cascade c
        ranks H, P, T, M, E
        inputs Q[H,P,E], K[M,E], J[P,T] :: %s
        S[h,p,t] = Q[h,p,e] * K[J[p,t],e]
        outputs S
      """;

  private static final String INSIDE = "integers(0, M - 1)";

  private static Problem problem(String cascade, String shapes, String tree) {
    return Problem.of(
        Examples.cascadeFrom(cascade),
        Examples.schedule("schedule s for c\n" + tree).schedule(),
        ExampleArchitectures.fuseMax(4, 4096),
        Examples.shapes(shapes));
  }

  private static Problem pages(String distribution, String tree) {
    return problem(PAGES.formatted(distribution), "H=2 P=3 T=4 M=6 E=5", tree);
  }

  /** Words of a level that both count, by tensor and movement. */
  private static Map<String, Long> words(Problem problem, String level) {
    Cascade cascade = problem.cascade();
    assertThat(Legality.judge(problem)).isEqualTo(new Judgement.Legal());
    var inputs = InputData.of(cascade, problem.shapes(), InputData.Kind.EXACT_TIES, 5, Map.of());
    Interpretation run = ScheduleInterpreter.run(problem, inputs);
    TensorName output = cascade.einsums().getLast().output().tensor();
    assertThat(run.tensors().get(output).values())
        .containsExactly(
            ReferenceEvaluator.evaluate(cascade, problem.shapes(), inputs).get(output).values());
    Cost cost = CostModel.evaluate(problem);
    assertThat(cost.accuracy()).isEqualTo(new Accuracy.Exact());
    assertThat(cost.counts()).isEqualTo(run.counts());
    return words(run.counts(), level);
  }

  private static Map<String, Long> words(Counts counts, String level) {
    return counts.trafficWords().entrySet().stream()
        .filter(entry -> entry.getKey().level().text().equals(level))
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().tensor() + " " + entry.getKey().movement(),
                Map.Entry::getValue,
                Long::sum,
                TreeMap::new));
  }

  @Test
  void pointReadsTheTableAndTheWordThatItNames() {
    Problem problem =
        pages(INSIDE, "for h by 1  for p by 1  for t by 1  for e by 1  compute S on Array2D");

    long points = 2 * 3 * 4 * 5;
    assertThat(words(problem, "DRAM"))
        .containsEntry("K READ", points)
        .containsEntry("J READ", points)
        .containsEntry("Q READ", points);
  }

  @Test
  void keepHoldsAllThatTheTableMayAskForAndTheTableIsKeptByItsOwnRanks() {
    Problem problem =
        pages(
            INSIDE,
            """
            for p by 2 {
              keep K, J at GlobalBuffer
              for h by 1  for p by 1  for t by 1  for e by 1  compute S on Array2D
            }
            """);

    // Two entries: all of K each time, two rows and one row of J.
    assertThat(words(problem, "DRAM"))
        .containsEntry("K READ", 2L * 6 * 5)
        .containsEntry("J READ", 3L * 4);
    assertThat(words(problem, "GlobalBuffer"))
        .containsEntry("K WRITE", 2L * 6 * 5)
        .containsEntry("K READ", 120L)
        .containsEntry("J WRITE", 3L * 4)
        .containsEntry("J READ", 120L);
    assertThat(CostModel.evaluate(problem).counts().peakOccupancyWords())
        .containsValue(6L * 5 + 2 * 4);
  }

  @Test
  void heldColumnsMayBeFewer() {
    Problem problem =
        pages(
            INSIDE,
            """
            for e by 2 {
              keep K at GlobalBuffer
              for h by 1  for p by 1  for t by 1  for e by 1  compute S on Array2D
            }
            """);

    assertThat(words(problem, "DRAM")).containsEntry("K READ", 6L * 5);
  }

  @Test
  void multicastIsOverRanksThatNeitherTheTableNorTheOtherCoordinatesHave() {
    String tree =
        """
        for p by 1  for t by 1
        spatial h by 1 on Array2D.rows multicast %s  for e by 1  compute S on Array2D
        """;

    assertThat(words(pages(INSIDE, tree.formatted("K, J")), "DRAM"))
        .containsEntry("K READ", 60L)
        .containsEntry("J READ", 60L);
    assertThat(words(pages(INSIDE, tree.formatted("K")), "DRAM"))
        .containsEntry("K READ", 60L)
        .containsEntry("J READ", 120L);
    Problem overPages =
        pages(
            INSIDE,
            "for h by 1  spatial p by 1 on Array2D.rows multicast K  for t by 1  for e by 1"
                + "  compute S on Array2D");
    assertThat(reasons(overPages)).contains(Violation.Reason.MULTICAST_OF_A_DEPENDENT_TENSOR);
    Problem columns =
        pages(
            INSIDE,
            "for h by 1  for p by 1  for t by 1  for e by 4  spatial e by 1 on Array2D.rows"
                + " multicast J reduce S  compute S on Array2D");
    assertThat(words(columns, "DRAM")).containsEntry("J READ", 2L * 3 * 4 * 2);
  }

  private static List<Violation.Reason> reasons(Problem problem) {
    return Legality.judge(problem) instanceof Judgement.Illegal illegal
        ? illegal.violations().stream().map(Violation::reason).toList()
        : List.of();
  }

  /** A page that is not there has the number -1: K is not read, but the table is. */
  @Test
  void whatLiesOutsideIsReadAsOftenAsTheDistributionSays() {
    Problem problem =
        pages(
            "integers(-1, M - 1)",
            "for h by 1  for p by 1  for t by 1  for e by 1  compute S on Array2D");

    Cost cost = CostModel.evaluate(problem);

    assertThat(words(cost.counts(), "DRAM"))
        .containsEntry("J READ", 120L)
        .containsEntry("K READ", Math.round(120 * 6 / 7.0));
    assertThat(cost.accuracy())
        .isEqualTo(
            new Accuracy.Expected(
                List.of(new Accuracy.Drawn(new TensorName("J"), "integers from -1 to 5"))));
  }

  @Test
  void tableOfWhichNothingIsSaidMayAlwaysPointInside() {
    Problem problem =
        problem(
            PAGES.formatted(INSIDE).replace(" :: " + INSIDE, ""),
            "H=2 P=3 T=4 M=6 E=5",
            "for h by 1  for p by 1  for t by 1  for e by 1  compute S on Array2D");

    Cost cost = CostModel.evaluate(problem);

    assertThat(words(cost.counts(), "DRAM")).containsEntry("K READ", 120L);
    assertThat(cost.accuracy()).isEqualTo(new Accuracy.UpperBound(List.of(new TensorName("S"))));
  }

  /** Offsets that never fall: which ones there are is not known, but that all lie inside. */
  @Test
  void boundariesKeepAnIndexInside() {
    Problem problem =
        problem(
            """
            cascade c
              ranks C, M
              inputs A[M], Bnd[C] :: rising(0, M - 1)
              X[c] = A[Bnd[c]]
              outputs X
            """,
            "C=3 M=4",
            "keep A at GlobalBuffer  for c by 1  compute X on Array2D");

    assertThat(words(problem, "GlobalBuffer")).containsEntry("A READ", 3L);
  }

  @Test
  void loopOverWhatTheTableAsksForIsRefusedAroundAKeep() {
    Problem problem =
        problem(
            """
            cascade c
              ranks P, M
              inputs A[M], J[P] :: integers(0, M - 1)
              X[p] = A[J[p]] | J[p] != m
              outputs X
            """,
            "P=3 M=4",
            "for m by 2 { keep A at GlobalBuffer  for p by 1  for m by 1  compute X on Array2D }");

    assertThat(reasons(problem)).contains(Violation.Reason.NOT_SUPPORTED_YET);
  }

  @Test
  void producedTensorIsGatheredOnceItIsComplete() {
    Problem problem =
        problem(
            """
            cascade c
              ranks P, M
              inputs A[M], J[P] :: integers(0, M - 1)
              B[m] = A[m] + 1
              X[p] = B[J[p]]
              outputs X
            """,
            "P=3 M=4",
            "keep B at GlobalBuffer {for m by 1 compute B on Array2D} for p by 1 compute X on"
                + " Array2D");

    assertThat(words(problem, "GlobalBuffer"))
        .containsEntry("B WRITE", 4L)
        .containsEntry("B READ", 3L);
  }
}
