package dev.weir.mapper.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Terms over the iterations below a place. Equal path sums are worked out once, and so are products
 * that several terms begin with.
 */
final class Formula {

  private final PathSum[] sums;

  /** Products: node i is node {@code before[i]} times sum {@code sum[i]}; node 0 is 1. */
  private final int[] before;

  private final int[] sum;

  private final int[] outputs;
  private final long[] factors;
  private final int[] nodes;
  private final long[] firstMarks;
  private final long[] lastMarks;

  /** Node of a product by the node before it and its last sum. */
  private record Step(int before, int sum) {}

  /**
   * @param terms what is added up
   * @param depth how many loops are around the place
   */
  Formula(List<Term> terms, int depth) {
    Map<PathSum.Key, Integer> known = new HashMap<>();
    List<PathSum> found = new ArrayList<>();
    Map<Step, Integer> products = new HashMap<>();
    List<Step> steps = new ArrayList<>();
    steps.add(new Step(0, -1));
    int count = terms.size();
    outputs = new int[count];
    factors = new long[count];
    nodes = new int[count];
    firstMarks = new long[count];
    lastMarks = new long[count];
    for (int i = 0; i < count; i++) {
      Term term = terms.get(i);
      outputs[i] = term.output();
      factors[i] = term.factor();
      firstMarks[i] = term.path().firstMarks(depth);
      lastMarks[i] = term.path().lastMarks(depth);
      int node = 0;
      for (PathSum.Key key : term.path().sums(depth)) {
        int at = known.computeIfAbsent(key, _ -> found.size());
        if (at == found.size()) {
          found.add(PathSum.of(key));
        }
        if (!found.get(at).isOne()) {
          Step step = new Step(node, at);
          node = products.computeIfAbsent(step, _ -> steps.size());
          if (node == steps.size()) {
            steps.add(step);
          }
        }
      }
      nodes[i] = node;
    }
    sums = found.toArray(PathSum[]::new);
    before = steps.stream().mapToInt(Step::before).toArray();
    sum = steps.stream().mapToInt(Step::sum).toArray();
  }

  /** Length of the scratch array that {@link #evaluate} needs. */
  int scratch() {
    return sums.length + before.length;
  }

  /**
   * Works out all outputs.
   *
   * @param kind ranges at the place
   * @param results set to 0 and filled
   * @param scratch overwritten
   */
  void evaluate(Numbers numbers, Kinds kinds, int kind, long[] results, long[] scratch) {
    for (int i = 0; i < sums.length; i++) {
      scratch[i] = kinds.sum(sums[i], numbers, kind);
    }
    int first = sums.length;
    scratch[first] = 1;
    for (int i = 1; i < before.length; i++) {
      scratch[first + i] = Math.multiplyExact(scratch[first + before[i]], scratch[sum[i]]);
    }
    Arrays.fill(results, 0);
    long isFirst = kinds.first(kind);
    long isLast = kinds.last(kind);
    for (int i = 0; i < outputs.length; i++) {
      if ((firstMarks[i] & ~isFirst) == 0 && (lastMarks[i] & ~isLast) == 0) {
        long value = Math.multiplyExact(factors[i], scratch[first + nodes[i]]);
        results[outputs[i]] = Math.addExact(results[outputs[i]], value);
      }
    }
  }
}
