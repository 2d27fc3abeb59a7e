package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.ir.UnaryOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Attention of one head as cascades; keys at and beyond N[p] are masked. */
final class AttentionCascades {

  static final RankName M = new RankName("M");
  static final RankName M1 = new RankName("M1");
  static final RankName M0 = new RankName("M0");
  static final RankName P = new RankName("P");
  static final RankName E = new RankName("E");
  static final RankName F = new RankName("F");

  private static final double LOW = Double.NEGATIVE_INFINITY;
  private static final Index KEY = new Index.Joined(M, M1, M0);
  private static final TensorName SCALE = new TensorName("scale");

  private AttentionCascades() {}

  /** FuseMax (26-28). */
  static Cascade naive() {
    return cascade(
        "naive",
        List.of(),
        List.of(temporary("QK", LOW, M, P), temporary("SN", 0, M, P), temporary("SD", 0, P)),
        scores("QK", at(M), at(M), at(P)),
        sum("SN[m,p]", new Expression.Unary(UnaryOperator.EXP, read("QK[m,p]"))),
        sum("SD[p]", read("SN[m,p]")),
        sum("A[m,p]", map(BinaryOperator.DIVIDE, "SN[m,p]", "SD[p]")),
        sum("AV[p,f]", map(BinaryOperator.MULTIPLY, "A[m,p]", "V[m,f]")));
  }

  /** FuseMax, Cascade 4. */
  static Cascade threePass() {
    return cascade(
        "3-pass",
        List.of(),
        List.of(
            temporary("QK", LOW, M, P),
            temporary("GM", LOW, P),
            temporary("SN", 0, M, P),
            temporary("SD", 0, P)),
        scores("QK", at(M), at(M), at(P)),
        max("GM[p]", read("QK[m,p]")),
        sum("SN[m,p]", map(BinaryOperator.SUBTRACT_THEN_EXP, "QK[m,p]", "GM[p]")),
        sum("SD[p]", read("SN[m,p]")),
        sum("A[m,p]", map(BinaryOperator.DIVIDE, "SN[m,p]", "SD[p]")),
        sum("AV[p,f]", map(BinaryOperator.MULTIPLY, "A[m,p]", "V[m,f]")));
  }

  /** FuseMax, Cascade 5 (39-56), with the partitioning Einsums written as indices. */
  static Cascade onePass() {
    return cascade(
        "1-pass",
        List.of(new Partition(M, M1, M0)),
        List.of(
            temporary("BQK", LOW, M1, M0, P),
            temporary("LM", LOW, M1, P),
            iterative("RM", LOW, M1, P),
            temporary("SLN", 0, M1, M0, P),
            temporary("SLD", 0, M1, P),
            temporary("SLNV", 0, M1, P, F),
            temporary("PRM", 0, M1, P),
            temporary("SPD", 0, M1, P),
            iterative("RD", 0, M1, P),
            temporary("SPNV", 0, M1, P, F),
            iterative("RNV", 0, M1, P, F)),
        sum("RM[0,p]", new Expression.Literal(LOW)),
        sum("RD[0,p]", new Expression.Literal(0)),
        sum("RNV[0,p,f]", new Expression.Literal(0)),
        scores("BQK", KEY, at(M1), at(M0), at(P)),
        max("LM[m1,p]", read("BQK[m1,m0,p]")),
        sum("RM[m1+1,p]", map(BinaryOperator.MAXIMUM, "RM[m1,p]", "LM[m1,p]")),
        sum("SLN[m1,m0,p]", map(BinaryOperator.SUBTRACT_THEN_EXP, "BQK[m1,m0,p]", "RM[m1+1,p]")),
        sum("SLD[m1,p]", read("SLN[m1,m0,p]")),
        sum("SLNV[m1,p,f]", map(BinaryOperator.MULTIPLY, "SLN[m1,m0,p]", "V[m1*M0+m0,f]")),
        sum("PRM[m1,p]", map(BinaryOperator.SUBTRACT_THEN_EXP, "RM[m1,p]", "RM[m1+1,p]")),
        sum("SPD[m1,p]", map(BinaryOperator.MULTIPLY, "RD[m1,p]", "PRM[m1,p]")),
        sum("RD[m1+1,p]", map(BinaryOperator.ADD, "SLD[m1,p]", "SPD[m1,p]")),
        sum("SPNV[m1,p,f]", map(BinaryOperator.MULTIPLY, "RNV[m1,p,f]", "PRM[m1,p]")),
        sum("RNV[m1+1,p,f]", map(BinaryOperator.ADD, "SLNV[m1,p,f]", "SPNV[m1,p,f]")),
        sum("AV[p,f]", map(BinaryOperator.DIVIDE, "RNV[M1,p,f]", "RD[M1,p]")));
  }

  private static Cascade cascade(
      String name, List<Partition> partitions, List<Tensor> own, Einsum... einsums) {
    List<Tensor> shared =
        List.of(
            tensor("Q", Tensor.Role.INPUT, 0, P, E),
            tensor("K", Tensor.Role.INPUT, 0, M, E),
            tensor("V", Tensor.Role.INPUT, 0, M, F),
            tensor("N", Tensor.Role.INPUT, -1, P),
            temporary("A", 0, M, P),
            tensor("AV", Tensor.Role.OUTPUT, 0, P, F));
    List<Tensor> all = new ArrayList<>(shared);
    all.addAll(own);
    Expression scale =
        new Expression.Binary(
            BinaryOperator.POWER,
            BinaryOperator.POWER.defaultMerge(),
            new Expression.ShapeValue(E),
            new Expression.Literal(-0.5));
    return new Cascade(name, partitions, all, Map.of(SCALE, scale), List.of(einsums));
  }

  private static Einsum scores(String name, Index key, Index... output) {
    Expression product =
        map(
            BinaryOperator.MULTIPLY,
            read("Q[p,e]"),
            new Expression.Read(new Access(new TensorName("K"), List.of(key, at(E)))));
    return new Einsum(
        new Access(new TensorName(name), Arrays.asList(output)),
        map(BinaryOperator.MULTIPLY, new Expression.ScalarRead(SCALE), product),
        Monoid.SUM,
        Optional.of(
            new Condition.Compare(
                new Condition.Quantity.OfIndex(key),
                Condition.Comparison.LESS,
                new Condition.Quantity.OfIndex(new Index.Gathered(access("N[p]"))))));
  }

  private static Einsum sum(String output, Expression value) {
    return new Einsum(access(output), value, Monoid.SUM, Optional.empty());
  }

  private static Einsum max(String output, Expression value) {
    return new Einsum(access(output), value, Monoid.MAXIMUM, Optional.empty());
  }

  private static Expression map(BinaryOperator operator, String left, String right) {
    return map(operator, read(left), read(right));
  }

  private static Expression map(BinaryOperator operator, Expression left, Expression right) {
    return new Expression.Binary(operator, operator.defaultMerge(), left, right);
  }

  private static Expression read(String text) {
    return new Expression.Read(access(text));
  }

  private static Access access(String text) {
    String[] parts = text.replace("]", "").split("\\[", 2);
    List<Index> indices = Arrays.stream(parts[1].split(",")).map(AttentionCascades::index).toList();
    return new Access(new TensorName(parts[0]), indices);
  }

  private static Index index(String text) {
    return switch (text) {
      case "m1*M0+m0" -> KEY;
      case "m1+1" -> new Index.Next(M1);
      case "M1" -> new Index.Last(M1);
      case "0" -> new Index.Fixed(0);
      default -> at(RankName.ofVariable(text));
    };
  }

  private static Index at(RankName rank) {
    return new Index.Coordinate(rank);
  }

  private static Tensor temporary(String name, double empty, RankName... ranks) {
    return tensor(name, Tensor.Role.INTERMEDIATE, empty, ranks);
  }

  private static Tensor iterative(String name, double empty, RankName... ranks) {
    return new Tensor(
        new TensorName(name),
        Tensor.Role.INTERMEDIATE,
        Arrays.asList(ranks),
        Optional.of(M1),
        empty);
  }

  private static Tensor tensor(String name, Tensor.Role role, double empty, RankName... ranks) {
    return new Tensor(new TensorName(name), role, Arrays.asList(ranks), Optional.empty(), empty);
  }
}
