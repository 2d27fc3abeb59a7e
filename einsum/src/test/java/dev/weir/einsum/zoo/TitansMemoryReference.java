package dev.weir.einsum.zoo;

import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One chunk of a linear neural memory: "Titans: Learning to Memorize at Test Time", section 3.1.
 * The gradient of {@code |M k_t - v_t|^2} is taken at the memory before the chunk, momentum and
 * forgetting follow {@code S_t = eta_t S_(t-1) - theta_t G_t} and {@code M_t = (1 - alpha_t)
 * M_(t-1) + S_t}, and each token reads {@code y_t = M_t q_t}.
 */
final class TitansMemoryReference implements ZooReference {

  @Override
  public String cascade() {
    return "titans_memory";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        Map.of("T", 16L, "E", 4L, "F", 4L),
        Map.of("T", 7L, "E", 3L, "F", 5L),
        Map.of("T", 1L, "E", 6L, "F", 2L),
        Map.of("T", 29L, "E", 11L, "F", 7L));
  }

  @Override
  public Map<String, double[]> special(Map<String, Long> shapes, Random random) {
    long steps = shapes.get("T");
    return Map.of(
        "Eta", random.doubles(steps, 0.05, 0.95).toArray(),
        "Theta", random.doubles(steps, 0.05, 0.95).toArray(),
        "Alpha", random.doubles(steps, 0.05, 0.95).toArray());
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int steps = Math.toIntExact(shapes.get("T"));
    int width = Math.toIntExact(shapes.get("E"));
    int features = Math.toIntExact(shapes.get("F"));
    double[] k = inputs.get("K");
    double[] v = inputs.get("V");
    double[] q = inputs.get("Q");
    double[] start = inputs.get("M0");
    double[] memory = start.clone();
    double[] momentum = inputs.get("S0").clone();
    double[] y = new double[steps * features];
    for (int t = 0; t < steps; t++) {
      double eta = inputs.get("Eta")[t];
      double theta = inputs.get("Theta")[t];
      double alpha = inputs.get("Alpha")[t];
      for (int f = 0; f < features; f++) {
        double error = -v[t * features + f];
        for (int e = 0; e < width; e++) {
          error += start[f * width + e] * k[t * width + e];
        }
        for (int e = 0; e < width; e++) {
          int at = f * width + e;
          double gradient = 2 * error * k[t * width + e];
          momentum[at] = eta * momentum[at] - theta * gradient;
          memory[at] = (1 - alpha) * memory[at] + momentum[at];
          y[t * features + f] += memory[at] * q[t * width + e];
        }
      }
    }
    return Map.of("Y", y, "ML", memory, "SL", momentum);
  }
}
