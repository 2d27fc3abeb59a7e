package dev.weir.simulator.pe;

import dev.weir.mapper.schedule.Problem;
import java.util.List;

/** Problems in which a double keep would run ahead too far if it just loaded what comes next. */
public final class Ahead {

  /** Two words a cycle, so that a tile of eight words takes four cycles. */
  private static final SmallArray ARRAY = SmallArray.withDram(2);

  private Ahead() {}

  public static List<Problem> all() {
    return List.of(producedBeside(), readBeside(), sumsThatGoOn(), headOfALateStage());
  }

  /** A part beside produces the tile that a double keep would load. */
  public static Problem producedBeside() {
    return ARRAY.squares(
        "H=3 N=1 W=8",
        """
          for h by 1  interleave V {
            { keep A, X at Buffer  for n by 1  for w by 1  compute X on V }
            { keep X at Buffer double  keep Z at Buffer  for n by 1  for w by 1  compute Z on V }
          }
        """);
  }

  /** A part beside reads what a double keep stores. */
  public static Problem readBeside() {
    return ARRAY.squares(
        "H=3 N=1 W=8",
        """
          for h by 1  interleave V {
            { keep A at Buffer  keep X at Buffer double  for n by 1  for w by 1  compute X on V }
            { keep X, Z at Buffer  for n by 1  for w by 1  compute Z on V }
          }
        """);
  }

  /** Sums go and come back to the same tile. */
  public static Problem sumsThatGoOn() {
    return ARRAY.product(
        "M=4 N=2 K=3",
        """
          keep B at Buffer
          for k by 1 {
            keep A, C at Buffer double
            for m by 1  for n by 1  compute C on Array
          }
        """);
  }

  /**
   * A keep in the head of a pipeline takes its tile from one between flow loops that comes late.
   */
  public static Problem headOfALateStage() {
    return ARRAY.problem(
        """
        cascade scaled "squares, scaled"
          ranks H, N, W
          inputs A[H,N,W], B[H,N,W]
          X[h,n,w] = A[h,n,w] * A[h,n,w]
          Z[h,n,w] = X[h,n,w] * B[h,n,w]
          outputs Z
        """,
        """
        schedule s for scaled
          keep A at Buffer
          for h by 1 flow {
            keep B at Buffer double
            pipeline n by 1 {
              keep X at Buffer copies 2
              keep B at Buffer
              par {
                stage 0  for w by 1  compute X on Array
                stage 1  for w by 1  compute Z on V
              }
            }
          }
        """,
        "H=2 N=3 W=8");
  }
}
