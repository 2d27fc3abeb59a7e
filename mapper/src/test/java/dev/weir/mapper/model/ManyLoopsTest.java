package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** More loops around keeps than have marks of their own, none of them in another. */
class ManyLoopsTest {

  private static final int EINSUMS = 150;

  @Test
  void loopsThatDoNotStandInEachOtherAreCountedExactly() {
    String cascade =
        IntStream.range(1, EINSUMS)
            .mapToObj("T%1$d[p] = T0[p,m] * A[m]"::formatted)
            .collect(
                Collectors.joining(
                    "\n",
                    "cascade c\nranks P, M\ninputs T0[P,M], A[M]\n",
                    IntStream.range(1, EINSUMS)
                        .mapToObj("T%d"::formatted)
                        .collect(Collectors.joining(", ", "\noutputs ", "\n"))));
    String tree =
        IntStream.range(1, EINSUMS)
            .mapToObj(
                "for m by 2 { keep T%1$d at GlobalBuffer for p by 1 for m by 1 compute T%1$d on Array2D }"
                    ::formatted)
            .collect(Collectors.joining("\n", "schedule s for c\n", "\n"));
    Problem problem =
        Problem.of(
            Examples.cascadeFrom(cascade),
            Examples.schedule(tree).schedule(),
            ExampleArchitectures.fuseMax(4, 4096),
            Examples.shapes("P=3 M=5"));

    assertThat(Legality.judge(problem)).isEqualTo(new Judgement.Legal());
    assertThat(CostModel.evaluate(problem).counts())
        .isEqualTo(
            ScheduleInterpreter.run(
                    problem, Examples.wholeInputs(problem.cascade(), problem.shapes(), 1))
                .counts());
    assertThat(CostModel.evaluate(problem).latencyCycles())
        .isEqualTo(EveryIteration.cycles(problem));
  }
}
