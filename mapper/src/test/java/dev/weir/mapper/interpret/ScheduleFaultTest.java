package dev.weir.mapper.interpret;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.analysis.CascadeBuilder;
import dev.weir.einsum.ir.Cascade;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.schedule.Problem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the interpreter notices by itself, without the judge. */
class ScheduleFaultTest {

  private static final Cascade CASCADE =
      CascadeBuilder.cascade("c")
          .inputs("A[M,K]")
          .tensors(0, "Z[M]")
          .outputs("Y[M]")
          .einsum("Z[m] = A[m,k]")
          .einsum("Y[m] = Z[m] * Z[m]")
          .build();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          for m by 1 keep Z at GlobalBuffer compute Y on Array2D for k by 1 compute Z on Array2D | 'compute Y on Array2D' ([0, 0, 0]): reads Z[0] before it is produced
          keep Z at GlobalBuffer for m by 1 for k by 1 { compute Z on Array2D compute Y on Array2D } | reads Z[0] before it is produced
          keep Z at GlobalBuffer for m by 1 for k by 1 compute Z on Array2D for k by 1 for m by 1 compute Y on Array2D | Y[0] is produced twice
          keep Z at GlobalBuffer for m by 1 compute Z on Array2D | rank K has 2 coordinates here, not one
          for m by 1 for k by 1 compute Z on Array2D | Z has no home here
          for m by 1 for k by 1 { keep Z at GlobalBuffer compute Z on Array2D } | the sums of Z do not finish inside
          stage 1 for m by 1 compute Y on Array2D | a stage outside every pipeline
          pipeline m by 1 compute Y on Array2D | between a pipeline and its stages
          for m by 1 flow seq { compute Y on Array2D } | between a flow loop and its pipeline
          """)
  void stopsAtTheNodeThatIsWrong(String tree, String words) {
    Problem problem =
        Problem.of(
            CASCADE,
            Examples.schedule("schedule s for c\n" + tree).schedule(),
            ExampleArchitectures.fuseMax(4, 4096),
            Examples.shapes("M=3 K=2"));
    assertThatThrownBy(
            () ->
                ScheduleInterpreter.run(
                    problem, Examples.wholeInputs(CASCADE, problem.shapes(), 1)))
        .isInstanceOf(ScheduleFault.class)
        .hasMessageContaining(words);
  }
}
