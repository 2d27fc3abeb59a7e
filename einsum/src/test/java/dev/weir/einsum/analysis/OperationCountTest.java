package dev.weir.einsum.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

class OperationCountTest {

  private static final Set<String> ON_2D_ARRAY = Set.of("BQK", "LM", "SLN", "SLD", "SLNV");

  /** FuseMax, section V: cycles a 256 x 256 tile on 256 x 256 and on 256 processing elements. */
  @Test
  void cascade5LoadsTheArraysAsFuseMaxSays() {
    long tiles = 4;
    for (long width : List.of(64L, 128L)) {
      Cascade cascade = FuseMaxCascades.cascade5();
      Shapes shapes =
          CascadeBuilder.shapes(
              cascade, "P=256 M0=256 M=%d E=%d F=%d".formatted(256 * tiles, width, width));
      double cycles2d = 0;
      double cycles1d = 0;
      for (var einsum : OperationCount.of(cascade, shapes).einsums()) {
        for (var entry : einsum.operations().entrySet()) {
          long cost = entry.getKey() == OperationKind.EXPONENTIAL ? 7 : 1;
          if (ON_2D_ARRAY.contains(einsum.einsum().text())) {
            cycles2d += cost * entry.getValue() / (256.0 * 256 * tiles);
          } else {
            cycles1d += cost * entry.getValue() / (256.0 * tiles);
          }
        }
      }
      assertThat(cycles2d).isEqualTo(width + width + 9.0);
      assertThat(cycles1d).isEqualTo(2 * width + 10 + width / (double) tiles);
    }
  }

  /** FuseMax, table of operation counts: the three forms. */
  @Test
  void formsOfAttentionCountAsPublished() {
    String text = "M=37 P=11 E=3 F=5 M0=8";
    Map<OperationKind, Long> three = totals(FuseMaxCascades.cascade4(), text);
    assertThat(three.get(OperationKind.MULTIPLY_ACCUMULATE)).isEqualTo((3 + 5) * 37 * 11);
    assertThat(three.get(OperationKind.MAXIMUM)).isEqualTo(37 * 11);
    assertThat(three.get(OperationKind.EXPONENTIAL)).isEqualTo(37 * 11);
    assertThat(three.get(OperationKind.ADD)).isEqualTo(37 * 11);
    assertThat(three.get(OperationKind.DIVIDE)).isEqualTo(37 * 11);
    assertThat(totals(FuseMaxCascades.cascade4Deferred(), text).get(OperationKind.DIVIDE))
        .isEqualTo(5 * 11);

    Map<OperationKind, Long> one = totals(FuseMaxCascades.cascade5(), text);
    assertThat(one.get(OperationKind.MULTIPLY_ACCUMULATE)).isEqualTo((3 + 5) * 37 * 11);
    assertThat(one.get(OperationKind.MAXIMUM)).isEqualTo(37 * 11 + 5 * 11);
    assertThat(one.get(OperationKind.EXPONENTIAL)).isEqualTo(37 * 11 + 5 * 11);
    assertThat(one.get(OperationKind.ADD)).isEqualTo(37 * 11 + 5 * 11 + 5 * 5 * 11);
    assertThat(one.get(OperationKind.MULTIPLY)).isEqualTo(5 * 11 + 5 * 5 * 11);
    assertThat(one.get(OperationKind.DIVIDE)).isEqualTo(5 * 11);
  }

  @Test
  void conditionsOverCoordinatesAreExact() {
    assertPoints("m <= p", (m, p) -> m <= p);
    assertPoints("m <= p and p - m < 4", (m, p) -> m <= p && p - m < 4);
    assertPoints("2*m - 3*p == 1", (m, p) -> 2 * m - 3 * p == 1);
    assertPoints("2*p > 3*m + 1", (m, p) -> 2 * p > 3 * m + 1);
    assertPoints("2*p >= 3*m + 1 and m >= 2", (m, p) -> 2 * p >= 3 * m + 1 && m >= 2);
    assertPoints("m != p", (m, p) -> m.longValue() != p);
    assertPoints("p % 3 == m % 2", (m, p) -> p % 3 == m % 2);
    assertPoints("m < 5", (m, p) -> m < 5);
    assertPoints("m < M / 2", (m, p) -> m < 13 / 2);
    assertPoints("p < 0", (m, p) -> false);
    assertPoints("clamp(p, 2, 6) <= m", (m, p) -> Math.clamp(p, 2, 6) <= m);
    assertPoints("m*P/M == p", (m, p) -> m * 17 / 13 == p);
    assertPoints("1 < 2", (m, p) -> true);
  }

  /**
   * What a mask left out is left out of the maximum; an exponential of what is absent is computed.
   */
  @Test
  void readersOfWhatIsThereInPartAreCountedOrMarked() {
    assertThat(
            marks(
                """
                cascade masked
                  ranks     M, P, E
                  inputs    Q[P,E], K[M,E], V[M,E]
                  empty     QK = -inf

                  QK[m,p] = Q[p,e] * K[m,e] | m <= p
                  GM[p]   = QK[m,p] :: max(m)
                  SN[m,p] = exp(QK[m,p] - GM[p])
                  SD[p]   = SN[m,p] | m <= p
                  A[m,p]  = SN[m,p] / SD[p]
                  AV[p,e] = A[m,p] * V[m,e]
                  R[p]    = 1 / GM[p]
                  outputs   AV, R
                """,
                "M=4 P=4 E=2"))
        .containsExactly(
            "SN what it reads is there in part only",
            "A what it reads is there in part only",
            "AV what it reads is there in part only");
    assertThat(
            marks(
                """
                cascade stopped
                  ranks     K
                  inputs    A

                  X[0]   = 1
                  X[k+1] = A * X[k]
                  Y      = X[K] + A
                  stop      k when X[k+1] < 1
                  outputs   Y
                """,
                "K=4"))
        .containsExactly("X its iteration may stop early");
  }

  private static List<String> marks(String text, String shapes) {
    Cascade cascade =
        CascadeReader.read(new SourceFile("marks", text), new Diagnostics()).orElseThrow();
    return OperationCount.of(cascade, CascadeBuilder.shapes(cascade, shapes)).einsums().stream()
        .filter(einsum -> einsum.points().whyUpperBound().isPresent())
        .map(einsum -> einsum.einsum() + " " + einsum.points().whyUpperBound().get())
        .toList();
  }

  @Test
  void partitionedCoordinatesAreExactJoinedOrApart() {
    for (int inner = 1; inner <= 14; inner++) {
      int size = inner;
      assertTiledPoints(inner, "m1*M0+m0 <= p", (m, p) -> m <= p);
      assertTiledPoints(inner, "m1 <= p", (m, p) -> m / size <= p);
      assertTiledPoints(inner, "m1*M0+m0 <= p and m0 < 3", (m, p) -> m <= p && m % size < 3);
    }
  }

  @Test
  void longCausalSequencesNeedNoEnumerationOfPairs() {
    Cascade cascade = scores("Z[m,p] = A[m] * B[p] | m <= p");
    long length = 1 << 20;
    Shapes shapes = CascadeBuilder.shapes(cascade, "M=%d P=%d".formatted(length, length));

    assertThat(OperationCount.of(cascade, shapes).totals())
        .containsEntry(OperationKind.MULTIPLY, length * (length + 1) / 2);
  }

  @Test
  void tablesAndHugeSearchesLeaveAnUpperBoundThatSaysWhy() {
    Cascade table = scores("Z[m,p] = A[m] * B[p] | m < N[p]");
    OperationCount count = OperationCount.of(table, CascadeBuilder.shapes(table, "M=13 P=17"));
    assertThat(count.isExact()).isFalse();
    assertThat(count.einsums().getFirst().points().points()).isEqualTo(13 * 17);
    assertThat(count.einsums().getFirst().points().whyUpperBound())
        .hasValue("its condition reads values");

    Cascade huge = scores("Z[m,p] = A[m] * B[p] | m % 2048 == p % 2048");
    assertThat(
            OperationCount.of(huge, CascadeBuilder.shapes(huge, "M=65536 P=65536"))
                .einsums()
                .getFirst()
                .points())
        .isEqualTo(
            new PointCount(
                1L << 32,
                Optional.of("which points there are takes more than 8,388,608 steps to count")));
  }

  @Test
  void numbersThatDoNotFitAreRefusedAtOnce() {
    Cascade cascade = FuseMaxCascades.cascade4();
    Shapes shapes =
        CascadeBuilder.shapes(cascade, "M=%d P=%d E=64 F=64".formatted(1L << 28, 1L << 28));

    assertThatThrownBy(() -> OperationCount.of(cascade, shapes))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("long overflow");
  }

  /** One branch negates, the other does not; each runs at half of the points. */
  @Test
  void selectionsWithACheaperBranchAreMarked() {
    assertThat(
            marks(
                """
                cascade rotate
                  ranks     P, E
                  inputs    Q[P,E]

                  R[p,e] = where(e < E/2, -Q[p,e+E/2], Q[p,e-E/2])
                  S[p,e] = where(e < E/2, Q[p,e+E/2], Q[p,e-E/2]) * R[p,e]
                  outputs   S
                """,
                "P=3 E=4"))
        .containsExactly("R points at which the cheaper branch of a selection runs need less");
  }

  private static void assertPoints(String condition, BiPredicate<Long, Long> holds) {
    Cascade cascade = scores("Z[m,p] = A[m] * B[p] | " + condition);
    PointCount count =
        PointCount.of(
            cascade.einsums().getFirst(), cascade, CascadeBuilder.shapes(cascade, "M=13 P=17"));
    assertThat(count.points()).as(condition).isEqualTo(enumerated(holds));
    assertThat(count.whyUpperBound()).isEmpty();
  }

  private static void assertTiledPoints(
      int inner, String condition, BiPredicate<Long, Long> holds) {
    Cascade cascade = scores("Y[m1,m0,p] = A[m1*M0+m0] * B[p] | " + condition);
    Shapes shapes = CascadeBuilder.shapes(cascade, "M=13 P=17 M0=" + inner);
    assertThat(PointCount.of(cascade.einsums().getFirst(), cascade, shapes).points())
        .as("%s, M0 = %d", condition, inner)
        .isEqualTo(enumerated(holds));
  }

  private static long enumerated(BiPredicate<Long, Long> holds) {
    long expected = 0;
    for (long m = 0; m < 13; m++) {
      for (long p = 0; p < 17; p++) {
        expected += holds.test(m, p) ? 1 : 0;
      }
    }
    return expected;
  }

  private static Cascade scores(String einsum) {
    return CascadeBuilder.cascade("scores")
        .partition("M", "M1", "M0")
        .inputs("A[M]", "B[P]")
        .table("N[P]")
        .tensors(0, "Y[M1,M0,P]")
        .outputs("Z[M,P]")
        .einsum(einsum)
        .build();
  }

  private static Map<OperationKind, Long> totals(Cascade cascade, String shapes) {
    return OperationCount.of(cascade, CascadeBuilder.shapes(cascade, shapes)).totals();
  }
}
