package dev.weir.einsum.zoo;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Causal attention over blocks that each head chooses: "FlexPrefill: A Context-Aware Sparse
 * Attention Mechanism for Efficient Long-Sequence Inference". L tokens (P = M = L), blocks of B, NB
 * = ⌈L/B⌉ blocks, the last of which may be shorter. For one head:
 *
 * <ol>
 *   <li><b>Representative queries</b> are the last B rows of Q (all of them if L &lt; B), whether
 *       or not they are one block. R is their number, i = 0…R-1, at position {@code L-R+i}. {@code
 *       A[i,m]} is their causal softmax: over {@code m <= L-R+i}, of {@code E^-0.5 Q·K}.
 *   <li><b>Vertical</b> {@code v[m] = mean over i of A[i,m]}. <b>Slash</b> {@code s[d] = mean over
 *       i of A[i, L-R+i-d]}, a read before m = 0 counting 0; d = 0 is the main diagonal. Both means
 *       divide by R, and both sum to 1. In blocks: {@code vb[b]} is the sum of v[m] over m/B = b,
 *       {@code sb[c]} the sum of s[d] over d/B = c.
 *   <li><b>Pooled</b> {@code KB[b]} is the mean of the keys of a block, {@code QB[a]} that of its
 *       queries; a short last block has the mean over its existing rows. {@code qr} is the mean
 *       over the representative queries. {@code ab = softmax over all b of E^-0.5 qr·KB[b]}.
 *   <li><b>Branch.</b> With {@code w[b] = (ab[b] + vb[b]) / 2} the divergence is {@code js = 1/2
 *       sum over b of ab[b] log(ab[b]/w[b]) + 1/2 sum over b of vb[b] log(vb[b]/w[b])}, natural
 *       logarithm, 0 log 0 = 0. The head is query-aware if {@code sqrt(js) < tau}; said without a
 *       root of what rounding may have made negative: {@code js < tau^2}.
 *   <li><b>Vertical-slash</b> heads: {@code kv} is how many of the largest v[m] sum up to at least
 *       gamma, the fewest (at least one, at most all); the head keeps the {@code ⌊kv/B⌋ + 1} key
 *       blocks with the largest vb (at most NB). Likewise {@code ks} over s[d], and the {@code
 *       ⌊ks/B⌋ + 1} diagonals c of blocks with the largest sb. A pair of blocks (a, b) is chosen if
 *       b is such a block or a-b such a diagonal. There is no smallest or largest budget.
 *   <li><b>Query-aware</b> heads: {@code F[a,b] = softmax over b <= a of E^-0.5 QB[a]·KB[b]}, for
 *       each a by itself, so that all of F sums to NB. As few of the largest pairs of the whole map
 *       as sum up to at least {@code gamma * NB} are chosen (at least one, at most all). The
 *       smallest budget being none, no column or diagonal is added.
 *   <li><b>Live</b> pairs: the chosen ones, the first key block {@code b = 0} and the diagonal
 *       {@code b = a}; of them those with b &lt;= a.
 *   <li>{@code O[p]} is softmax attention with scale E^-0.5 over {@code m <= p} in live pairs (p/B,
 *       m/B).
 * </ol>
 *
 * <p>Equal values: the lower coordinate first; pairs (a, b) are ordered by a·NB + b. This follows
 * the published code except that it counts what a prefix sum equal to gamma adds as the equations
 * do, divides by B where the code divides by 128 for any B, and has no budgets.
 *
 * <p>Inputs Q[H,P,E], K[H,M,E], V[H,M,F], gamma and tau without ranks; output O[H,P,F].
 */
final class FlexPrefillReference implements ZooReference {

  @Override
  public String cascade() {
    return "flex_prefill";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        workload(4, 64, 8, 8, 8),
        workload(4, 43, 8, 5, 3),
        workload(3, 29, 4, 6, 7),
        workload(2, 9, 9, 3, 2),
        workload(4, 31, 3, 4, 5));
  }

  private static Map<String, Long> workload(long h, long l, long b, long e, long f) {
    return Map.of("H", h, "P", l, "M", l, "B", b, "E", e, "F", f);
  }

  /**
   * Keys that are alike within a block in even heads, so that pooling says what the queries see,
   * and unlike in odd heads.
   */
  @Override
  public Map<String, double[]> special(Map<String, Long> shapes, Random random) {
    int heads = Math.toIntExact(shapes.get("H"));
    int tokens = Math.toIntExact(shapes.get("M"));
    int block = Math.toIntExact(shapes.get("B"));
    int width = Math.toIntExact(shapes.get("E"));
    double[] k = new double[heads * tokens * width];
    double[] q = new double[k.length];
    for (int h = 0; h < heads; h++) {
      double unlike = h % 2 == 0 ? 0.3 : 3;
      double[] all = random.doubles(width, -1.5, 1.5).toArray();
      double[] common = all;
      for (int m = 0; m < tokens; m++) {
        if (m % block == 0) {
          common = random.doubles(width, -1.5, 1.5).toArray();
        }
        for (int e = 0; e < width; e++) {
          int at = (h * tokens + m) * width + e;
          k[at] = common[e] + unlike * random.nextDouble(-1, 1);
          q[at] = all[e] + unlike * random.nextDouble(-1, 1);
        }
      }
    }
    Map<String, double[]> special = new HashMap<>(Map.of("Q", q, "K", k));
    special.put("gamma", new double[] {random.nextDouble(0.6, 0.9)});
    special.put("tau", new double[] {between(distances(shapes, special))});
    return special;
  }

  private static double[] distances(Map<String, Long> shapes, Map<String, double[]> inputs) {
    return IntStream.range(0, Math.toIntExact(shapes.get("H")))
        .mapToDouble(h -> Math.sqrt(Math.max(0, head(h, shapes, inputs).divergence())))
        .sorted()
        .toArray();
  }

  /** The middle of the widest gap, so that heads take both branches and none of them narrowly. */
  private static double between(double[] ascending) {
    int widest = 1;
    for (int i = 1; i < ascending.length; i++) {
      if (ascending[i] - ascending[i - 1] > ascending[widest] - ascending[widest - 1]) {
        widest = i;
      }
    }
    // Heads of a single block have no distance, and are query-aware.
    return Math.max(1e-3, (ascending[widest] + ascending[widest - 1]) / 2);
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int heads = Math.toIntExact(shapes.get("H"));
    int tokens = Math.toIntExact(shapes.get("P"));
    int features = Math.toIntExact(shapes.get("F"));
    double[] o = new double[heads * tokens * features];
    for (int h = 0; h < heads; h++) {
      double[][] v = head(inputs.get("V"), h, tokens, features);
      Head head = head(h, shapes, inputs);
      boolean[][] live = head.live(inputs.get("gamma")[0], inputs.get("tau")[0]);
      for (int p = 0; p < tokens; p++) {
        double[] weight = head.weights(p, live[p / head.block]);
        for (int m = 0; m < tokens; m++) {
          for (int f = 0; f < features; f++) {
            o[(h * tokens + p) * features + f] += weight[m] * v[m][f];
          }
        }
      }
    }
    return Map.of("O", o);
  }

  /** One head of the inputs. */
  static Head head(int h, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int tokens = Math.toIntExact(shapes.get("P"));
    int width = Math.toIntExact(shapes.get("E"));
    return new Head(
        head(inputs.get("Q"), h, tokens, width),
        head(inputs.get("K"), h, tokens, width),
        Math.toIntExact(shapes.get("B")));
  }

  private static double[][] head(double[] values, int h, int rows, int width) {
    double[][] result = new double[rows][];
    for (int row = 0; row < rows; row++) {
      int from = (h * rows + row) * width;
      result[row] = Arrays.copyOfRange(values, from, from + width);
    }
    return result;
  }

  /** Queries and keys of a head, and what follows from them. */
  static final class Head {

    private final double[][] q;
    private final double[][] k;
    private final int block;
    private final int blocks;
    private final int tokens;

    Head(double[][] q, double[][] k, int block) {
      this.q = q;
      this.k = k;
      this.block = block;
      this.tokens = q.length;
      this.blocks = Math.ceilDiv(tokens, block);
    }

    private int representatives() {
      return Math.min(block, tokens);
    }

    /** Live key blocks of each query block. */
    boolean[][] live(double gamma, double tau) {
      boolean[][] live = isQueryAware(tau) ? queryAware(gamma) : verticalSlash(gamma);
      for (int a = 0; a < blocks; a++) {
        live[a][0] = true;
        live[a][a] = true;
        Arrays.fill(live[a], a + 1, blocks, false);
      }
      return live;
    }

    boolean isQueryAware(double tau) {
      return divergence() < tau * tau;
    }

    double divergence() {
      double[] pooled = pooledKeyWeights();
      double[] seen = byBlock(vertical());
      double divergence = 0;
      for (int b = 0; b < blocks; b++) {
        double middle = (pooled[b] + seen[b]) / 2;
        divergence += (share(pooled[b], middle) + share(seen[b], middle)) / 2;
      }
      return divergence;
    }

    private static double share(double part, double whole) {
      return part == 0 ? 0 : part * Math.log(part / whole);
    }

    private double[] pooledKeyWeights() {
      double[] query = mean(q, tokens - representatives(), tokens);
      double[] score = new double[blocks];
      for (int b = 0; b < blocks; b++) {
        score[b] = score(query, pooled(k, b));
      }
      return Softmax.of(score);
    }

    private double[] vertical() {
      double[] vertical = new double[tokens];
      for (int p = tokens - representatives(); p < tokens; p++) {
        double[] weight = causal(p);
        for (int m = 0; m < tokens; m++) {
          vertical[m] += weight[m] / representatives();
        }
      }
      return vertical;
    }

    private double[] slash() {
      double[] slash = new double[tokens];
      for (int p = tokens - representatives(); p < tokens; p++) {
        double[] weight = causal(p);
        for (int m = 0; m <= p; m++) {
          slash[p - m] += weight[m] / representatives();
        }
      }
      return slash;
    }

    private double[] causal(int p) {
      boolean[] all = new boolean[blocks];
      Arrays.fill(all, true);
      return weights(p, all);
    }

    private boolean[][] verticalSlash(double gamma) {
      boolean[] columns = largestBlocks(vertical(), gamma);
      boolean[] diagonals = largestBlocks(slash(), gamma);
      boolean[][] chosen = new boolean[blocks][blocks];
      for (int a = 0; a < blocks; a++) {
        for (int b = 0; b <= a; b++) {
          chosen[a][b] = columns[b] || diagonals[a - b];
        }
      }
      return chosen;
    }

    /** As many blocks as the largest elements fill that sum up to gamma, and one. */
    private boolean[] largestBlocks(double[] mass, double gamma) {
      int count = Math.min(fewest(mass, gamma).length / block + 1, blocks);
      boolean[] chosen = new boolean[blocks];
      int[] order = largestFirst(byBlock(mass));
      for (int i = 0; i < count; i++) {
        chosen[order[i]] = true;
      }
      return chosen;
    }

    private boolean[][] queryAware(double gamma) {
      double[] map = new double[blocks * blocks];
      for (int a = 0; a < blocks; a++) {
        double[] score = new double[a + 1];
        for (int b = 0; b <= a; b++) {
          score[b] = score(pooled(q, a), pooled(k, b));
        }
        System.arraycopy(Softmax.of(score), 0, map, a * blocks, a + 1);
      }
      boolean[][] chosen = new boolean[blocks][blocks];
      for (int pair : fewest(map, gamma * blocks)) {
        chosen[pair / blocks][pair % blocks] = true;
      }
      return chosen;
    }

    /** Softmax over the keys of live blocks up to a query. */
    double[] weights(int p, boolean[] live) {
      double[] score = new double[tokens];
      Arrays.fill(score, Double.NEGATIVE_INFINITY);
      for (int m = 0; m <= p; m++) {
        if (live[m / block]) {
          score[m] = score(q[p], k[m]);
        }
      }
      return Softmax.of(score);
    }

    private double[] byBlock(double[] values) {
      double[] sums = new double[blocks];
      for (int m = 0; m < tokens; m++) {
        sums[m / block] += values[m];
      }
      return sums;
    }

    private double[] pooled(double[][] rows, int b) {
      return mean(rows, b * block, Math.min((b + 1) * block, tokens));
    }
  }

  private static double[] mean(double[][] rows, int from, int to) {
    double[] mean = new double[rows[0].length];
    for (int row = from; row < to; row++) {
      for (int e = 0; e < mean.length; e++) {
        mean[e] += rows[row][e] / (to - from);
      }
    }
    return mean;
  }

  private static double score(double[] query, double[] key) {
    double score = 0;
    for (int e = 0; e < query.length; e++) {
      score += query[e] * key[e];
    }
    return score / Math.sqrt(query.length);
  }

  /** The fewest of the largest that sum up to at least a mass: at least one, at most all. */
  private static int[] fewest(double[] values, double mass) {
    int[] order = largestFirst(values);
    double sum = 0;
    int count = 0;
    do {
      sum += values[order[count]];
      count++;
    } while (sum < mass && count < order.length);
    return Arrays.copyOf(order, count);
  }

  private static int[] largestFirst(double[] values) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -values[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
