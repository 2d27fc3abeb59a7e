package dev.weir.mapper.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.analysis.CascadeBuilder;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TileSearchTest {

  private static final String PRODUCT =
      """
      schedule product "a matrix product, tiles kept in the global buffer" for product
        parameter MT = 2
        parameter PT = 3
        parameter ET = 4
        for m by MT  for p by PT  keep Z at GlobalBuffer
        for e by ET  keep A, B at GlobalBuffer double
        for m by 1  for p by 1  for e by 1  compute Z on Array2D
      """;

  private static final String UNKEPT =
      """
      schedule unkept "operands from memory" for product
        parameter PT = 3
        for m by 1  for p by PT  keep Z at GlobalBuffer
        for p by 1  for e by 1  compute Z on Array2D
      """;

  private static SearchSpace space(long bufferWords) {
    var cascade =
        CascadeBuilder.cascade("product")
            .inputs("A[M,E]", "B[E,P]")
            .outputs("Z[M,P]")
            .einsum("Z[m,p] = A[m,e] * B[e,p]")
            .build();
    Schedule kept = Examples.schedule(PRODUCT).schedule();
    Schedule unkept = Examples.schedule(UNKEPT).schedule();
    Architecture machine = ExampleArchitectures.fuseMax(2, bufferWords);
    Map<RankName, Long> workload = Examples.shapes("M=12 P=10 E=8");
    return new SearchSpace(
        List.of(
            Choices.derived(cascade, kept, workload), Choices.derived(cascade, unkept, workload)),
        machine,
        workload);
  }

  private record Facts(long number, Map<String, Long> parameters, Cost cost) {}

  private static Facts facts(Candidate candidate) {
    return new Facts(
        candidate.number(), candidate.problem().schedule().parameters(), candidate.cost());
  }

  /** No bound, no batch, no thread. */
  private static List<Candidate> all(SearchSpace space) {
    List<Candidate> legal = new ArrayList<>();
    LongStream.range(0, space.size())
        .forEach(
            number -> {
              Problem problem = space.at(number);
              if (Legality.judge(problem).isLegal()) {
                legal.add(new Candidate(number, problem, CostModel.evaluate(problem)));
              }
            });
    return legal;
  }

  @ParameterizedTest
  @EnumSource(Objective.class)
  void findsWhatLookingAtAllPointsFinds(Objective objective) {
    SearchSpace space = space(64);
    List<Candidate> all = all(space);
    Candidate expected =
        all.stream().min(Comparator.comparingDouble(c -> objective.of(c.cost()))).orElseThrow();

    SearchResult result = TileSearch.run(space, objective, Progress.NONE, 1);

    assertThat(result.best().map(TileSearchTest::facts)).contains(facts(expected));
    assertThat(result.complete()).isTrue();
    assertThat(result.evaluated() + result.pruned()).isEqualTo(space.size());
    assertThat(result.prunedByReason()).containsKey("illegal: capacity");
    assertThat(result.proof()).startsWith("optimal over the given space: ");
  }

  @Test
  void loopsThatSkipAndStretchedReadsAreCosted() {
    var causal =
        CascadeBuilder.cascade("causal")
            .inputs("A[M]")
            .outputs("Z[P]")
            .einsum("Z[p] = A[m] | m <= p")
            .build();
    var stretched =
        Examples.cascadeFrom(
            """
            cascade stretched
              ranks P, M
              inputs A[M]
              Z[p] = A[p*0.5]
              outputs Z
            """);
    Schedule skipping =
        Examples.schedule("schedule s for causal for p by 1 for m by 1 skip compute Z on Array2D")
            .schedule();
    Schedule stretching =
        Examples.schedule("schedule s for stretched for p by 1 compute Z on Array2D").schedule();
    Map<RankName, Long> workload = Examples.shapes("M=3 P=3");
    SearchSpace space =
        new SearchSpace(
            List.of(
                Choices.derived(causal, skipping, workload),
                Choices.derived(stretched, stretching, workload)),
            ExampleArchitectures.fuseMax(2, 64),
            workload);

    SearchResult result = TileSearch.run(space, Objective.LATENCY, Progress.NONE, 2);

    assertThat(result.evaluated()).isEqualTo(2);
    assertThat(result.prunedByReason()).isEmpty();
  }

  @Test
  void alternativesAreTheParetoFront() {
    SearchSpace space = space(64);
    List<Candidate> all = all(space);
    List<Candidate> expected =
        all.stream()
            .filter(c -> all.stream().noneMatch(other -> beats(other, c)))
            .sorted(Comparator.comparingDouble(c -> c.cost().seconds()))
            .toList();

    assertThat(TileSearch.run(space, Objective.ENERGY, Progress.NONE, 2).alternatives())
        .extracting(TileSearchTest::facts)
        .isEqualTo(expected.stream().map(TileSearchTest::facts).toList())
        .hasSizeGreaterThan(1);
  }

  private static boolean beats(Candidate other, Candidate candidate) {
    Cost a = other.cost();
    Cost b = candidate.cost();
    double more = b.energy().totalPicojoules() - a.energy().totalPicojoules();
    boolean equal = a.seconds() == b.seconds() && more == 0;
    return equal ? other.number() < candidate.number() : a.seconds() <= b.seconds() && more >= 0;
  }

  @Test
  void threadsDoNotChangeTheAnswer() {
    SearchSpace space = space(256);

    SearchResult alone = TileSearch.run(space, Objective.LATENCY, Progress.NONE, 1);
    SearchResult together = TileSearch.run(space, Objective.LATENCY, Progress.NONE, 3);

    assertThat(together.best().map(TileSearchTest::facts))
        .isEqualTo(alone.best().map(TileSearchTest::facts));
    assertThat(together.alternatives().stream().map(TileSearchTest::facts))
        .containsExactlyElementsOf(
            alone.alternatives().stream().map(TileSearchTest::facts).toList());
    assertThat(together.prunedByReason()).isEqualTo(alone.prunedByReason());
    assertThat(together.proof()).isEqualTo(alone.proof());
  }

  @Test
  void nothingFitsIsAnAnswerToo() {
    SearchSpace both = space(1);
    SearchSpace kept =
        new SearchSpace(both.templates().subList(0, 1), both.architecture(), both.workload());

    SearchResult result = TileSearch.run(kept, Objective.LATENCY, Progress.NONE);

    assertThat(result.best()).isEmpty();
    assertThat(result.prunedByReason())
        .containsOnly(Map.entry("illegal: capacity", result.spaceSize()));
    assertThat(result.proof())
        .startsWith("no legal point: 0 of ")
        .endsWith(" excluded (illegal: capacity " + result.spaceSize() + ")");
  }

  @Test
  void interruptedSearchReturnsTheBestSoFar() {
    List<Long> reported = new ArrayList<>();

    SearchResult result =
        TileSearch.run(
            space(256),
            Objective.LATENCY,
            (done, _, _) -> {
              reported.add(done);
              Thread.currentThread().interrupt();
            },
            2);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(reported).containsExactly(64L);
    assertThat(result.complete()).isFalse();
    assertThat(result.best()).isPresent();
    assertThat(result.evaluated() + result.pruned()).isEqualTo(64);
    assertThat(result.proof()).startsWith("best so far, search interrupted: ");
  }

  @Test
  void noSchedulesCostLessThanTheirLowerBound() {
    for (long seed = 0; seed < 300; seed++) {
      Problem problem = RandomProblems.legal(seed);
      Cost cost = CostModel.evaluate(problem);
      LowerBound bound = LowerBound.of(problem);

      assertThat(bound.seconds()).as("seed %d", seed).isLessThanOrEqualTo(cost.seconds());
      assertThat(bound.picojoules())
          .as("seed %d", seed)
          .isLessThanOrEqualTo(cost.energy().totalPicojoules());
    }
  }

  @Test
  void choicesAreDivisorsAndPowersOfTwo() {
    assertThat(Choices.sizesUpTo(12)).containsExactly(1L, 2L, 3L, 4L, 6L, 8L, 12L);
    assertThat(Choices.sizesUpTo(1)).containsExactly(1L);
    assertThat(
            Choices.derived(
                    Examples.cascade("attention_1pass"),
                    Examples.shipped("fusemax/binding", "parameter WIDTH = 256", "", "WIDTH", "256")
                        .schedule(),
                    Examples.shapes("B=1 H=1 P=1024 M=1024 E=64 F=64"))
                .choices())
        .containsExactly(Map.entry("P1", List.of(1L, 2L, 4L)));
  }

  @Test
  void choicesForAParameterThatDoesNotExistAreRefused() {
    Schedule schedule = Examples.schedule(UNKEPT).schedule();

    assertThatThrownBy(
            () ->
                new Template(
                    Examples.cascade("attention_1pass"), schedule, Map.of("QT", List.of(1L))))
        .hasMessage("choices QT=[1] for schedule unkept with parameters [PT]");
  }
}
