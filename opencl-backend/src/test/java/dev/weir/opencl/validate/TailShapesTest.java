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

  @Test
  void shapesThatFollowFromOthersFollow() {
    Problem problem =
        Problems.plainShipped(
            "zoo/dhsa", "generic-gpu", "H=2 P=40 M=40 C=6 Bq=8 T=16 Local=8 E=8 F=8");

    List<Problem> all = TailShapes.of(problem);

    assertThat(TailShapes.text(all.getFirst()))
        .matches("Bq=\\d+ C=\\d+ E=\\d+ F=\\d+ H=\\d+ Local=\\d+ M=\\d+ P=\\d+ T=\\d+");
    assertThat(all)
        .allSatisfy(
            tails -> {
              assertThat(shape("C1", tails)).isEqualTo(shape("C", tails) + 1);
              assertThat(shape("A", tails))
                  .isEqualTo(Math.ceilDiv(shape("P", tails), shape("Bq", tails)));
            });
  }

  /** Heads less those that all share would be nothing. */
  @Test
  void noShapeComesToNothing() {
    Problem heads =
        Problems.plainShipped(
            "zoo/mixture_of_heads", "generic-gpu", "H=6 Hk=3 Hs=2 T=2 P=18 M=18 E=8 F=8 D=12");

    assertThat(TailShapes.of(heads))
        .allSatisfy(tails -> assertThat(shape("Hr", tails)).isPositive());
  }

  @Test
  void pointsStayFewAndEachRankIsOnceLongerThanItsTile() {
    Problem problem =
        Problems.plainShipped(
            "zoo/neighborhood_2d", "generic-gpu", "H=2 Y=9 X=8 U=3 V=5 E=4 F=3 DY=1 DX=1");

    List<Problem> all = TailShapes.of(problem);

    assertThat(all)
        .allSatisfy(
            tails ->
                assertThat(
                        shape("H", tails)
                            * shape("Y", tails)
                            * shape("X", tails)
                            * shape("U", tails)
                            * shape("V", tails)
                            * Math.max(shape("E", tails), shape("F", tails)))
                    .isLessThanOrEqualTo(1 << 18));
    for (String rank : List.of("Y", "X", "V", "F")) {
      assertThat(all).as(rank).anyMatch(tails -> shape(rank, tails) > 64);
    }
  }

  private static long shape(String rank, Problem problem) {
    return problem.shapes().of(new RankName(rank));
  }
}
