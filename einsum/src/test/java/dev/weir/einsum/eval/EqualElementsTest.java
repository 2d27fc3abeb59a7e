package dev.weir.einsum.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against a look at all pairs. */
class EqualElementsTest {

  private static final long SEED = 20261129;
  private static final int SLOTS = 4;
  private static final int RESULTS = 3;

  @Test
  void errorsOfEqualElementsAddUpAndOthersDoNot() {
    for (long seed = SEED; seed < SEED + 200; seed++) {
      Random random = new Random(seed);
      int size = random.nextInt(1, 40);
      boolean isTied = random.nextBoolean();
      int[] slot = random.ints(size, 0, SLOTS).toArray();
      DenseTensor tensor = new DenseTensor(new long[] {size}, 0);
      double[] spread = new double[size];
      double[] derivatives = random.doubles((long) size * RESULTS, -1, 1).toArray();
      for (int at = 0; at < size; at++) {
        tensor.set(isTied ? random.nextInt(-3, 4) : random.nextDouble(), at);
        spread[at] = random.nextInt(4) == 0 ? 0 : random.nextDouble();
      }
      double[] squares = new double[SLOTS * RESULTS];

      EqualElements.of(slot, SLOTS, tensor, spread)
          .addSquares(derivatives, RESULTS, spread, squares);

      for (int i = 0; i < squares.length; i++) {
        assertThat(squares[i])
            .as("result %d, seed %d", i, seed)
            .isCloseTo(
                expected(i / RESULTS, i % RESULTS, slot, tensor, spread, derivatives),
                within(1e-12));
      }
    }
  }

  /**
   * Each pair of equal elements contributes the product of their errors, each element its square.
   */
  private static double expected(
      int wanted,
      int result,
      int[] slot,
      DenseTensor tensor,
      double[] spread,
      double[] derivatives) {
    double sum = 0;
    for (int a = 0; a < slot.length; a++) {
      for (int b = 0; b < slot.length; b++) {
        boolean isEqual = Math.abs(tensor.get(a)) == Math.abs(tensor.get(b));
        if (slot[a] == wanted && slot[b] == wanted && isEqual) {
          sum +=
              Math.abs(derivatives[a * RESULTS + result])
                  * spread[a]
                  * Math.abs(derivatives[b * RESULTS + result])
                  * spread[b];
        }
      }
    }
    return sum;
  }
}
