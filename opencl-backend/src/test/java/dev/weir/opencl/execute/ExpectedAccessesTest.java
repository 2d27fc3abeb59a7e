package dev.weir.opencl.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.execute.ExpectedAccesses.Line;
import dev.weir.opencl.execute.TensorWords.Place;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.KernelProgram;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Lines of predictions, each counted by hand, and their sums beside what kernels moved. */
class ExpectedAccessesTest {

  private static final String ROWS =
      """
      cascade rows "rows over their sums, and their squares"
        ranks   I, K
        inputs  A[I,K]
        S[i] = A[i,k]
        Z[i,k] = A[i,k] / S[i]
        W[i,k] = A[i,k] * A[i,k]
        outputs Z, W
      """;

  private static final String SQUARES =
      """
      cascade squares "squares"
        ranks   I
        inputs  A[I]
        Z[i] = A[i] * A[i]
        outputs Z
      """;

  /** The largest of all columns so far, and how far each column is from it. */
  private static final String EXTREMES =
      """
      cascade extremes "running extremes"
        ranks   I, T
        inputs  A[T,I]
        R[0,i]   = -inf
        R[t+1,i] = max(R[t,i], A[t,i])
        D[t,i]   = R[t+1,i] - R[t,i]
        outputs D
      """;

  @Test
  void workItemsThatNoLoopTellsApartRepeatWhatIsTheirOwn() {
    ExpectedAccesses expected =
        expected(
            Problems.of(
                ROWS,
                """
                schedule s "squares take four times as many work-items as sums" for rows
                  keep A at Local
                  spatial i by 1 on items.x {
                    keep S at Private
                    for k by 1  compute S on Core
                    for k by 1  compute Z on Core
                  }
                  spatial i by 1 on items.x  spatial k by 1 on items.y  compute W on Core
                """,
                "I=8 K=4"));

    // Four work-items sum up each row of 4; one of them divides, and stores.
    assertWords(expected, Line.REPEATED, "A", AddressSpace.LOCAL, 3 * 8 * 4, 0);
    assertWords(expected, Line.REPEATED, "S", AddressSpace.PRIVATE, 3 * 8 * 4, 3 * 8 * (4 + 1));
    // Sums of each row, quotients and, with two operands, squares.
    assertWords(expected, Line.SCHEDULED, "A", AddressSpace.LOCAL, 8 * 4 * (1 + 1 + 2), 8 * 4);
  }

  @Test
  void statesOfTwoGenerationsAreCopiedOnceAStep() {
    ExpectedAccesses expected =
        expected(
            Problems.of(
                EXTREMES,
                """
                schedule s "the old generation is read after the new one is written" for extremes
                  keep R at Local
                  iterate t {
                    spatial i by 1 on items.x  compute R on Core
                    spatial i by 1 on items.x  compute D on Core
                  }
                """,
                "I=8 T=3"));

    // An element a step by R, two by D; generation 0, and one element a step.
    assertWords(expected, Line.SCHEDULED, "R", AddressSpace.LOCAL, 3 * 8 * (1 + 2), 8 + 3 * 8);
    assertWords(expected, Line.COPIES, "R", AddressSpace.LOCAL, 3 * 8, 3 * 8);
    assertWords(expected, Line.PADDING, "R", AddressSpace.LOCAL, 0, 0);
  }

  /** The second work-group has 2 of its 4 columns, which work-items divide twice. */
  @Test
  void elementsBeyondAnEndAreReadAndNotReplaced() {
    ExpectedAccesses expected =
        expected(
            Problems.of(
                EXTREMES,
                """
                schedule s "a rank divided among work-items twice" for extremes
                  spatial i by 4 on groups.x
                  keep R at Local
                  iterate t {
                    spatial i by 2 on items.x  spatial i by 1 on items.y  compute R on Core
                    spatial i by 2 on items.x  spatial i by 1 on items.y  compute D on Core
                  }
                """,
                "I=6 T=3"));

    assertWords(expected, Line.SCHEDULED, "R", AddressSpace.LOCAL, 3 * 6 * (1 + 2), 6 + 3 * 6);
    assertWords(expected, Line.COPIES, "R", AddressSpace.LOCAL, 3 * 6, 3 * 6);
    // D runs on over two columns; so does generation 0, which fills the tile; R does not.
    assertWords(expected, Line.PADDING, "R", AddressSpace.LOCAL, 3 * 2 * 2, 2);
  }

  /** Of 2 × 6 work-groups the last five begin beyond the end of a rank of 7. */
  @Test
  void workGroupsBeyondAnEndDoNothing() {
    ExpectedAccesses expected =
        expected(
            Problems.of(
                SQUARES,
                """
                schedule s "two rounds of six work-groups" for squares
                  for i by 6  spatial i by 1 on groups.x {
                    keep A at Local
                    compute Z on Core
                  }
                """,
                "I=7"));

    assertWords(expected, Line.SCHEDULED, "A", AddressSpace.LOCAL, 7 * 2, 7);
    assertWords(expected, Line.PADDING, "A", AddressSpace.LOCAL, 0, 0);
    assertWords(expected, Line.PADDING, "A", AddressSpace.GLOBAL, 0, 0);
  }

  @Test
  void whatIsNotFollowedIsRefused() {
    assertRefused(
        Problems.shipped(
            "attention_1pass_triangular",
            "opencl_1pass_causal_cpu",
            "pocl-cpu",
            "B=1 H=1 P=16 M=64 E=8 F=8"),
        "`skip`");
    assertRefused(
        Problems.of(
            SQUARES,
            """
            schedule s "each work-group has a tile of what it does not use" for squares
              keep A at Local
              spatial i by 1 on groups.x  compute Z on Core
            """,
            "I=7"),
        "loops over work-groups inside keeps of local or private memory");
    assertRefused(
        Problems.of(
            SQUARES,
            """
            schedule s "a buffer inside a loop" for squares
              for i by 1 {
                keep A at Global
                compute Z on Core
              }
            """,
            "I=7"),
        "keeps of the top level inside loops or other keeps");
  }

  private static void assertRefused(Problem problem, String construct) {
    Counts counts = ScheduleInterpreter.run(problem, inputs(problem)).counts();
    assertThatThrownBy(() -> ExpectedAccesses.of(problem, counts))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the words of kernels with "
                + construct
                + " are not predicted (docs/kernels.md, What kernels move); execute the kernels and"
                + " count them");
  }

  private static void assertWords(
      ExpectedAccesses expected,
      Line line,
      String tensor,
      AddressSpace space,
      long read,
      long written) {
    assertThat(expected.words(line, place(tensor, space, true)))
        .as("%s: words of %s read in %s memory", line.text(), tensor, space)
        .isEqualTo(read);
    assertThat(expected.words(line, place(tensor, space, false)))
        .as("%s: words of %s written in %s memory", line.text(), tensor, space)
        .isEqualTo(written);
  }

  private static Map<TensorName, DenseTensor> inputs(Problem problem) {
    return InputData.of(problem.cascade(), problem.shapes(), InputData.Kind.RANDOM, 1, Map.of());
  }

  /** The prediction, once it is that of the words that the kernels moved. */
  private static ExpectedAccesses expected(Problem problem) {
    Counts counts = ScheduleInterpreter.run(problem, inputs(problem)).counts();
    ExpectedAccesses expected = ExpectedAccesses.of(problem, counts);
    Map<TensorName, double[]> values = new HashMap<>();
    inputs(problem).forEach((name, tensor) -> values.put(name, tensor.values()));
    KernelProgram program = Problems.program(problem);
    Execution run = KernelExecutor.run(program, values, ExecutionOptions.plain());
    assertThat(run).isInstanceOf(Execution.Completed.class);
    Map<Place, Long> moved =
        TensorWords.of(program, ((Execution.Completed) run).counts()).ofTensors();
    TreeSet<Place> places = new TreeSet<>(moved.keySet());
    places.addAll(expected.places());
    for (Place place : places) {
      assertThat(expected.words(place))
          .as("%s: words of all lines", place)
          .isEqualTo(moved.getOrDefault(place, 0L));
    }
    return expected;
  }

  private static Place place(String tensor, AddressSpace space, boolean isRead) {
    return new Place(new TensorName(tensor), space, isRead);
  }
}
