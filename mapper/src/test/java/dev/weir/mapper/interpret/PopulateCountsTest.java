package dev.weir.mapper.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Populate actions: values against the reference evaluator, words counted by hand. */
class PopulateCountsTest {

  private static final String BEST =
      """
      cascade c
        ranks P, M, T
        inputs A[P,M], V[M]
        J[p,t] = A[p,m] :: topk(m, t) | m <= p
        O[p,t] = V[J[p,t]]
        outputs O
      """;

  private static Problem problem(String tree) {
    return Problem.of(
        Examples.cascadeFrom(BEST),
        Examples.schedule("schedule s for c\n" + tree).schedule(),
        ExampleArchitectures.openCl(4, 4, 4096, 4096),
        Examples.shapes("P=3 M=5 T=2"));
  }

  @Test
  void slotsOfAFiberAreWrittenOnceAndNeverRead() {
    CountedRun run =
        CountedRun.of(
            problem(
                """
                for p by 1 {
                  keep J at Local
                  for m by 2  for m by 1  compute J on Core
                  for t by 1  compute O on Core
                }
                """));

    // Present points: 1 + 2 + 3. Three fibers of two slots, each read by its consumer once.
    assertThat(run.words("Global")).containsEntry("A READ", 6L).containsEntry("O WRITE", 6L);
    assertThat(run.words("Local"))
        .containsEntry("J WRITE", 6L)
        .containsEntry("J READ", 6L)
        .hasSize(2);
    assertThat(run.operations("J")).isEqualTo(6);
    assertThat(run.peakWords("Local")).isEqualTo(2);
  }

  @Test
  void anOrderIsNeitherCutNorSpread() {
    String reader = " for p by 1 for t by 1 compute O on Core";

    assertIllegal(
        "keep J at Global for m by 2 { keep J at Local for p by 1 for m by 1 compute J on Core }"
            + reader,
        "populate: it cuts the order of J, which ends with each entry of 'keep J at Local'");
    assertIllegal(
        "keep J at Global spatial m by 1 on groups.x reduce J for p by 1 compute J on Core"
            + reader,
        "populate: it orders M for J in several instances, whose orders nothing merges");
    assertIllegal(
        "for p by 1 for t by 1 recompute J { keep J at Local for m by 1 compute J on Core compute O"
            + " on Core }",
        "populate: it cuts the slots T of J, which one order fills");
    assertIllegal(
        "keep J at Local for p by 1 skip for m by 1 compute J on Core" + reader,
        "skip: the slots of J are written whatever points there are");
  }

  private static void assertIllegal(String tree, String sentence) {
    List<Violation> violations =
        switch (Legality.judge(problem(tree))) {
          case Judgement.Legal _ -> List.of();
          case Judgement.Illegal illegal -> illegal.violations();
        };
    assertThat(violations.stream().map(Violation::sentence)).contains(sentence);
  }
}
