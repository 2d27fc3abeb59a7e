package dev.weir.einsum.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is counted, against a run of every point. */
class PointCountTest {

  /** How many of the compared numbers were exact though points or elements are absent. */
  private int exactParts;

  private int bounds;

  @Test
  void randomConditionsHoldAsOftenAsTrying() {
    long seed = new Random().nextLong();
    Random shapes = new Random(seed);
    for (int draw = 0; draw < 2000; draw++) {
      String condition = RandomWindows.condition(seed + draw);
      String text =
          "cascade one\n  ranks M, P, W\n  inputs A[M,P,W]\n  Z[m,p,w] = A[m,p,w] | %s\n  outputs Z\n"
              .formatted(condition);
      Cascade cascade = read(text);
      Shapes chosen =
          CascadeBuilder.shapes(
              cascade,
              "M=%d P=%d W=%d"
                  .formatted(
                      1 + shapes.nextInt(14), 1 + shapes.nextInt(14), 1 + shapes.nextInt(5)));
      PointCount count = PointCount.of(cascade.einsums().getFirst(), cascade, chosen);
      long tried = new PlainPoints(cascade, chosen, seed).iterated.getFirst();
      assertThat(count.points())
          .as("seed %d, %s, %s", seed + draw, condition, chosen)
          .isEqualTo(tried);
      assertThat(count.whyUpperBound()).as(condition).isEmpty();
    }
  }

  @Test
  void randomCascadesDoWhatIsCounted() {
    long seed = new Random().nextLong();
    Random shapes = new Random(seed);
    for (int draw = 0; draw < 600; draw++) {
      RandomWindows.Drawn drawn = RandomWindows.draw(seed + draw);
      String chosen =
          "M=%d P=%d W=%d"
              .formatted(1 + shapes.nextInt(6), 1 + shapes.nextInt(6), 1 + shapes.nextInt(3));
      compare(
          drawn.cascade(), chosen, "seed %d, %s%n%s".formatted(seed + draw, chosen, drawn.text()));
    }
    assertThat(exactParts).as("seed %d", seed).isGreaterThan(600);
    assertThat(bounds).as("seed %d", seed).isGreaterThan(200);
  }

  @Test
  void cascadesWithTablesSelectionsAndRecurrencesDoNoMoreThanIsCounted() {
    long seed = new Random().nextInt(1 << 30);
    for (int draw = 0; draw < 300; draw++) {
      IrregularCascades.Drawn drawn = IrregularCascades.draw(seed + draw);
      compare(
          drawn.cascade(),
          "M=5 P=3 T=2 N=4 M0=2",
          "seed %d%n%s".formatted(seed + draw, drawn.text()));
      Cascade cascade = RandomCascades.conditional(seed + draw);
      compare(cascade, "M=5 P=3 F=2 M0=2", "RandomCascades.conditional(%d)".formatted(seed + draw));
    }
    assertThat(exactParts).as("seed %d", seed).isGreaterThan(100);
  }

  /** Keys before the first one are absent: a window of 128 of 64 queries holds 1 + 2 + ... + 64. */
  @Test
  void readsOutsideATensorAreNoPoints() {
    Cascade window =
        read(
            """
            cascade window
              ranks     P, W, E
              inputs    Q[P,E], K[P,E]
              empty     Q = -inf, K = -inf, S = -inf

              S[p,w]  = Q[p,e] * K[p-w,e]
              G[p]    = S[p,w] :: max(w)
              N[p,w]  = exp(S[p,w] - G[p])
              outputs   N
            """);
    assertThat(points(window, "P=64 W=128 E=64"))
        .containsExactly("S 133120", "G 2080", "N at most 8192");
    assertThat(
            points(
                read(
                    """
                    cascade convolution
                      ranks     P, W
                      inputs    A[P], G[W]
                      Z[p] = G[w] * A[p+w-500]
                      outputs   Z
                    """),
                "P=10 W=1000"))
        .containsExactly("Z 100");
  }

  @Test
  void whatNobodyWroteIsNoPointOfItsReaders() {
    Cascade cascade =
        read(
            """
            cascade part
              ranks     P, B, R
              inputs    A[P,B,R]

              X[p,b,r] = A[p,b,r] | b < p
              D[p,b]   = X[p,b,r]
              M[p,b]   = X[p,b,r] :: max(r)
              Y[p,b]   = M[p,b] / D[p,b]
              Z[p,b]   = A[p,b,r] * 2 | p == 3
              S[p]     = Z[p,b]
              W[p]     = S[p] * S[p]
              outputs   Y, W
            """);
    assertThat(points(cascade, "P=100 B=100 R=4"))
        .containsExactly("X 19800", "D 19800", "M 19800", "Y 4950", "Z 400", "S 100", "W 1");
  }

  /** Sums over one coordinate, of what a window leaves of the other, are the judge. */
  @Test
  void longSequencesNeedNoEnumerationOfPairs() {
    long length = 1 << 16;
    long window = 0;
    long withSink = 0;
    for (long p = 0; p < length; p++) {
      long recent = Math.min(p + 1, 128);
      window += recent;
      withSink += recent + Math.min(4, p + 1 - recent);
    }
    long alike = 0;
    for (long rest = 0; rest < 7; rest++) {
      long each = (length - rest + 6) / 7;
      alike += each * each;
    }
    assertMasked("m <= p and (m < 4 or p-m < 128)", withSink);
    assertMasked("not (m > p or p-m >= 128)", window);
    assertMasked("m != p", length * length - length);
    assertMasked("m/64 == p/64", length * 64);
    assertMasked("m%7 == p%7", alike);
    assertMasked("(p-m)%64 == 0 and m <= p", length / 64 * (length / 64 + 1) / 2 * 64);
    assertMasked("min(m, p) >= 1000 and max(m, p) != 2000", 64536L * 64536 - (2 * 1001L - 1));
  }

  private static void assertMasked(String condition, long expected) {
    Cascade cascade =
        read(
            "cascade masked\n  ranks M, P\n  inputs A[M], B[P]\n  Z[m,p] = A[m] * B[p] | %s\n  outputs Z\n"
                .formatted(condition));
    assertThat(points(cascade, "M=65536 P=65536")).as(condition).containsExactly("Z " + expected);
  }

  private static List<String> points(Cascade cascade, String shapes) {
    return OperationCount.of(cascade, CascadeBuilder.shapes(cascade, shapes)).einsums().stream()
        .map(
            einsum ->
                einsum.einsum()
                    + (einsum.points().whyUpperBound().isPresent() ? " at most " : " ")
                    + einsum.points().points())
        .toList();
  }

  /** Eight heads on 32 key heads read every fourth of them. */
  @Test
  void inputsAreReadAsFarAsPointsNeedThem() {
    Cascade cascade =
        read(
            """
            cascade heads
              ranks     H, Hk, P, M, T
              inputs    Q[H,P], K[Hk,P], V[M], J[P,T] :: integers(0, M - 1), I[P,T]

              Y[h]   = Q[h,p] * K[h*Hk/H,p]
              Z[p,t] = V[J[p,t]] | t < 2
              U[p,t] = Q[0,p] * V[I[p,t]]
              outputs   Y, Z, U
            """);
    Shapes shapes = CascadeBuilder.shapes(cascade, "H=8 Hk=32 P=10 M=100 T=3");
    assertThat(points(cascade, "H=8 Hk=32 P=10 M=100 T=3"))
        .containsExactly("Y 80", "Z 20", "U at most 30");
    assertThat(
            CompulsoryTraffic.of(cascade, shapes).tensors().stream()
                .map(
                    tensor ->
                        tensor.tensor()
                            + (tensor.isUpperBound() ? " at most " : " ")
                            + tensor.words()))
        .containsExactly(
            "Q 80", "K 80", "V at most 100", "J 20", "I at most 30", "Y 8", "Z 20", "U at most 30");
  }

  private void compare(Cascade cascade, String text, String what) {
    Shapes shapes = CascadeBuilder.shapes(cascade, text);
    PlainPoints plain = new PlainPoints(cascade, shapes, 1);
    OperationCount operations = OperationCount.of(cascade, shapes);
    for (int at = 0; at < cascade.einsums().size(); at++) {
      OperationCount.OfEinsum einsum = operations.einsums().get(at);
      long done = plain.computed.get(at);
      boolean isPart = done < PointCount.of(cascade.einsums().get(at), cascade, shapes).points();
      compare(
          einsum.points().points(),
          einsum.points().whyUpperBound().isPresent(),
          done,
          isPart,
          einsum.einsum() + ", " + what);
      if (einsum.points().whyUpperBound().isEmpty()) {
        assertThat(plain.complete.get(at)).as("%s, %s", einsum.einsum(), what).isEqualTo(done);
      }
    }
    for (CompulsoryTraffic.OfTensor tensor : CompulsoryTraffic.of(cascade, shapes).tensors()) {
      Tensor declared = cascade.tensorsByName().get(tensor.tensor());
      if (tensor.role() != Tensor.Role.INTERMEDIATE) {
        long moved =
            tensor.role() == Tensor.Role.INPUT
                ? plain.read(tensor.tensor())
                : plain.written(declared);
        boolean isPart = moved < TensorWords.of(declared, cascade.partitions(), shapes);
        compare(
            tensor.words(), tensor.isUpperBound(), moved, isPart, tensor.tensor() + ", " + what);
      }
    }
  }

  private void compare(long counted, boolean isBound, long done, boolean isPart, String what) {
    if (isBound) {
      bounds++;
      assertThat(counted).as(what).isGreaterThanOrEqualTo(done);
    } else {
      exactParts += isPart ? 1 : 0;
      assertThat(counted).as(what).isEqualTo(done);
    }
  }

  private static Cascade read(String text) {
    Diagnostics diagnostics = new Diagnostics();
    return CascadeReader.read(new SourceFile("one", text), diagnostics)
        .orElseThrow(() -> new AssertionError(text + diagnostics.render()));
  }
}
