package dev.weir.einsum.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Special cases of references in which another one, or none at all, says what comes out. */
class LaterReferencesTest {

  private static final Offset<Double> ROUNDING = Offset.offset(1e-12);
  private static final long SEED = 20261128;

  @Test
  void bothBranchesOfFlexPrefillOccurInEveryWorkloadOfBlocks() {
    FlexPrefillReference reference = new FlexPrefillReference();
    for (Map<String, Long> shapes : reference.workloads()) {
      for (long seed = 1; seed <= 10 && shapes.get("P") > shapes.get("B"); seed++) {
        Map<String, double[]> inputs = reference.special(shapes, new Random(seed));
        TreeSet<Boolean> branches = new TreeSet<>();
        for (int h = 0; h < shapes.get("H"); h++) {
          branches.add(
              FlexPrefillReference.head(h, shapes, inputs).isQueryAware(inputs.get("tau")[0]));
        }
        assertThat(branches).as("%s, seed %d", shapes, seed).containsExactly(false, true);
      }
    }
  }

  /** As much mass as there is makes every block live, whichever branch a head takes. */
  @Test
  void flexPrefillOfAllMassIsDenseAttention() {
    FlexPrefillReference reference = new FlexPrefillReference();
    for (double tau : new double[] {0, 10}) {
      for (Map<String, Long> shapes : reference.workloads()) {
        Map<String, double[]> inputs = flexPrefill(shapes);
        inputs.put("gamma", new double[] {1.5});
        inputs.put("tau", new double[] {tau});
        assertThat(reference.outputs(shapes, inputs).get("O"))
            .as("%s, tau %s, seed %d", shapes, tau, SEED)
            .containsExactly(dense(shapes, inputs), ROUNDING);
      }
    }
  }

  /** Less mass means fewer live blocks in both branches. */
  @Test
  void flexPrefillLeavesBlocksOut() {
    Map<String, Long> shapes = new FlexPrefillReference().workloads().getFirst();
    for (double tau : new double[] {0, 10}) {
      FlexPrefillReference.Head head = FlexPrefillReference.head(1, shapes, flexPrefill(shapes));
      int few = live(head.live(0.2, tau));
      assertThat(few).as("tau %s, seed %d", tau, SEED).isLessThan(live(head.live(0.95, tau)));
      assertThat(few).isGreaterThanOrEqualTo(15);
    }
  }

  private static int live(boolean[][] map) {
    int live = 0;
    for (boolean[] row : map) {
      for (boolean pair : row) {
        live += pair ? 1 : 0;
      }
    }
    return live;
  }

  private static Map<String, double[]> flexPrefill(Map<String, Long> shapes) {
    Random random = new Random(SEED);
    Map<String, double[]> inputs =
        new HashMap<>(new FlexPrefillReference().special(shapes, random));
    inputs.put("V", numbers(random, shapes.get("H") * shapes.get("M") * shapes.get("F")));
    return inputs;
  }

  private static double[] dense(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int tokens = Math.toIntExact(shapes.get("P"));
    int width = Math.toIntExact(shapes.get("E"));
    int features = Math.toIntExact(shapes.get("F"));
    double[] o = new double[Math.toIntExact(shapes.get("H") * tokens * features)];
    for (int row = 0; row < shapes.get("H") * tokens; row++) {
      int first = row / tokens * tokens;
      double sum = 0;
      for (int m = first; m <= row; m++) {
        double score = 0;
        for (int e = 0; e < width; e++) {
          score += inputs.get("Q")[row * width + e] * inputs.get("K")[m * width + e];
        }
        double weight = Math.exp(score / Math.sqrt(width));
        sum += weight;
        for (int f = 0; f < features; f++) {
          o[row * features + f] += weight * inputs.get("V")[m * features + f];
        }
      }
      for (int f = 0; f < features; f++) {
        o[row * features + f] /= sum;
      }
    }
    return o;
  }

  @Test
  void aLayerWithoutOutputWeightsIsTheIdentity() {
    TransformerLayerReference reference = new TransformerLayerReference();
    Map<String, Long> shapes = reference.workloads().getFirst();
    Map<String, double[]> inputs = layer(shapes);
    Arrays.fill(inputs.get("WO"), 0);
    Arrays.fill(inputs.get("WD"), 0);
    assertThat(reference.outputs(shapes, inputs).get("Y")).containsExactly(inputs.get("X"));
  }

  @Test
  void noTokenOfALayerSeesALaterOne() {
    TransformerLayerReference reference = new TransformerLayerReference();
    for (Map<String, Long> shapes : reference.workloads()) {
      Map<String, double[]> inputs = layer(shapes);
      double[] all = reference.outputs(shapes, inputs).get("Y");
      int last = Math.toIntExact((shapes.get("P") - 1) * shapes.get("D"));
      inputs.get("X")[last]++;
      double[] changed = reference.outputs(shapes, inputs).get("Y");
      assertThat(Arrays.copyOf(changed, last)).containsExactly(Arrays.copyOf(all, last));
      assertThat(changed[last]).as("%s, seed %d", shapes, SEED).isNotEqualTo(all[last]);
    }
  }

  /** One token attends to itself alone, so that a layer of one is a layer without queries. */
  @Test
  void oneTokenNeedsNoQueries() {
    TransformerLayerReference reference = new TransformerLayerReference();
    Map<String, Long> shapes = reference.workloads().get(2);
    assertThat(shapes.get("P")).isEqualTo(1);
    Map<String, double[]> inputs = layer(shapes);
    double[] y = reference.outputs(shapes, inputs).get("Y");
    Arrays.fill(inputs.get("WQ"), 0);
    assertThat(reference.outputs(shapes, inputs).get("Y")).containsExactly(y, ROUNDING);
  }

  private static Map<String, double[]> layer(Map<String, Long> shapes) {
    Random random = new Random(SEED);
    Map<String, double[]> inputs =
        new HashMap<>(new TransformerLayerReference().special(shapes, random));
    inputs.put("X", numbers(random, shapes.get("P") * shapes.get("D")));
    inputs.put("G1", numbers(random, shapes.get("D")));
    inputs.put("G2", numbers(random, shapes.get("D")));
    return inputs;
  }

  /** Chunk after chunk, each begun with what the one before left. */
  @Test
  void titansChunksAreTitansChunkAfterChunk() {
    TitansChunksReference reference = new TitansChunksReference();
    for (Map<String, Long> shapes : reference.workloads()) {
      int tokens = Math.toIntExact(shapes.get("T"));
      Map<String, double[]> inputs = titans(shapes);
      Map<String, double[]> all = reference.outputs(shapes, inputs);
      Map<String, double[]> chunk = new HashMap<>(inputs);
      int features = Math.toIntExact(shapes.get("F"));
      for (int c = 0; c < shapes.get("C"); c++) {
        for (String name : new String[] {"K", "V", "Q", "Eta", "Theta", "Alpha"}) {
          int size = inputs.get(name).length / Math.toIntExact(shapes.get("C"));
          chunk.put(name, Arrays.copyOfRange(inputs.get(name), c * size, (c + 1) * size));
        }
        Map<String, double[]> one = new TitansMemoryReference().outputs(shapes, chunk);
        int from = c * tokens * features;
        assertThat(Arrays.copyOfRange(all.get("Y"), from, from + tokens * features))
            .containsExactly(one.get("Y"), ROUNDING);
        for (int t = 0; t < tokens; t++) {
          assertThat(all.get("R")[from + t * features])
              .isCloseTo(read(chunk.get("M0"), chunk.get("Q"), t, shapes), ROUNDING);
        }
        chunk.put("M0", one.get("ML"));
        chunk.put("S0", one.get("SL"));
      }
      assertThat(all.get("ML")).containsExactly(chunk.get("M0"), ROUNDING);
      assertThat(all.get("SL")).containsExactly(chunk.get("S0"), ROUNDING);
    }
  }

  /** Feature 0 of what a memory answers. */
  private static double read(double[] memory, double[] q, int token, Map<String, Long> shapes) {
    int width = Math.toIntExact(shapes.get("E"));
    double answer = 0;
    for (int e = 0; e < width; e++) {
      answer += memory[e] * q[token * width + e];
    }
    return answer;
  }

  private static Map<String, double[]> titans(Map<String, Long> shapes) {
    Random random = new Random(SEED);
    Map<String, double[]> inputs =
        new HashMap<>(new TitansChunksReference().special(shapes, random));
    long tokens = shapes.get("C") * shapes.get("T");
    inputs.put("K", numbers(random, tokens * shapes.get("E")));
    inputs.put("Q", numbers(random, tokens * shapes.get("E")));
    inputs.put("V", numbers(random, tokens * shapes.get("F")));
    inputs.put("M0", numbers(random, shapes.get("F") * shapes.get("E")));
    inputs.put("S0", numbers(random, shapes.get("F") * shapes.get("E")));
    return inputs;
  }

  private static double[] numbers(Random random, long count) {
    return random.doubles(count, -1.5, 1.5).toArray();
  }
}
