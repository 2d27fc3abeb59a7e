package dev.weir.einsum.zoo;

import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Qin et al., "Various Lengths, Constant Speed: Efficient Language Modeling with Lightning
 * Attention", as the masked product: O[l] is the sum over m at most l of lambda^(l-m) (q_l . k_m)
 * v_m.
 */
final class LightningAttentionReference implements ZooReference {

  @Override
  public String cascade() {
    return "lightning_attention";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        Map.of("H", 2L, "L", 24L, "E", 6L, "F", 6L, "I", 6L, "J", 6L),
        Map.of("H", 2L, "L", 24L, "E", 6L, "F", 6L, "I", 8L, "J", 8L),
        Map.of("H", 3L, "L", 29L, "E", 5L, "F", 7L, "I", 8L, "J", 8L),
        Map.of("H", 1L, "L", 17L, "E", 3L, "F", 1L, "I", 5L, "J", 5L),
        Map.of("H", 2L, "L", 7L, "E", 1L, "F", 2L, "I", 1L, "J", 1L),
        Map.of("H", 2L, "L", 7L, "E", 4L, "F", 3L, "I", 7L, "J", 7L));
  }

  /** Decays below one; the first head forgets fast. */
  @Override
  public Map<String, double[]> special(Map<String, Long> shapes, Random random) {
    double[] lambda = new double[Math.toIntExact(shapes.get("H"))];
    for (int h = 0; h < lambda.length; h++) {
      lambda[h] = (h == 0 ? 0.4 : 0.8) + 0.19 * random.nextDouble();
    }
    return Map.of("lambda", lambda);
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int heads = Math.toIntExact(shapes.get("H"));
    int length = Math.toIntExact(shapes.get("L"));
    int width = Math.toIntExact(shapes.get("E"));
    int valueWidth = Math.toIntExact(shapes.get("F"));
    double[] q = inputs.get("Q");
    double[] k = inputs.get("K");
    double[] v = inputs.get("V");
    double[] lambda = inputs.get("lambda");
    double[] o = new double[heads * length * valueWidth];
    for (int h = 0; h < heads; h++) {
      for (int l = 0; l < length; l++) {
        for (int m = 0; m <= l; m++) {
          double dot = 0;
          for (int e = 0; e < width; e++) {
            dot += q[(h * length + l) * width + e] * k[(h * length + m) * width + e];
          }
          double weight = Math.pow(lambda[h], l - m) * dot;
          for (int f = 0; f < valueWidth; f++) {
            o[(h * length + l) * valueWidth + f] += weight * v[(h * length + m) * valueWidth + f];
          }
        }
      }
    }
    return Map.of("O", o);
  }
}
