package dev.weir.einsum.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ForcedTrafficTest {

  private static final RankName M = new RankName("M");
  private static final long QUERIES = 30;
  private static final long KEYS = 100;
  private static final long SEED = 20261128;
  private static final int SCHEDULES = 8;

  /** QK and SN of each query go out and come back, except for what fits. */
  @Test
  void eachQueryOfThreePassesSpillsWhatDoesNotFit() {
    assertThat(ofRank(FuseMaxCascades.cascade4(), 0))
        .isEqualTo(new ForcedTraffic.OfRank(M, 2 * KEYS * QUERIES, 2 * KEYS * QUERIES));
    assertThat(ofRank(FuseMaxCascades.cascade4(), 40))
        .isEqualTo(new ForcedTraffic.OfRank(M, 2 * 60 * QUERIES, 2 * 60 * QUERIES));
    assertThat(ofRank(FuseMaxCascades.cascade4(), KEYS).words()).isZero();
    assertThat(ofRank(FuseMaxCascades.cascade4Deferred(), 0).words()).isEqualTo(2 * KEYS * QUERIES);
    assertThat(ofRank(FuseMaxCascades.cascade5(), 0).words()).isZero();
  }

  @Test
  void inputsComeAgainWithoutBeingWritten() {
    Cascade cascade = FuseMaxCascades.cascade1();
    Shapes shapes = CascadeBuilder.shapes(cascade, "K=100");

    assertThat(ForcedTraffic.of(cascade, shapes, 30).ranks())
        .contains(new ForcedTraffic.OfRank(new RankName("K"), 70, 0));
  }

  /** B[m,e] is one block for all queries: it comes again once, not once a query. */
  @Test
  void whatAllFibersShareIsCountedOnce() {
    Cascade cascade =
        CascadeBuilder.cascade("shared")
            .inputs("A[M,P]", "B[M,E]")
            .tensors(0, "Y[P]")
            .outputs("Z[E,P]")
            .einsum("Y[p] = A[m,p] * B[m,e]")
            .einsum("Z[e,p] = B[m,e] / Y[p]")
            .build();
    Shapes shapes = CascadeBuilder.shapes(cascade, "M=10 P=7 E=4");

    assertThat(ForcedTraffic.of(cascade, shapes, 15).ranks())
        .contains(new ForcedTraffic.OfRank(M, 25, 0));
  }

  /**
   * The latent of MLA is keys and values at once: it comes again however many queries there are.
   */
  @Test
  void moreQueriesNeverForceLess() {
    Cascade cascade = latent();
    long before = 0;
    for (long queries = 1; queries <= 4096; queries *= 2) {
      Shapes shapes = CascadeBuilder.shapes(cascade, "M=100 P=" + queries + " E=8");
      long forced = ForcedTraffic.of(cascade, shapes, 200).words();
      assertThat(forced).as("%d queries", queries).isGreaterThanOrEqualTo(before);
      // The scores of a query, 100 words, fit; those of a query and all latents do not.
      assertThat(forced).isEqualTo(100 + 800 - 200);
      assertThat(LiveFootprint.of(cascade, shapes).of(M).moments().getFirst().words(shapes))
          .isEqualTo(100 + 800);
      before = forced;
    }
  }

  private static Cascade latent() {
    return CascadeBuilder.cascade("latent")
        .inputs("Q[P,E]", "C[M,E]")
        .tensors(0, "S[M,P]", "G[P]")
        .outputs("Z[E,P]")
        .einsum("S[m,p] = Q[p,e] * C[m,e]")
        .einsum("G[p] = S[m,p] :: max")
        .einsum("Z[e,p] = S[m,p] * C[m,e] / G[p]")
        .build();
  }

  /** One tensor that three passes read may be written once for all of them. */
  @Test
  void aTensorThatLivesTwiceIsWrittenOnce() {
    Cascade cascade =
        CascadeBuilder.cascade("twice")
            .inputs("A[M]")
            .tensors(0, "X[M]", "Y[]", "W[]")
            .outputs("Z[M]")
            .einsum("X[m] = A[m] * A[m]")
            .einsum("Y[] = X[m]")
            .einsum("W[] = X[m] * Y[]")
            .einsum("Z[m] = X[m] / W[]")
            .build();
    Shapes shapes = CascadeBuilder.shapes(cascade, "M=10");

    assertThat(ForcedTraffic.of(cascade, shapes, 0).ranks())
        .contains(new ForcedTraffic.OfRank(M, 20, 10));
  }

  /** Whatever the order, and with a buffer that knows the future, at least that much moves. */
  @Test
  void noScheduleMovesLess() {
    double nearest = Double.MAX_VALUE;
    for (Cascade cascade :
        List.of(
            FuseMaxCascades.cascade4(),
            FuseMaxCascades.cascade4Deferred(),
            FuseMaxCascades.naive(),
            FuseMaxCascades.twoPass(),
            FuseMaxCascades.twoPassDeferred(),
            latent())) {
      Shapes shapes = CascadeBuilder.shapes(cascade, "M=12 M0=3 P=2 E=1 F=1");
      for (int bufferWords = 5; bufferWords <= 20; bufferWords += 5) {
        long forced = ForcedTraffic.of(cascade, shapes, bufferWords).words();
        for (long seed = SEED; seed < SEED + SCHEDULES; seed++) {
          boolean isSplit = !cascade.partitions().isEmpty();
          long moved =
              BufferRun.wordsMoved(
                  cascade,
                  shapes,
                  new RankName("P"),
                  new RankName(isSplit ? "M1" : "M"),
                  seed % 4 > 0,
                  new Random(seed),
                  bufferWords);
          assertThat(moved)
              .as("%s, %d words, seed %d", cascade.name(), bufferWords, seed)
              .isGreaterThanOrEqualTo(forced);
          nearest = forced > 0 ? Math.min(nearest, moved / (double) forced) : nearest;
        }
      }
    }
    System.out.printf("the best schedule moved %.2f times what is forced%n", nearest);
    assertThat(nearest).as("moved words for a forced one, from seed %d", SEED).isLessThan(2.5);
  }

  private static ForcedTraffic.OfRank ofRank(Cascade cascade, long bufferWords) {
    Shapes shapes =
        CascadeBuilder.shapes(cascade, "M=" + KEYS + " P=" + QUERIES + " E=4 F=5 M0=10");
    return ForcedTraffic.of(cascade, shapes, bufferWords).ranks().stream()
        .filter(rank -> rank.rank().equals(M))
        .findFirst()
        .orElseThrow();
  }
}
