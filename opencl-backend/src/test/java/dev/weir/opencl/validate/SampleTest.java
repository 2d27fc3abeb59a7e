package dev.weir.opencl.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.example.Problems;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleTest {

  private static final String SHIFTED =
      """
      cascade shifted "rows by place, and by a place that is shifted"
        ranks   P, Q, S, F
        inputs  A[P,F], B[Q,F]
        Z[p,f] = A[p,f] * B[p+S-1,f]
        outputs Z
      """;

  @Test
  void onlyPlacesAreSampled() {
    Problem problem = Problems.plain(SHIFTED, "pocl-cpu", "P=20 Q=40 S=12 F=30");

    Sample sample = Sample.of(problem.cascade(), problem.shapes(), 4);

    assertThat(sample.chosen()).containsOnlyKeys(new RankName("F"));
    assertThat(sample.chosen().get(new RankName("F"))).isEqualTo(List.of(0L, 9L, 19L, 29L));
    assertThat(sample.shapes().of(new RankName("S"))).isEqualTo(12);
    assertThat(sample.shapes().of(new RankName("Q"))).isEqualTo(40);
  }
}
