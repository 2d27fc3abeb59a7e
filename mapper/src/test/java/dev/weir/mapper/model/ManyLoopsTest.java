package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import org.junit.jupiter.api.Test;

/** More loops around keeps than have marks of their own, none of them in another. */
class ManyLoopsTest {

  private static final int EINSUMS = 150;

  @Test
  void loopsThatDoNotStandInEachOtherAreCountedExactly() {
    StringBuilder cascade = new StringBuilder("cascade c\nranks P, M\ninputs T0[P,M], A[M]\n");
    StringBuilder tree = new StringBuilder("schedule s for c\n");
    StringBuilder outputs = new StringBuilder("outputs T1");
    for (int i = 1; i < EINSUMS; i++) {
      cascade.append("T%d[p] = T0[p,m] * A[m]%n".formatted(i));
      String keep = "for m by 2 { keep T%d at GlobalBuffer ".formatted(i);
      String nest = "for p by 1 for m by 1 compute T%d on Array2D }%n".formatted(i);
      tree.append(keep).append(nest);
      outputs.append(i == 1 ? "" : ", T" + i);
    }
    cascade.append(outputs).append('\n');
    Problem problem =
        Problem.of(
            Examples.cascadeFrom(cascade.toString()),
            Examples.schedule(tree.toString()).schedule(),
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
