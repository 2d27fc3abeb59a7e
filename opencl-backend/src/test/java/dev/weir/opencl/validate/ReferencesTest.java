package dev.weir.opencl.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.example.Problems;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReferencesTest {

  private static final ValidationOptions OPTIONS =
      new ValidationOptions(Set.of(InputCase.RANDOM), false, 2, 0, 1);

  private final References references = new References();

  private Object expected(Problem problem, InputCase inputs, int sampled) {
    return references.begin(problem, Problems.program(problem), OPTIONS, inputs, sampled).join();
  }

  private static Problem gemm(String device, String shapes) {
    return Problems.plainShipped("gemm", device, shapes);
  }

  @Test
  void kernelsOfOneCascadeAtOneShapeShareSamples() {
    Object first = expected(gemm("pocl-cpu", "M=5 N=6 K=7"), InputCase.RANDOM, 2);

    assertThat(expected(gemm("generic-gpu", "M=5 N=6 K=7"), InputCase.RANDOM, 2)).isEqualTo(first);
    assertThat(expected(gemm("pocl-cpu", "M=5 N=6 K=8"), InputCase.RANDOM, 2)).isNotEqualTo(first);
    assertThat(expected(gemm("pocl-cpu", "M=5 N=6 K=7"), InputCase.TIES, 2)).isNotEqualTo(first);
  }

  @Test
  void wholeOutputsAreNotKept() {
    Problem problem = gemm("pocl-cpu", "M=5 N=6 K=7");

    assertThat(expected(problem, InputCase.RANDOM, 9))
        .isNotEqualTo(expected(problem, InputCase.RANDOM, 9));
  }
}
