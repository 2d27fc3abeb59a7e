package dev.weir.einsum.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Tokens that fill no chunk of a memory are a chunk of their own, as the cascade's header says. */
class TitansTailTest {

  private static final long SEED = 20261130;
  private static final int CHUNKS = 4;
  private static final int CHUNK = 4;
  private static final int TOKENS = CHUNKS * CHUNK + 3;

  private final Cascade cascade = CascadeReader.readFile(ZooTest.ZOO.resolve("titans_chunks.edge"));
  private final Random random = new Random(SEED);

  // One feature, so that a memory is a number.
  private final double[] k = random.doubles(TOKENS, -1.5, 1.5).toArray();
  private final double[] v = random.doubles(TOKENS, -1.5, 1.5).toArray();
  private final double[] q = random.doubles(TOKENS, -1.5, 1.5).toArray();
  private final double[] eta = random.doubles(TOKENS, 0.05, 0.95).toArray();
  private final double[] theta = random.doubles(TOKENS, 0.01, 0.1).toArray();
  private final double[] alpha = random.doubles(TOKENS, 0.05, 0.95).toArray();

  @Test
  void aShortLastChunkBeginsWithWhatTheOthersLeft() {
    Map<TensorName, DenseTensor> whole = run(0, CHUNKS, CHUNK, 0.3, -0.2);
    double memory = values(whole, "ML")[0];
    double momentum = values(whole, "SL")[0];
    Map<TensorName, DenseTensor> tail = run(CHUNKS * CHUNK, 1, 3, memory, momentum);
    double[] y = Arrays.copyOf(values(whole, "Y"), TOKENS);
    System.arraycopy(values(tail, "Y"), 0, y, CHUNKS * CHUNK, 3);
    assertThat(y)
        .as("seed %d", SEED)
        .containsExactly(tokenByToken(0.3, -0.2), Offset.offset(1e-13));
  }

  /** The memory after each token, asked its query. */
  private double[] tokenByToken(double first, double firstMomentum) {
    double memory = first;
    double momentum = firstMomentum;
    double atStart = first;
    double[] y = new double[TOKENS];
    for (int n = 0; n < TOKENS; n++) {
      atStart = n % CHUNK == 0 ? memory : atStart;
      double gradient = 2 * (atStart * k[n] - v[n]) * k[n];
      momentum = eta[n] * momentum - theta[n] * gradient;
      memory = (1 - alpha[n]) * memory + momentum;
      y[n] = memory * q[n];
    }
    return y;
  }

  private Map<TensorName, DenseTensor> run(
      int from, int chunks, int chunk, double memory, double momentum) {
    Map<String, double[]> given =
        Map.of(
            "K",
            k,
            "V",
            v,
            "Q",
            q,
            "Eta",
            eta,
            "Theta",
            theta,
            "Alpha",
            alpha,
            "M0",
            new double[] {memory},
            "S0",
            new double[] {momentum});
    Map<TensorName, DenseTensor> inputs = new HashMap<>();
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.INPUT) {
        double[] all = given.get(tensor.name().text());
        boolean isState = all.length == 1;
        long[] shape = new long[tensor.ranks().size()];
        Arrays.fill(shape, 1);
        if (!isState) {
          shape[0] = chunks;
          shape[1] = chunk;
        }
        double[] part = isState ? all : Arrays.copyOfRange(all, from, from + chunks * chunk);
        inputs.put(tensor.name(), new DenseTensor(shape, tensor.empty(), part));
      }
    }
    return ReferenceEvaluator.evaluate(
        cascade,
        cascade.shapes(
            Map.of(
                new RankName("C"),
                (long) chunks,
                new RankName("T"),
                (long) chunk,
                new RankName("E"),
                1L,
                new RankName("F"),
                1L)),
        inputs);
  }

  private static double[] values(Map<TensorName, DenseTensor> tensors, String name) {
    return tensors.get(new TensorName(name)).values();
  }
}
