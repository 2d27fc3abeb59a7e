package dev.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * FuseMax's static schedule, element by element and cycle by cycle, at the epochs that the
 * simulator finds where nothing is hidden. Nothing of the simulator is in it but that number: each
 * operation of each element has its place in an epoch, products alternate, a row starts a cycle
 * after the one above and a column after the one to its left, and values go one element a cycle.
 */
class FuseMaxElementsTest {

  private static final int EXP = 7;
  private static final int TILES = 10;

  @ParameterizedTest
  @CsvSource({
    // The last two are FuseMax for E = F = 64, the two before a quarter of it.
    "16, 4, 1, 2, 3",
    "16, 4, 2, 3, 5",
    "16, 8, 2, 3, 5",
    "32, 8, 3, 5, 8",
    "64, 16, 1, 2, 3",
    "64, 16, 3, 5, 8",
    "256, 64, 1, 2, 3",
    "256, 64, 3, 5, 8",
  })
  void noElementAndNoLinkHasTwoThingsToDoAndEverythingIsThereInTime(
      int width, int embedding, int maxima, int weights, int sums) {
    FuseMaxPipeline stages = new FuseMaxPipeline(maxima, weights, sums);
    int epoch =
        Math.toIntExact(stages.simulated("binding", "fusemax/fusemax_skewed", width, embedding));

    Elements elements = new Elements(stages, width, embedding, epoch);

    assertThat(elements.collisions()).isZero();
    assertThat(elements.late()).isZero();
    boolean waits = epoch > EXP + 3 + 2 * embedding;
    assertThat(new Elements(stages, width, embedding, epoch - 1).isPossible()).isFalse();
    assertThat(waits).isEqualTo(maxima == 1);
  }

  /**
   * Weighted values come and are used in pace, so the last ones need not be there when the first is
   * used. The rule takes a tile of sums as one thing and asks for an epoch more.
   */
  @ParameterizedTest
  @CsvSource({"16, 4, 2, 3", "64, 16, 3, 5"})
  void sumsInPaceComeSoonerThanTheRuleSays(int width, int embedding, int maxima, int weights) {
    int distance = width == 16 ? 1 : 2;
    FuseMaxPipeline stages = new FuseMaxPipeline(maxima, weights, weights + distance);
    int work = EXP + 3 + 2 * embedding;

    assertThat(new Elements(stages, width, embedding, work).isPossible()).isTrue();
    assertThat(stages.simulated("binding", "fusemax/fusemax_skewed", width, embedding))
        .isGreaterThan(work);
  }

  /** When everything of some tiles happens. */
  private record Elements(FuseMaxPipeline stages, int width, int embedding, int epoch) {

    boolean isPossible() {
      return collisions() == 0 && late() == 0;
    }

    /** Cycle in which an element has its n-th slot of an epoch's stage for a tile. */
    private int at(int tile, int stage, int slot, int row, int column) {
      return (tile + stage) * epoch + slot + row + column;
    }

    private int scores(int e) {
      return EXP + 1 + 2 * e + 1;
    }

    private int values(int f) {
      return EXP + 1 + 2 * f;
    }

    private int maxima() {
      return EXP + 1 + 2 * embedding;
    }

    /** How often an element, or a link to a neighbour, would have two things to do in a cycle. */
    int collisions() {
      int collisions = 0;
      for (int row = 0; row < width; row++) {
        for (int column = 0; column < width; column++) {
          collisions += collisions(row, column);
        }
      }
      for (int lane = 0; lane < width; lane++) {
        collisions += collisions(lane);
      }
      return collisions;
    }

    private int collisions(int row, int column) {
      Once element = new Once();
      Once right = new Once();
      Once down = new Once();
      for (int tile = 0; tile < TILES; tile++) {
        for (int slot = 0; slot < EXP; slot++) {
          element.take(at(tile, stages.weights(), slot, row, column));
        }
        int sum = at(tile, stages.weights(), EXP, row, column);
        element.take(sum);
        down.take(sum);
        for (int i = 0; i < embedding; i++) {
          int value = at(tile, stages.weights(), values(i), row, column);
          int score = at(tile, 0, scores(i), row, column);
          element.take(value);
          element.take(score);
          right.take(value); // V
          right.take(score); // K
          down.take(value); // a partial sum
          down.take(score); // Q
        }
        int maximum = at(tile, 0, maxima(), row, column);
        element.take(maximum);
        down.take(maximum);
      }
      return element.twice + right.twice + down.twice;
    }

    private int collisions(int lane) {
      Once element = new Once();
      for (int tile = 0; tile < TILES; tile++) {
        for (int slot = 0; slot < 1 + EXP; slot++) {
          element.take(at(tile, stages.maxima(), slot, 0, lane)); // RM, PRM
        }
        for (int slot = 1 + EXP; slot < EXP + 3 + 2 * embedding; slot++) {
          element.take(at(tile, stages.sums(), slot, 0, lane)); // SPD, RD, SPNV and RNV in turn
        }
      }
      return element.twice;
    }

    /** How many values come after the cycle in which they are needed. */
    int late() {
      int late = 0;
      for (int tile = 0; tile < TILES; tile++) {
        for (int column = 0; column < width; column++) {
          int bottom = width - 1;
          int running = at(tile, stages.maxima(), 0, 0, column);
          late += late(at(tile, 0, maxima(), bottom, column), running);
          for (int row = 0; row < width; row++) {
            int hops = bottom - row; // up from the lane
            late += late(running + hops, at(tile, stages.weights(), 0, row, column));
          }
          late +=
              late(
                  at(tile, stages.weights(), EXP, bottom, column),
                  at(tile, stages.sums(), EXP + 2, 0, column));
          for (int f = 0; f < embedding; f++) {
            late +=
                late(
                    at(tile, stages.weights(), values(f), bottom, column),
                    at(tile, stages.sums(), EXP + 3 + 2 * f + 1, 0, column));
          }
        }
      }
      return late;
    }

    /** What is made in a cycle can be used in the next one. */
    private static int late(int made, int used) {
      return made < used ? 0 : 1;
    }
  }

  /** Something that does one thing a cycle. */
  private static final class Once {
    private final BitSet taken = new BitSet();
    private int twice;

    void take(int cycle) {
      twice += taken.get(cycle) ? 1 : 0;
      taken.set(cycle);
    }
  }
}
