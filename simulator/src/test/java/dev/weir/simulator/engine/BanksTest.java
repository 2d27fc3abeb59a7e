package dev.weir.simulator.engine;

import static dev.weir.simulator.engine.SmallMachine.BUFFER;
import static dev.weir.simulator.engine.SmallMachine.U;
import static dev.weir.simulator.engine.SmallMachine.V;
import static dev.weir.simulator.engine.SmallMachine.stall;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.StallReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A buffer of 4 words a cycle in 4 banks of 20 words, so of a word a cycle each, worked out by hand
 * in both engines. A point of X reads A twice, a point of Y reads B twice.
 */
class BanksTest {

  private static final StallReason CONFLICT = new StallReason.BankConflict(BUFFER);

  private static SimulationResult run(long wordsPerCycle, String shapes, String schedule) {
    return BothEngines.run(
        Machines.withBanks(
            new SmallMachine(0, wordsPerCycle, 0).problem(shapes, schedule), 4 * 20, 4));
  }

  private static final String ONE_KEEP =
      """
        for h by 1  for n by 1 {
          keep A at Buffer
          for w by 1  compute X on U
        }
      """;

  @Test
  void aKeepInOneBankHasThatBanksBandwidth() {
    SimulationResult result = run(4, "H=1 N=3 W=10", ONE_KEEP);

    // 10 words come and 20 are read through a port of a word a cycle.
    assertThat(result.cycles()).isEqualTo(3 * (10 + 20));
    assertThat(stall(result, U, StallReason.Cause.LOAD)).isEqualTo(3 * 10);
    assertThat(stall(result, U, CONFLICT)).isEqualTo(3 * (20 - 10));
    assertThat(result.levels().get(BUFFER).bandwidthShare()).hasValue(90 / (4 * 90.0));
  }

  /** Up to 20 words lie in one bank; of 21, of which 42 are read, 2 are read in the next. */
  @ParameterizedTest
  @CsvSource({"19, 19, 38", "20, 20, 40", "21, 20, 40", "30, 20, 40", "40, 20, 40", "80, 20, 80"})
  void aKeepHasTheBanksThatItLiesIn(long words, long load, long work) {
    SimulationResult result = run(4, "H=1 N=1 W=" + words, ONE_KEEP);

    assertThat(result.cycles()).isEqualTo(load + work);
    assertThat(stall(result, U, CONFLICT)).isEqualTo(work - words);
  }

  @Test
  void wordsThatLieInAllBanksHaveTheWholeBandwidth() {
    SimulationResult result = run(1, "H=1 N=1 W=80", ONE_KEEP);

    assertThat(result.cycles()).isEqualTo(80 + 2 * 80);
    assertThat(stall(result, U, CONFLICT)).isZero();
    assertThat(stall(result, U, new StallReason.Bandwidth(BUFFER))).isEqualTo(80);
  }

  @Test
  void banksOnlyAddToWhatTheWholeLevelTakes() {
    SimulationResult result = run(1, "H=1 N=1 W=10", ONE_KEEP);

    // 20 words take the level 20 cycles, and its bank of a quarter of a word a cycle 80.
    assertThat(result.cycles()).isEqualTo(40 + 80);
    assertThat(stall(result, U, new StallReason.Bandwidth(BUFFER))).isEqualTo(20 - 10);
    assertThat(stall(result, U, CONFLICT)).isEqualTo(80 - 20);
  }

  private static final String SIDE_BY_SIDE =
      """
        par {
          for h by 1  for n by 1 {
            keep A at Buffer
            for w by 1  compute X on U
          }
          for h by 1  for n by 1 {
            keep B at Buffer
            for w by 1  compute Y on V
          }
        }
      """;

  @Test
  void keepsInOneBankContendForIt() {
    SimulationResult result = run(4, "H=1 N=1 W=10", SIDE_BY_SIDE);

    assertThat(result.cycles()).isEqualTo((10 + 10) + (20 + 20));
    assertThat(stall(result, U, CONFLICT)).isEqualTo(30);
    assertThat(stall(result, V, CONFLICT)).isEqualTo(30);
  }

  @Test
  void keepsInBanksOfTheirOwnDoNot() {
    SimulationResult result = run(4, "H=1 N=1 W=20", SIDE_BY_SIDE);

    assertThat(result.cycles()).isEqualTo(20 + 40);
    assertThat(stall(result, U, CONFLICT)).isEqualTo(20);
    assertThat(stall(result, V, CONFLICT)).isEqualTo(20);
  }

  @Test
  void anInnerKeepLiesBehindTheOuterOne() {
    SimulationResult result =
        run(
            4,
            "H=1 N=1 W=15",
            """
              keep A at Buffer
              for h by 1  for n by 1 {
                keep B at Buffer
                for w by 1  compute Y on U
              }
            """);

    // Of 15 words of B 5 lie in the first bank, and 10 in the second: these are read in 20 cycles.
    assertThat(result.cycles()).isEqualTo(15 + 10 + 20);
    assertThat(stall(result, U, CONFLICT)).isEqualTo(20 - 15);
  }

  @Test
  void whatComesLaterTakesTheSamePlace() {
    SimulationResult result =
        run(
            4,
            "H=1 N=1 W=15",
            """
              for h by 1  for n by 1 {
                keep A at Buffer
                for w by 1  compute X on U
              }
              for h by 1  for n by 1 {
                keep B at Buffer
                for w by 1  compute Y on U
              }
            """);

    assertThat(result.cycles()).isEqualTo(2 * (15 + 30));
  }

  @Test
  void aDoubleKeepLiesInBanksForBothTiles() {
    SimulationResult result =
        run(4, "H=1 N=3 W=20", ONE_KEEP.replace("at Buffer", "at Buffer double"));

    // Each bank gets half of the 20 words of a load and half of the 40 that are read; the work
    // leaves nothing to the load of the next tile, which follows it.
    assertThat(result.cycles()).isEqualTo(10 + 2 * (20 + 10) + 20);
    assertThat(stall(result, U, CONFLICT)).isZero();
    assertThat(stall(result, U, StallReason.Cause.LOAD)).isEqualTo(3 * 10);
  }
}
