package dev.weir.einsum.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Smallest cuts against all sets of vertices. */
class SmallestCutTest {

  private static final long SEED = 20261128;
  private static final int GRAPHS = 500;
  private static final int VERTICES = 8;

  @Test
  void noSetThatPartsIsLighter() {
    int parted = 0;
    for (long seed = SEED; seed < SEED + GRAPHS; seed++) {
      Random random = new Random(seed);
      long[] weights = random.longs(VERTICES, 0, 9).toArray();
      List<int[]> edges = new ArrayList<>();
      for (int from = 0; from < VERTICES; from++) {
        for (int to = from + 1; to < VERTICES; to++) {
          if (random.nextInt(3) == 0) {
            edges.add(new int[] {from, to});
          }
        }
      }
      SmallestCut graph = new SmallestCut(weights);
      graph.source(0);
      graph.source(1);
      graph.sink(VERTICES - 1);
      edges.forEach(edge -> graph.edge(edge[0], edge[1]));
      BitSet cut = graph.vertices();
      long lightest = Long.MAX_VALUE;
      // The sink stays.
      for (int set = 0; set < 1 << (VERTICES - 1); set++) {
        BitSet removed = BitSet.valueOf(new long[] {set});
        if (parts(removed, edges)) {
          lightest = Math.min(lightest, weight(removed, weights));
        }
      }
      assertThat(parts(cut, edges)).as("seed %d", seed).isTrue();
      assertThat(weight(cut, weights)).as("seed %d", seed).isEqualTo(lightest);
      parted += cut.isEmpty() ? 0 : 1;
    }
    assertThat(parted).as("graphs with something to part, from seed %d", SEED).isGreaterThan(100);
  }

  private static long weight(BitSet set, long[] weights) {
    return set.stream().mapToLong(vertex -> weights[vertex]).sum();
  }

  private static boolean parts(BitSet removed, List<int[]> edges) {
    BitSet reached = new BitSet();
    reached.set(0, 2);
    reached.andNot(removed);
    // Edges are sorted by their tails, and no edge leads back.
    for (int[] edge : edges) {
      if (reached.get(edge[0]) && !removed.get(edge[1])) {
        reached.set(edge[1]);
      }
    }
    return !reached.get(VERTICES - 1);
  }
}
