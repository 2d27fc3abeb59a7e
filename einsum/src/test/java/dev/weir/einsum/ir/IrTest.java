package dev.weir.einsum.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class IrTest {

  private static final RankName M1 = new RankName("M1");
  private static final RankName M0 = new RankName("M0");

  @Test
  void rankAndVariableNameEachOther() {
    assertThat(M0.variable()).isEqualTo("m0");
    assertThat(RankName.ofVariable("m0")).isEqualTo(M0);
    assertThatThrownBy(() -> new RankName("m0")).hasMessage("rank name 'm0'");
    assertThatThrownBy(() -> new TensorName("")).hasMessage("tensor name ''");
  }

  @Test
  void anAccessListsTheRankVariablesItReads() {
    Access gather = new Access(new TensorName("J"), List.of(new Index.Next(M1)));
    Access access =
        new Access(
            new TensorName("K"),
            List.of(
                new Index.Joined(new RankName("M"), M1, M0),
                new Index.Affine(List.of(new Index.Term(2, M0)), -1),
                new Index.Computed(
                    Quantity.clamped(
                        new Quantity.OfIndex(new Index.Coordinate(M1)),
                        Quantity.constant(0),
                        Quantity.constant(3))),
                new Index.Last(M1),
                new Index.Gathered(gather)));

    assertThat(access.ranks()).containsExactly(M1, M0, M0, M1, M1);
  }

  @Test
  void readsAreFoundThroughAllOperators() {
    Expression q = read("Q");
    Expression k = read("K");
    Expression difference =
        new Expression.Binary(BinaryOperator.SUBTRACT, MergeOperator.UNION, q, k);
    Expression whole =
        new Expression.Select(
            new Condition.Not(new Condition.All(List.of())),
            new Expression.Unary(UnaryOperator.EXP, difference),
            new Expression.Literal(0));

    assertThat(whole.reads())
        .extracting(access -> access.tensor().text())
        .containsExactly("Q", "K");
  }

  /** EDGE gives each merge operator by its truth table: present left, present right. */
  @Test
  void mergeOperatorsFollowTheirTruthTables() {
    assertThat(table(MergeOperator.INTERSECTION)).isEqualTo("0001");
    assertThat(table(MergeOperator.UNION)).isEqualTo("0111");
    assertThat(table(MergeOperator.TAKE_LEFT)).isEqualTo("0011");
    assertThat(table(MergeOperator.TAKE_RIGHT)).isEqualTo("0101");
    assertThat(table(MergeOperator.PASS_THROUGH)).isEqualTo("1111");
  }

  @Test
  void comparisonsHoldWhereTheyShould() {
    assertThat(Condition.Comparison.values())
        .filteredOn(comparison -> comparison.holds(1, 2))
        .extracting(Condition.Comparison::text)
        .containsExactly("<", "<=", "!=");
    assertThat(Condition.Comparison.values())
        .filteredOn(comparison -> comparison.holds(2, 2))
        .extracting(Condition.Comparison::text)
        .containsExactly("<=", ">=", "==");
  }

  private static String table(MergeOperator merge) {
    StringBuilder bits = new StringBuilder();
    for (boolean left : new boolean[] {false, true}) {
      for (boolean right : new boolean[] {false, true}) {
        bits.append(merge.touches(left, right) ? 1 : 0);
      }
    }
    return bits.toString();
  }

  private static Expression read(String tensor) {
    return new Expression.Read(new Access(new TensorName(tensor), List.of()));
  }
}
