package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.count.Movement;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.interpret.Interpretation;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.PlainReading;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Violation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** States that begin with a tensor, by the interpreter, the evaluator and the model. */
class InitialGenerationTest {

  /** Of one chunk: both states begin with inputs. */
  private static final String ONE =
      """
      schedule s for c
        keep MM, S at Local
        keep PR, ER, G at Global
        for t by 1 for f by 1 for e by 1 compute PR on Core
        for t by 1 for f by 1 compute ER on Core
        for t by 1 for f by 1 for e by 1 compute G on Core
        iterate t {
          for f by 1 for e by 1 compute S on Core
          for f by 1 for e by 1 compute MM on Core
          for f by 1 for e by 1 compute Y on Core
        }
        for f by 1 for e by 1 compute ML on Core
        for f by 1 for e by 1 compute SL on Core
      """;

  /** Chunk after chunk: the states of a chunk begin with those of the chunk before. */
  private static final String CHUNKS =
      """
      schedule s for c
        keep MC, SC at Global
        {
          iterate c {
            for t by 1 for f by 1 for e by 1 compute R on Core
            keep PR, ER, G at Global
            for t by 1 for f by 1 for e by 1 compute PR on Core
            for t by 1 for f by 1 compute ER on Core
            for t by 1 for f by 1 for e by 1 compute G on Core
            keep MM, S at Local
            iterate t {
              for f by 1 for e by 1 compute S on Core
              for f by 1 for e by 1 compute MM on Core
              for f by 1 for e by 1 compute Y on Core
            }
            for f by 1 for e by 1 compute MC on Core
            for f by 1 for e by 1 compute SC on Core
          }
        }
        for f by 1 for e by 1 compute ML on Core
        for f by 1 for e by 1 compute SL on Core
      """;

  private static Problem problem(Cascade cascade, String tree, String shapes) {
    return Problem.of(
        cascade,
        Examples.schedule(tree.replace("for c\n", "for " + cascade.name() + "\n")).schedule(),
        ExampleArchitectures.openCl(4, 4, 4096, 4096),
        Examples.shapes(shapes));
  }

  private static Counts agreed(Problem problem) {
    assertThat(Legality.judge(problem)).isEqualTo(new Judgement.Legal());
    Map<TensorName, DenseTensor> inputs =
        Examples.wholeInputs(problem.cascade(), problem.shapes(), 3);
    Map<TensorName, DenseTensor> expected =
        ReferenceEvaluator.evaluate(problem.cascade(), problem.shapes(), inputs);
    Interpretation run = ScheduleInterpreter.run(problem, inputs);
    for (Tensor tensor : problem.cascade().tensors()) {
      assertThat(run.tensors().get(tensor.name()).values())
          .as(tensor.name().text())
          .containsExactly(expected.get(tensor.name()).values());
    }
    Cost cost = CostModel.evaluate(problem);
    assertThat(cost.accuracy()).isEqualTo(new Accuracy.Exact());
    assertThat(cost.counts()).isEqualTo(run.counts());
    return run.counts();
  }

  private static long words(Counts counts, String tensor, String level, Movement movement) {
    return counts
        .trafficWords()
        .getOrDefault(
            new Counts.Traffic(new TensorName(tensor), new LevelName(level), movement), 0L);
  }

  @Test
  void aStateThatBeginsWithAnInputReadsItAtItsHome() {
    Problem problem = problem(Examples.cascade("zoo/titans_memory"), ONE, "T=3 E=2 F=5");
    Counts counts = agreed(problem);

    assertThat(words(counts, "S0", "Global", Movement.READ)).isEqualTo(5 * 2);
    // Three steps read M0 for their gradient, the state begins with it once.
    assertThat(words(counts, "M0", "Global", Movement.READ)).isEqualTo(3 * 5 * 2 + 5 * 2);
    assertThat(words(counts, "S", "Local", Movement.WRITE)).isEqualTo((3 + 1) * 5 * 2);
    assertThat(PlainReading.exception(problem))
        .contains("a generation 0 of S that is not a number");
  }

  @Test
  void aStateInsideAnotherIterationBeginsWithTheOuterOne() {
    Counts counts =
        agreed(problem(Examples.cascade("zoo/titans_chunks"), CHUNKS, "C=2 T=3 E=2 F=5"));

    // Of each chunk one generation, for the inner state; of the last one those that go out.
    assertThat(words(counts, "SC", "Global", Movement.READ)).isEqualTo(2 * 5 * 2 + 5 * 2);
    assertThat(words(counts, "S0", "Global", Movement.READ)).isEqualTo(5 * 2);
  }

  @Test
  void aStateDoesNotBeginWithWhatIsNotThere() {
    Cascade chunks = Examples.cascade("zoo/titans_chunks");

    assertSentence(
        problem(
            chunks,
            CHUNKS
                .replace("keep MM, S at Local", "")
                .replace("keep MC, SC at Global", "keep MC, SC at Global keep MM, S at Local"),
            "C=2 T=3 E=2 F=5"),
        "generations: generation 0 of MM is a generation of MC, which does not last beyond 'iterate"
            + " c'");
    String early =
        """
        cascade c
          ranks K, P
          inputs A[P]
          B[p] = A[p] + 1
          S[0,p] = B[p]
          S[k+1,p] = S[k,p] + A[p]
          O[p] = S[K,p]
          outputs O
        """;
    String loop = "iterate k { for p by 1 compute S on Core } for p by 1 compute O on Core";
    String first = "for p by 1 compute B on Core ";
    Cascade cascade = Examples.cascadeFrom(early);

    agreed(
        problem(
            cascade,
            "schedule s for c\n keep B at Global { " + first + "} keep S at Local " + loop,
            "K=3 P=4"));
    assertSentence(
        problem(
            cascade,
            "schedule s for c\n keep B at Global keep S at Local " + first + loop,
            "K=3 P=4"),
        "dependence reversed: it begins with B, which 'compute B on Core' inside it produces");
    assertSentence(
        problem(
            cascade,
            "schedule s for c\n { keep B at Global " + first + "} keep S at Local " + loop,
            "K=3 P=4"),
        "nowhere to live: no keep of B is around 'compute B on Core' and 'keep S at Local'");
    assertSentence(
        problem(
            Examples.cascadeFrom(early.replace("= B[p]", "= 2 * B[p]")),
            "schedule s for c\n keep B at Global { " + first + "} keep S at Local " + loop,
            "K=3 P=4"),
        "generations: generation 0 of S is neither a number nor read from a tensor with exactly its"
            + " ranks");
  }

  private static void assertSentence(Problem problem, String sentence) {
    List<Violation> violations =
        switch (Legality.judge(problem)) {
          case Judgement.Legal _ -> List.of();
          case Judgement.Illegal illegal -> illegal.violations();
        };
    assertThat(violations.stream().map(Violation::sentence)).contains(sentence);
  }
}
