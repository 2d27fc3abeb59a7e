package dev.weir.mapper.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.analysis.CascadeBuilder;
import dev.weir.einsum.ir.Cascade;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.schedule.Problem;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What it costs to produce an Einsum again in every iteration. */
class RecomputeCountsTest {

  private static final Cascade CASCADE =
      CascadeBuilder.cascade("c")
          .inputs("Q[P,E]", "V[F]")
          .tensors(0, "S[P]")
          .outputs("Z[P,F]")
          .einsum("S[p] = Q[p,e]")
          .einsum("Z[p,f] = S[p] * V[f]")
          .build();

  private static final long P = 3;
  private static final long E = 2;
  private static final long F = 4;

  @Test
  void everyIterationProducesItAgainInAHomeOfItsOwn() {
    CountedRun run =
        run(
            """
            for f by 1 recompute S {
              keep S at GlobalBuffer
              for p by 1  for e by 1  compute S on Array2D
              for p by 1  compute Z on Array2D
            }
            """);

    assertThat(run.operations("S")).isEqualTo(F * P * E);
    assertThat(run.operations("Z")).isEqualTo(P * F);
    assertThat(run.words("DRAM"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("Q READ", F * P * E, "V READ", P * F, "Z WRITE", P * F));
    assertThat(run.words("GlobalBuffer"))
        .containsExactlyInAnyOrderEntriesOf(
            // In each home the first contribution reads nothing; then Z reads every word.
            Map.of("S WRITE", F * P * E, "S READ", F * P * (E - 1) + F * P));
    assertThat(run.peakWords("GlobalBuffer")).isEqualTo(P);
  }

  @Test
  void loopsInLoopsAndInnerKeeps() {
    CountedRun run =
        run(
            """
            for f by 3 recompute S  for p by 2  for f by 2 recompute S {
              keep S at GlobalBuffer
              for p by 1 {
                keep S at RegisterFile2D
                for e by 1  compute S on Array2D
              }
              for p by 1  for f by 1  compute Z on Array2D
            }
            """);

    // Tiles of f: 0-1, 2 and 3.
    long times = 3;
    assertThat(run.operations("S")).isEqualTo(times * P * E);
    assertThat(run.words("RegisterFile2D"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("S WRITE", times * P * E, "S READ", times * P * (E - 1) + times * P));
    assertThat(run.words("GlobalBuffer"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("S WRITE", times * P, "S READ", P * F));
  }

  @Test
  void everyInstanceProducesItsOwn() {
    CountedRun run =
        run(
            """
            keep Q at GlobalBuffer
            spatial f by 1 on Array2D.columns multicast Q recompute S {
              keep S at RegisterFile2D
              for p by 1  for e by 1  compute S on Array2D
              for p by 1  compute Z on Array2D
            }
            """);

    assertThat(run.operations("S")).isEqualTo(F * P * E);
    assertThat(run.words("GlobalBuffer"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("Q WRITE", P * E, "Q READ", P * E));
    assertThat(run.peakWords("RegisterFile2D")).isEqualTo(P);
  }

  /** What the judge forbids: the interpreter finds the second production by itself. */
  @Test
  void oneHomeTakesOneProduction() {
    String tree =
        """
        keep S at GlobalBuffer
        for f by 1 recompute S {
          for p by 1  for e by 1  compute S on Array2D
          for p by 1  compute Z on Array2D
        }
        """;

    assertThatThrownBy(() -> interpret(tree))
        .isInstanceOf(ScheduleFault.class)
        .hasMessageContaining("S[0] is produced twice");
  }

  @Test
  void whatAnotherEntryProducedIsGone() {
    String tree =
        """
        for p by 1  for e by 1  { keep S at GlobalBuffer  compute S on Array2D }
        for f by 1  { keep S at GlobalBuffer  for p by 1  compute Z on Array2D }
        """;

    assertThatThrownBy(() -> interpret(tree))
        .isInstanceOf(ScheduleFault.class)
        .hasMessageContaining("the sums of S do not finish inside");
    assertThatThrownBy(
            () ->
                interpret(
                    tree.replace("for e by 1  {", "{")
                        .replace("compute S", "for e by 1  compute S")))
        .isInstanceOf(ScheduleFault.class)
        .hasMessageContaining("S has no home to come from");
  }

  private static Interpretation interpret(String tree) {
    Problem problem = CountedRun.problem(CASCADE, "P=3 E=2 F=4", tree);
    return ScheduleInterpreter.run(problem, Examples.wholeInputs(CASCADE, problem.shapes(), 1));
  }

  private static CountedRun run(String tree) {
    return CountedRun.of(CASCADE, "P=3 E=2 F=4", tree);
  }
}
