package dev.weir.mapper.model.mutants;

import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.random.ProblemText;
import dev.weir.mapper.schedule.Problem;
import java.util.List;
import java.util.stream.Stream;

/** Conditions over ranges that are longer than those of random problems. */
public final class HandMadeMasks {

  private static final List<String> CONDITIONS =
      List.of(
          "p >= m",
          "p + m < 14",
          "m <= p + 4 and p - m < 3",
          "m - p == 2 or p - m > 4",
          "m <= 2*p - 3",
          "m%3 == 1 and p >= m");

  private HandMadeMasks() {}

  public static List<Problem> all() {
    return Stream.concat(
            CONDITIONS.stream().map(HandMadeMasks::masked), Stream.of(maskedByOuterPart()))
        .toList();
  }

  private static Problem masked(String condition) {
    return ProblemText.read(
        """
        cascade masked
        ranks P, M
        inputs A[P,M], B[M]
        empty T = 0
        T[p] = A[p,m] * B[m] | %s
        outputs T
        """
            .formatted(condition),
        """
        schedule masked for masked
          for p by 4
          for m by 4
          keep B at GlobalBuffer
          for p by 1  spatial m by 1 on Array2D.columns reduce T  compute T on Array2D
        """,
        ExampleArchitectures.fuseMax(4, 4096),
        "P=17 M=19");
  }

  /** Steps and coordinates do not move on at the same pace. */
  private static Problem maskedByOuterPart() {
    return ProblemText.read(
        """
        cascade parts
        ranks P, M
        partition M = M1 * M0
        inputs A[P,M]
        empty T = 0
        T[p,m1] = A[p,m1*M0+m0] | m1 <= p
        outputs T
        """,
        """
        schedule parts for parts
          shape M0 = 3
          for p by 12
          for m1 by 2
          for p by 1  for m1 by 1  for m0 by 1  compute T on Array2D
        """,
        ExampleArchitectures.fuseMax(4, 4096),
        "P=24 M=43");
  }
}
