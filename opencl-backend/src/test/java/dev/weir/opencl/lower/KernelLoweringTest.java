package dev.weir.opencl.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.kernel.Kernel;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelLoweringTest {

  private static final String PRODUCT =
      """
      cascade product "matrix product"
        ranks   I, J, K
        inputs  A[I,K], B[K,J]
        C[i,j] = A[i,k] * B[k,j]
        outputs C
      """;

  private static final String TWO_STEPS =
      """
      cascade two "a product and its squares"
        ranks   I, J, K
        inputs  A[I,K], B[K,J]
        T[i,j] = A[i,k] * B[k,j]
        C[i,j] = T[i,j] * T[i,j]
        outputs C
      """;

  @Test
  void partsOfASeqBelowTopLevelKeepsAreKernels() {
    Problem problem =
        Problems.of(
            TWO_STEPS,
            """
            schedule s "two phases" for two
              keep T at Global
              spatial i by 4 on groups.x  for i by 1  for j by 1  for k by 1  compute T on Core
              spatial j by 4 on groups.x  for j by 1  for i by 1  compute C on Core
            """,
            "I=8 J=12 K=4");

    assertThat(Problems.program(problem).kernels())
        .extracting(Kernel::name, Kernel::groups)
        .containsExactly(tuple("s_1", List.of(2L, 1L, 1L)), tuple("s_2", List.of(3L, 1L, 1L)));
  }

  @Test
  void groupsThatReadWhatOthersWroteAreRefused() {
    assertRefused(
        Problems.of(
            TWO_STEPS,
            """
            schedule s "one kernel" for two
              keep T at Global
              for i by 8 {
                spatial i by 4 on groups.x  for i by 1  for j by 1  for k by 1  compute T on Core
                spatial j by 4 on groups.x  for j by 1  for i by 1  compute C on Core
              }
            """,
            "I=8 J=12 K=4"),
        "T is written by some work-groups and read by others of the same kernel");
  }

  @Test
  void illegalScheduleIsRefusedInTheWordsOfTheJudge() {
    assertRefused(
        Problems.of(
            PRODUCT,
            """
            schedule s "no loop over k" for product
              for i by 1  for j by 1  compute C on Core
            """,
            "I=2 J=2 K=2"),
        "not covered");
  }

  @Test
  void reductionAcrossWorkGroupsIsRefused() {
    assertRefused(
        Problems.of(
            PRODUCT,
            """
            schedule s "k on groups" for product
              for i by 1  for j by 1  spatial k by 1 on groups.x reduce C  compute C on Core
            """,
            "I=2 J=2 K=2"),
        "C lacks rank K, which runs on work-groups here; they have no way to merge what they"
            + " contribute; loop over K with `for`, or let each work-group make a tensor of its own"
            + " that a later Einsum reduces");
  }

  @Test
  void tileThatOverflowsAStackIsRefused() {
    assertRefused(
        Problems.of(
            PRODUCT,
            """
            schedule s "all of A" for product
              spatial i by 1000 on groups.x
              keep A at Private
              for i by 1  for j by 1  for k by 1  compute C on Core
            """,
            "I=1000 J=2 K=300"),
        "the tile of A takes 1200000 bytes of private memory a work-item, at most 1048576 are"
            + " possible; put the keep inside a loop over one of i, k that makes its tiles"
            + " smaller");
  }

  @Test
  void bufferBeyond32BitsIsRefused() {
    assertRefused(
        Problems.of(
            PRODUCT,
            """
            schedule s "large" for product
              for i by 1  for j by 1  for k by 1  compute C on Core
            """,
            "I=100000 J=2 K=100000"),
        "A has 10000000000 elements in global memory; kernels count elements in 32 bits, at most"
            + " 2147483647; smaller shapes: those of I=100000, K=100000 multiply to the elements");
  }

  private static void assertRefused(Problem problem, String words) {
    assertThat(KernelLowering.lower(problem))
        .isInstanceOfSatisfying(
            Lowering.Refused.class, refused -> assertThat(refused.message()).contains(words));
  }
}
