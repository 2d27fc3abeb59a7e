package dev.weir.einsum.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Computed indices, real conditions, populate actions: loops against evaluation on demand. */
public class IrregularEvaluationTest {

  private static final String TEXT =
      """
      cascade irregular
        ranks     M, P, T, U, W, C, B, S
        inputs    S0[P,M], V[M], N[P], Own[M], Bnd[B], gamma
        scalar    half = P^0 / 2

        function leaky(x) = max(x, 0.2*x) :: cost(multiply, max) :: rising()
        function step(x, y) = leaky(x - y) + leaky(y)

        Act[p,m]  = step(S0[p,m], V[m])
        Win[p,w]  = V[max(min(p - W/2, M-W), 0) + w]
        Blk[p]    = V[m] | m/3 == p/3 and m <= p
        Cat[c]    = V[1*c] + N[c-M]
        Top[p,t]  = S0[p,m] :: topk(m, t) | m <= 2*p
        Low[p,u]  = S0[p,m] :: argsort(m, u)
        Few[p,u]  = abs(S0[p,m]) :: mass(m, u, 3/2 + gamma)
        G[p,t]    = V[Top[p,t]]
        Inv[p,m]  = u | m == Low[p,u]
        Seg[b]    = V[m] | Own[m] == b
        Most[b]   = V[m] :: max(m) | Own[m] == b
        Big[p]    = S0[p,m] :: max(m) | S0[p,m] < half and S0[p,m] > -0.25
        Chunk[b]  = V[m] | Bnd[b] <= m and m < Bnd[min(b+1, B-1)]
        First[b,s] = V[Bnd[b] + s] | s < 2
        outputs   Act, Win, Blk, Cat, G, Inv, Seg, Most, Big, Chunk, First, Few
      """;

  @Test
  void loopsAgreeWithEvaluationOnDemand() {
    Cascade cascade = cascade();
    for (long seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      Shapes shapes = shapes(random);
      Map<TensorName, DenseTensor> inputs = inputs(cascade, shapes, random);

      Map<TensorName, DenseTensor> expected = DemandEvaluator.evaluate(cascade, shapes, inputs);
      Map<TensorName, DenseTensor> actual = ReferenceEvaluator.evaluate(cascade, shapes, inputs);

      for (Tensor tensor : cascade.tensors()) {
        assertThat(actual.get(tensor.name()).values())
            .as("%s, seed %d", tensor.name(), seed)
            .usingComparatorWithPrecision(1e-12)
            .containsExactly(expected.get(tensor.name()).values());
      }
    }
  }

  /** Everything irregular in one cascade. */
  public static Cascade cascade() {
    Diagnostics diagnostics = new Diagnostics();
    return CascadeReader.read(new SourceFile("irregular", TEXT), diagnostics)
        .orElseThrow(() -> new AssertionError(diagnostics.render()));
  }

  /** Shapes for it. */
  public static Shapes shapes(Random random) {
    long m = 5L + random.nextInt(6);
    long p = 2L + random.nextInt(5);
    Map<RankName, Long> shapes = new HashMap<>();
    shapes.put(new RankName("M"), m);
    shapes.put(new RankName("P"), p);
    shapes.put(new RankName("T"), 1L + random.nextInt(4));
    shapes.put(new RankName("U"), m);
    shapes.put(new RankName("W"), 2L + random.nextInt(3));
    shapes.put(new RankName("C"), m + p);
    shapes.put(new RankName("B"), 4L);
    shapes.put(new RankName("S"), 3L);
    return Shapes.complete(shapes, List.of());
  }

  /** Scores tie often; owners may be out of range; boundaries ascend. */
  public static Map<TensorName, DenseTensor> inputs(Cascade cascade, Shapes shapes, Random random) {
    Map<TensorName, DenseTensor> inputs = new HashMap<>();
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.INPUT) {
        DenseTensor values =
            new DenseTensor(ReferenceEvaluator.shape(tensor, shapes), tensor.empty());
        for (int i = 0; i < values.array().length; i++) {
          values.array()[i] =
              switch (tensor.name().text()) {
                case "Own" -> random.nextInt(5);
                case "Bnd" -> Math.floor(i * shapes.of(new RankName("M")) / 3.0);
                // Infinite scores are the first of an order, however many they are.
                case "S0" ->
                    random.nextInt(8) == 0
                        ? Double.POSITIVE_INFINITY
                        : (random.nextInt(9) - 4) / 4.0;
                default -> (random.nextInt(9) - 4) / 4.0;
              };
        }
        inputs.put(tensor.name(), values);
      }
    }
    return inputs;
  }
}
