package dev.weir.opencl.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.opencl.example.Problems;
import dev.weir.opencl.lower.KernelLowering;
import dev.weir.opencl.lower.Lowering;
import org.junit.jupiter.api.Test;

/** Legal schedules that random ones showed to have no right kernels, and what is said of them. */
class RefusedSchedulesTest {

  private static final String MAPS =
      """
      cascade c
        ranks P
        inputs A[P]
        X[p] = A[p] + 1
        Y[p] = X[p] + 1
        outputs Y
      """;

  private static final String SUM =
      """
      cascade c
        ranks P, M
        inputs A[P,M]
        Z[p] = A[p,m]
        outputs Z
      """;

  private static void refuses(String cascade, String schedule, String shapes, String words) {
    assertThat(KernelLowering.lower(Problems.of(cascade, schedule, shapes)))
        .isInstanceOfSatisfying(
            Lowering.Refused.class, refused -> assertThat(refused.message()).isEqualTo(words));
  }

  @Test
  void globalTileInsideALocalOne() {
    refuses(
        MAPS,
        """
        schedule s for c
          keep X at Local
          { keep X at Global  for p by 1  compute X on Core }
          for p by 1  compute Y on Core
        """,
        "P=3",
        "X would leave local or private memory for the top level and come back; put the keep at the"
            + " top level around the other one, or leave it out");
  }

  @Test
  void workItemsInsideLanes() {
    refuses(
        MAPS,
        """
        schedule s for c
          keep X at Global
          spatial p by 4 on lanes.x  spatial p by 1 on items.x  compute X on Core
          for p by 1  compute Y on Core
        """,
        "P=5",
        "work-items divide here what the lanes around divide already, so what a lane reaches beyond"
            + " an end is another work-item's; put the loop over work-items around that over"
            + " lanes");
  }

  @Test
  void workGroupsInsideLanes() {
    refuses(
        MAPS,
        """
        schedule s for c
          keep X at Global
          spatial p by 4 on lanes.x  spatial p by 1 on groups.x  compute X on Core
          for p by 1  compute Y on Core
        """,
        "P=5",
        "work-groups divide here what the lanes around divide already, so what a lane reaches"
            + " beyond an end is another work-group's; put the loop over work-groups around that"
            + " over lanes");
  }

  @Test
  void spatialLoopsThatDoNotNest() {
    refuses(
        SUM,
        """
        schedule s for c
          for m by 1  spatial p by 3 on groups.x  spatial p by 2 on items.x  for p by 1  compute Z on Core
        """,
        "P=7 M=2",
        "a spatial loop over P has tiles of 3 coordinates, and the one inside it spans 4; make the"
            + " first a multiple of the second");
  }

  @Test
  void stepsThatCutTheWorkItemsOfASum() {
    refuses(
        SUM,
        """
        schedule s for c
          for m by 1  for p by 5  for p by 2  spatial p by 1 on items.x  compute Z on Core
        """,
        "P=7 M=2",
        "steps of 5 coordinates of P do not consist of whole spans of 2 on work-groups or"
            + " work-items; make the step a multiple of 2");
  }

  @Test
  void whatOneGroupMakesIsLoadedByAll() {
    refuses(
        MAPS,
        """
        schedule s for c
          keep X at Global
          for p by 4 {
            for p by 1  compute X on Core
            { keep X at Local  spatial p by 1 on groups.x  compute Y on Core }
          }
        """,
        "P=7",
        "X is written by some work-groups and read by others of the same kernel; put producer and"
            + " reader into different parts of a `seq` directly below the keeps of the top level"
            + " (each part becomes a kernel), or keep X inside the loop over work-groups");
  }
}
