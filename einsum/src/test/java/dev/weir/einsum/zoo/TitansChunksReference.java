package dev.weir.einsum.zoo;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * C chunks of T tokens of a linear neural memory: "Titans: Learning to Memorize at Test Time",
 * sections 3.1 and 3.2. Memory and momentum are matrices [F,E]; M(0) and S(0) are the inputs M0 and
 * S0. In chunk c, token after token:
 *
 * <ul>
 *   <li>the gradient of {@code |M k - v|^2} is taken at the memory before the chunk, whichever
 *       token it is for: {@code G_t[f,e] = 2 (sum over e' of M(c)[f,e'] K[c,t,e'] - V[c,t,f])
 *       K[c,t,e]}
 *   <li>{@code S_t = Eta[c,t] S_(t-1) - Theta[c,t] G_t}; the first token of a chunk goes on with
 *       the momentum of the last one of the chunk before
 *   <li>{@code M_t = (1 - Alpha[c,t]) M_(t-1) + S_t}; the first token starts from M(c), and M(c+1)
 *       is the memory after the last token of chunk c
 *   <li>the chunk reads the memory before it, as the segments of the memory-as-context layer of the
 *       paper do: {@code R[c,t,f] = sum over e of M(c)[f,e] Q[c,t,e]}. So what a chunk writes is
 *       read from the next chunk on.
 * </ul>
 *
 * <p>Inputs K[C,T,E], V[C,T,F], Q[C,T,E], M0[F,E], S0[F,E], Eta[C,T], Theta[C,T], Alpha[C,T].
 * Besides R[C,T,F] there are, for a cascade that has them, Y[C,T,F], which reads the memory after
 * each token ({@code Y[c,t,f] = sum over e of M_t[f,e] Q[c,t,e]}, as {@code titans_memory} does
 * within its one chunk), and the memory ML[F,E] and momentum SL[F,E] after the last chunk.
 */
final class TitansChunksReference implements ZooReference {

  @Override
  public String cascade() {
    return "titans_chunks";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        Map.of("C", 4L, "T", 4L, "E", 4L, "F", 4L),
        Map.of("C", 3L, "T", 5L, "E", 3L, "F", 2L),
        Map.of("C", 1L, "T", 7L, "E", 2L, "F", 5L),
        Map.of("C", 6L, "T", 1L, "E", 5L, "F", 3L));
  }

  /** Gates in (0, 1); steps so short that no memory grows without bound. */
  @Override
  public Map<String, double[]> special(Map<String, Long> shapes, Random random) {
    long tokens = shapes.get("C") * shapes.get("T");
    return Map.of(
        "Eta", random.doubles(tokens, 0.05, 0.95).toArray(),
        "Theta", random.doubles(tokens, 0.01, 0.1).toArray(),
        "Alpha", random.doubles(tokens, 0.05, 0.95).toArray());
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int chunks = Math.toIntExact(shapes.get("C"));
    int steps = Math.toIntExact(shapes.get("T"));
    int width = Math.toIntExact(shapes.get("E"));
    int features = Math.toIntExact(shapes.get("F"));
    double[] memory = inputs.get("M0").clone();
    double[] momentum = inputs.get("S0").clone();
    double[] atStart = new double[chunks * steps * features];
    double[] running = new double[chunks * steps * features];
    for (int c = 0; c < chunks; c++) {
      double[] before = memory.clone();
      for (int t = 0; t < steps; t++) {
        int token = c * steps + t;
        double[] key = row(inputs.get("K"), token, width);
        double[] query = row(inputs.get("Q"), token, width);
        double eta = inputs.get("Eta")[token];
        double theta = inputs.get("Theta")[token];
        double alpha = inputs.get("Alpha")[token];
        double[] recalled = product(before, key, features);
        for (int f = 0; f < features; f++) {
          double error = recalled[f] - inputs.get("V")[token * features + f];
          for (int e = 0; e < width; e++) {
            int at = f * width + e;
            momentum[at] = eta * momentum[at] - theta * 2 * error * key[e];
            memory[at] = (1 - alpha) * memory[at] + momentum[at];
          }
        }
        System.arraycopy(product(before, query, features), 0, atStart, token * features, features);
        System.arraycopy(product(memory, query, features), 0, running, token * features, features);
      }
    }
    Map<String, double[]> outputs = new HashMap<>();
    outputs.put("R", atStart);
    outputs.put("Y", running);
    outputs.put("ML", memory);
    outputs.put("SL", momentum);
    return outputs;
  }

  private static double[] product(double[] matrix, double[] vector, int rows) {
    double[] result = new double[rows];
    for (int row = 0; row < rows; row++) {
      for (int e = 0; e < vector.length; e++) {
        result[row] += matrix[row * vector.length + e] * vector[e];
      }
    }
    return result;
  }

  private static double[] row(double[] values, int at, int width) {
    double[] row = new double[width];
    System.arraycopy(values, at * width, row, 0, width);
    return row;
  }
}
