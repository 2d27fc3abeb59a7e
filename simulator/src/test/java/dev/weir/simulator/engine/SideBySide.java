package dev.weir.simulator.engine;

import java.util.List;

/**
 * Schedules in which several processes go on at speeds of their own; each with a tile size to fill
 * in.
 */
public final class SideBySide {

  private static final String PIPELINE =
      """
        for h by 1 flow {
          keep B at Buffer double
          pipeline n by %d {
            keep A at Buffer double
            keep X at Buffer copies 5
            par {
              stage 0  for n by 1  for w by 1  compute X on U
              seq {
                stage 4  for n by 1  for w by 1  compute Z on V
                stage 2  for n by 1 {
                  keep Y at Buffer double
                  for w by 4  spatial w by 1 on V.lanes  compute Y on V
                }
              }
            }
          }
        }
      """;

  private static final String DOUBLE_KEEPS =
      """
        for h by 1 {
          keep B at Buffer double
          for n by %d {
            keep A at Buffer double
            for n by 1 {
              keep A, X at Buffer double
              for w by 1  compute X on U
            }
          }
        }
      """;

  private static final String BRANCHES_IN_A_LOOP =
      """
        for h by 1
        par {
          for n by 1 {
            keep A, X at Buffer double
            for w by 1  compute X on U
          }
          for n by %d {
            keep B, Y at Buffer
            for n by 1  for w by 4  spatial w by 1 on V.lanes  compute Y on V
          }
        }
      """;

  private static final String BRANCHES_WITH_LOOPS =
      """
        par {
          for h by 1  for n by 1 {
            keep A, X at Buffer double
            for w by 1  compute X on U
          }
          for h by %d  for n by 2 {
            keep B, Y at Buffer double
            for h by 1  for n by 1  for w by 4  spatial w by 1 on V.lanes  compute Y on V
          }
        }
      """;

  private SideBySide() {}

  /**
   * Stages of many epochs; double keeps that run ahead across loops; branches of a par side by
   * side, whose loops go on at different speeds.
   */
  public static List<String> schedules() {
    return List.of(PIPELINE, DOUBLE_KEEPS, BRANCHES_IN_A_LOOP, BRANCHES_WITH_LOOPS);
  }
}
