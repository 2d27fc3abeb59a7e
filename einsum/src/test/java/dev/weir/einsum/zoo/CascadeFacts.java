package dev.weir.einsum.zoo;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Stop;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.ir.UnaryOperator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the parts of a cascade are, for {@link FeatureTag}. */
record CascadeFacts(Cascade cascade) {

  List<Einsum> einsums() {
    return cascade.einsums();
  }

  /** The Einsums that write a tensor. */
  Stream<Einsum> making(TensorName tensor) {
    return einsums().stream().filter(einsum -> einsum.output().tensor().equals(tensor));
  }

  boolean isRole(TensorName tensor, Tensor.Role role) {
    return cascade.tensorsByName().get(tensor).role() == role;
  }

  /** All parts of a right side, those of functions included. */
  static Stream<Expression> parts(Expression expression) {
    Expression plain = expression instanceof Expression.Apply apply ? apply.inlined() : expression;
    return Stream.concat(Stream.of(plain), plain.children().stream().flatMap(CascadeFacts::parts));
  }

  Stream<Expression> parts() {
    return einsums().stream().map(Einsum::value).flatMap(CascadeFacts::parts);
  }

  Set<UnaryOperator> functions() {
    return parts()
        .filter(Expression.Unary.class::isInstance)
        .map(part -> ((Expression.Unary) part).operator())
        .collect(Collectors.toSet());
  }

  boolean hasExponential() {
    return functions().contains(UnaryOperator.EXP)
        || parts()
            .anyMatch(
                part ->
                    part instanceof Expression.Binary b
                        && b.operator() == BinaryOperator.SUBTRACT_THEN_EXP);
  }

  static boolean uses(Expression expression, UnaryOperator operator) {
    return parts(expression)
        .anyMatch(part -> part instanceof Expression.Unary(var found, _) && found == operator);
  }

  /** Products, quotients and so on inside a right side. */
  static Stream<Expression.Binary> binaries(Expression expression, BinaryOperator operator) {
    return parts(expression)
        .filter(part -> part instanceof Expression.Binary b && b.operator() == operator)
        .map(Expression.Binary.class::cast);
  }

  /** Comparisons of all conditions. */
  Stream<Condition.Compare> comparisons() {
    return Stream.of(
            einsums().stream().flatMap(einsum -> einsum.condition().stream()),
            cascade.stops().stream().map(Stop::condition),
            parts()
                .filter(Expression.Select.class::isInstance)
                .map(part -> ((Expression.Select) part).condition()))
        .flatMap(conditions -> conditions)
        .flatMap(CascadeFacts::comparisons);
  }

  static Stream<Condition.Compare> comparisons(Condition condition) {
    return switch (condition) {
      case Condition.Compare compare -> Stream.of(compare);
      case Condition.All all -> all.parts().stream().flatMap(CascadeFacts::comparisons);
      case Condition.Any any -> any.parts().stream().flatMap(CascadeFacts::comparisons);
      case Condition.Not not -> comparisons(not.part());
    };
  }

  static boolean isUnion(Condition condition) {
    return switch (condition) {
      case Condition.Compare _ -> false;
      case Condition.All all -> all.parts().stream().anyMatch(CascadeFacts::isUnion);
      case Condition.Any _ -> true;
      case Condition.Not not -> isUnion(not.part());
    };
  }

  /** Tables whose entries a comparison reads. */
  static List<Access> tables(Condition.Compare compare) {
    return compare.indices().flatMap(Index::tables).toList();
  }

  /** Rank variables of a comparison that stand in it as coordinates, not inside a table. */
  static Set<RankName> coordinates(Condition.Compare compare) {
    return compare
        .indices()
        .filter(index -> !(index instanceof Index.Gathered))
        .flatMap(Index::ranks)
        .collect(Collectors.toSet());
  }

  Stream<Access> operands() {
    return einsums().stream().map(Einsum::value).flatMap(Expression::reads);
  }

  /** Ranks that an index adds, and those that it takes away. */
  static void addSigns(Index index, boolean isAdded, Set<RankName> plus, Set<RankName> minus) {
    if (index instanceof Index.Affine affine) {
      for (Index.Term term : affine.terms()) {
        ((term.coefficient() > 0) == isAdded ? plus : minus).add(term.rank());
      }
    } else if (index instanceof Index.Computed computed) {
      addSigns(computed.quantity(), isAdded, plus, minus);
    } else {
      index.ranks().forEach((isAdded ? plus : minus)::add);
    }
  }

  private static void addSigns(
      Quantity quantity, boolean isAdded, Set<RankName> plus, Set<RankName> minus) {
    switch (quantity) {
      case Quantity.OfIndex of -> addSigns(of.index(), isAdded, plus, minus);
      case Quantity.OfShape _, Quantity.OfNumber _, Quantity.OfScalar _ -> {}
      case Quantity.Combined c -> {
        boolean isTakenAway = c.operator() == Quantity.Arithmetic.SUBTRACT;
        addSigns(c.left(), isAdded, plus, minus);
        addSigns(c.right(), isAdded != isTakenAway, plus, minus);
      }
    }
  }

  /** Whether one rank moves an index forwards and another one backwards. */
  static boolean isDifference(Index index) {
    Set<RankName> plus = new HashSet<>();
    Set<RankName> minus = new HashSet<>();
    addSigns(index, true, plus, minus);
    return !plus.isEmpty() && !minus.isEmpty();
  }

  /** Whether it moves with a rank and is not that rank's own coordinate. */
  static boolean isShifted(Index index) {
    return switch (index) {
      case Index.Affine affine -> affine.terms().size() > 1 || affine.offset() != 0;
      case Index.Computed(Quantity.Combined(_, var operator, _)) ->
          index.ranks().findAny().isPresent()
              && (operator == Quantity.Arithmetic.ADD || operator == Quantity.Arithmetic.SUBTRACT);
      case Index.Computed _,
          Index.Coordinate _,
          Index.Joined _,
          Index.Next _,
          Index.Last _,
          Index.Fixed _,
          Index.HeadMap _,
          Index.Gathered _ ->
          false;
    };
  }

  /** Whether a coordinate is divided: the number of its block. */
  static boolean isBlock(Quantity quantity) {
    return quantity instanceof Quantity.Combined c
        && ((c.operator() == Quantity.Arithmetic.DIVIDE && c.left().ranks().findAny().isPresent())
            || isBlock(c.left())
            || isBlock(c.right()));
  }

  static boolean isBlock(Index index) {
    return index instanceof Index.Computed computed && isBlock(computed.quantity());
  }

  /**
   * Weights that are divided by their sum, each with the rank that is summed: {@code A = X / Y}
   * with {@code Y} the sum of X.
   */
  Optional<Set<RankName>> normalisedOver(TensorName weight) {
    return making(weight)
        .map(Einsum::value)
        .filter(
            value -> value instanceof Expression.Binary b && b.operator() == BinaryOperator.DIVIDE)
        .map(Expression.Binary.class::cast)
        .filter(b -> b.left() instanceof Expression.Read && b.right() instanceof Expression.Read)
        .flatMap(
            b ->
                making(((Expression.Read) b.right()).access().tensor())
                    .filter(einsum -> einsum.reduction() == Monoid.SUM)
                    .filter(
                        einsum ->
                            einsum
                                .value()
                                .reads()
                                .anyMatch(
                                    read ->
                                        read.tensor()
                                            .equals(
                                                ((Expression.Read) b.left()).access().tensor())))
                    .map(Einsum::reducedRanks))
        .filter(ranks -> !ranks.isEmpty())
        .findFirst();
  }
}
