package dev.weir.einsum.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EinsumTest {

  private static final RankName M = new RankName("M");
  private static final RankName M1 = new RankName("M1");
  private static final RankName M0 = new RankName("M0");
  private static final RankName P = new RankName("P");
  private static final RankName E = new RankName("E");
  private static final Partition SPLIT = new Partition(M, M1, M0);

  /** BQK[m1,m0,p] = Q[p,e] * K[m1*M0+m0,e] of FuseMax's Cascade 5. */
  private static final Einsum SCORES =
      new Einsum(
          access("BQK", at(M1), at(M0), at(P)),
          new Expression.Binary(
              BinaryOperator.MULTIPLY,
              MergeOperator.INTERSECTION,
              new Expression.Read(access("Q", at(P), at(E))),
              new Expression.Read(access("K", new Index.Joined(M, M1, M0), at(E)))),
          Monoid.SUM,
          Optional.empty());

  @Test
  void ranksMissingOnTheLeftAreReduced() {
    assertThat(SCORES.iterationSpace()).containsExactly(M1, M0, P, E);
    assertThat(SCORES.reducedRanks()).containsExactly(E);
    assertThat(SCORES.isInitial()).isFalse();
  }

  @Test
  void anInitialEinsumWritesGenerationZero() {
    Einsum initial =
        new Einsum(
            access("RM", new Index.Fixed(0), at(P)),
            new Expression.Literal(Double.NEGATIVE_INFINITY),
            Monoid.SUM,
            Optional.empty());

    assertThat(initial.isInitial()).isTrue();
    assertThat(initial.iterationSpace()).containsExactly(P);
  }

  /** {@code S[p] = m | m <= p}: no tensor is read, yet m runs. */
  @Test
  void positionsAndConditionsAloneSpanRanks() {
    Condition causal =
        new Condition.Compare(
            new Quantity.OfIndex(at(M)),
            Condition.Comparison.LESS_OR_EQUAL,
            new Quantity.OfIndex(at(P)));
    Expression position = new Expression.Position(at(M));

    assertThat(
            new Einsum(access("S", at(P)), position, Monoid.SUM, Optional.empty()).reducedRanks())
        .containsExactly(M);
    assertThat(
            new Einsum(
                    access("S", at(P)), new Expression.Literal(1), Monoid.SUM, Optional.of(causal))
                .reducedRanks())
        .containsExactly(M);
  }

  @Test
  void integerDivisionRoundsDown() {
    assertThat(Quantity.Arithmetic.DIVIDE.apply(-7, 2)).isEqualTo(-4);
    assertThat(Quantity.Arithmetic.REMAINDER.apply(-7, 2)).isEqualTo(1);
  }

  /** Whatever M0 is, the parts together visit each coordinate of M once. */
  @Test
  void everyPartitionCoversItsParentExactly() {
    for (long parent = 1; parent <= 12; parent++) {
      for (long inner = 1; inner <= 13; inner++) {
        Shapes shapes = Shapes.complete(Map.of(M, parent, M0, inner), List.of(SPLIT));
        long tile = inner;
        long[] visited =
            LongStream.range(0, shapes.of(M1))
                .flatMap(
                    m1 ->
                        LongStream.range(0, shapes.innerShape(SPLIT, m1)).map(m0 -> m1 * tile + m0))
                .toArray();
        assertThat(visited)
            .as("M = %d, M0 = %d", parent, inner)
            .containsExactly(LongStream.range(0, parent).toArray());
      }
    }
  }

  @Test
  void anUnboundInnerPartIsTheWholeRank() {
    Shapes shapes = Shapes.complete(Map.of(M, 7L), List.of(SPLIT));

    assertThat(shapes.of(M0)).isEqualTo(7);
    assertThat(shapes.of(M1)).isEqualTo(1);
    assertThatThrownBy(() -> shapes.of(E)).hasMessage("rank E has no shape");
  }

  @Test
  void aTensorIteratesOnlyAlongARankItHas() {
    assertThatThrownBy(
            () ->
                new Tensor(
                    new TensorName("RM"),
                    Tensor.Role.INTERMEDIATE,
                    List.of(P),
                    Optional.of(M1),
                    Double.NEGATIVE_INFINITY))
        .hasMessage("tensor RM has no rank M1 to iterate along");
  }

  @Test
  void monoidIdentitiesChangeNothing() {
    for (Monoid monoid : Monoid.values()) {
      for (double value : new double[] {-3, 0, 2.5, 1e300}) {
        assertThat(monoid.combine(monoid.identity(), value)).isEqualTo(value);
        assertThat(monoid.combine(value, monoid.identity())).isEqualTo(value);
      }
    }
  }

  private static Index at(RankName rank) {
    return new Index.Coordinate(rank);
  }

  private static Access access(String tensor, Index... indices) {
    return new Access(new TensorName(tensor), Stream.of(indices).toList());
  }
}
