package dev.weir.opencl.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.example.Problems;
import java.util.List;
import org.junit.jupiter.api.Test;

class TailShapesTest {

  private final List<Problem> small =
      TailShapes.of(
          Problems.shipped(
              "attention_1pass", "opencl_1pass_cpu", "pocl-cpu", "B=1 H=12 P=512 M=512 E=64 F=64"));

  @Test
  void everyTiledRankIsLongerAndShorterThanItsTileAndOdd() {
    assertThat(shapes("P")).containsExactlyInAnyOrder(33L, 31L, 49L, 1L);
    assertThat(shapes("M")).containsExactlyInAnyOrder(65L, 63L, 97L, 1L);
    assertThat(shapes("F")).containsExactlyInAnyOrder(9L, 7L, 13L, 1L);
  }

  @Test
  void ranksWithoutTilesAreShortAndBatchesFew() {
    assertThat(shapes("E")).containsExactlyInAnyOrder(7L, 3L, 5L, 1L);
    assertThat(shapes("H")).contains(2L, 1L).allMatch(shape -> shape <= 2);
    assertThat(shapes("B")).contains(2L, 1L).allMatch(shape -> shape <= 2);
  }

  @Test
  void ranksAreNotLongOrShortTogether() {
    assertThat(small.subList(0, 3))
        .noneMatch(
            problem ->
                problem.shapes().of(new RankName("P")) % 32 == 1
                    && problem.shapes().of(new RankName("M")) % 64 == 1
                    && problem.shapes().of(new RankName("F")) % 8 == 1);
  }

  private List<Long> shapes(String rank) {
    return small.stream().map(problem -> problem.shapes().of(new RankName(rank))).toList();
  }
}
