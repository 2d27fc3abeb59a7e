package dev.weir.einsum.analysis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * The lightest set of vertices of a directed graph whose removal parts sources from sinks, by
 * augmenting shortest paths (Edmonds and Karp, J. ACM 19(2), 1972). Running time O(V·E²) at worst.
 */
final class SmallestCut {

  private static final long UNLIMITED = Long.MAX_VALUE / 4;

  private final int vertices;
  private final List<List<Integer>> arcsOf = new ArrayList<>();
  private final List<Integer> heads = new ArrayList<>();
  private final List<Long> rest = new ArrayList<>();

  /** Vertex v enters at node 2v and leaves at node 2v + 1; two more nodes are source and sink. */
  SmallestCut(long[] weights) {
    this.vertices = weights.length;
    for (int node = 0; node < 2 * vertices + 2; node++) {
      arcsOf.add(new ArrayList<>());
    }
    for (int vertex = 0; vertex < vertices; vertex++) {
      arc(2 * vertex, 2 * vertex + 1, weights[vertex]);
    }
  }

  void edge(int from, int to) {
    arc(2 * from + 1, 2 * to, UNLIMITED);
  }

  void source(int vertex) {
    arc(2 * vertices, 2 * vertex, UNLIMITED);
  }

  /** What must not be reached; it cannot be removed itself. */
  void sink(int vertex) {
    arc(2 * vertex, 2 * vertices + 1, UNLIMITED);
  }

  /** Vertices to remove; of several lightest sets the one nearest to the sinks. */
  BitSet vertices() {
    while (augment()) {
      // Each round saturates an arc.
    }
    BitSet reaching = new BitSet();
    Deque<Integer> waiting = new ArrayDeque<>(List.of(2 * vertices + 1));
    reaching.set(2 * vertices + 1);
    while (!waiting.isEmpty()) {
      int node = waiting.poll();
      for (int arc : arcsOf.get(node)) {
        int from = heads.get(arc);
        if (rest.get(arc ^ 1) > 0 && !reaching.get(from)) {
          reaching.set(from);
          waiting.add(from);
        }
      }
    }
    BitSet cut = new BitSet();
    for (int vertex = 0; vertex < vertices; vertex++) {
      if (!reaching.get(2 * vertex) && reaching.get(2 * vertex + 1)) {
        cut.set(vertex);
      }
    }
    return cut;
  }

  private boolean augment() {
    int[] reachedBy = new int[2 * vertices + 2];
    Arrays.fill(reachedBy, -1);
    Deque<Integer> waiting = new ArrayDeque<>(List.of(2 * vertices));
    int sink = 2 * vertices + 1;
    while (!waiting.isEmpty() && reachedBy[sink] < 0) {
      int node = waiting.poll();
      for (int arc : arcsOf.get(node)) {
        int to = heads.get(arc);
        if (rest.get(arc) > 0 && reachedBy[to] < 0 && to != 2 * vertices) {
          reachedBy[to] = arc;
          waiting.add(to);
        }
      }
    }
    if (reachedBy[sink] < 0) {
      return false;
    }
    long flow = UNLIMITED;
    for (int node = sink; node != 2 * vertices; node = heads.get(reachedBy[node] ^ 1)) {
      flow = Math.min(flow, rest.get(reachedBy[node]));
    }
    for (int node = sink; node != 2 * vertices; node = heads.get(reachedBy[node] ^ 1)) {
      rest.set(reachedBy[node], rest.get(reachedBy[node]) - flow);
      rest.set(reachedBy[node] ^ 1, rest.get(reachedBy[node] ^ 1) + flow);
    }
    return true;
  }

  /** Arcs stand in pairs, each the reverse of the other. */
  private void arc(int from, int to, long weight) {
    arcsOf.get(from).add(heads.size());
    heads.add(to);
    rest.add(weight);
    arcsOf.get(to).add(heads.size());
    heads.add(from);
    rest.add(0L);
  }
}
