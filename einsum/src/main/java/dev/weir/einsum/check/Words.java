package dev.weir.einsum.check;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.ir.MergeOperator;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.Populate;
import dev.weir.einsum.ir.UnaryOperator;
import dev.weir.einsum.syntax.Keyword;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Words of the language for operators, in both directions. */
final class Words {

  static final String MAXIMUM = "max";
  static final String MINIMUM = "min";
  static final String WHERE = "where";
  static final String POSITION = "position";
  static final String CLAMP = "clamp";
  static final String EXP = UnaryOperator.EXP.text();

  /** Functions whose result is a coordinate. */
  static final List<String> INDEX_FUNCTIONS = List.of(CLAMP, MAXIMUM, MINIMUM);

  static final List<String> REDUCTIONS = Arrays.stream(Monoid.values()).map(Words::of).toList();

  static final List<String> MERGES = Arrays.stream(MergeOperator.values()).map(Words::of).toList();

  /** Functions whose result is a value. */
  static final List<String> VALUE_FUNCTIONS =
      Stream.concat(
              Stream.of(MAXIMUM, MINIMUM, WHERE, POSITION),
              Arrays.stream(UnaryOperator.values())
                  .filter(operator -> operator != UnaryOperator.NEGATE)
                  .map(UnaryOperator::text))
          .toList();

  /** A populate action that takes as few of the largest as have some mass. */
  static final String MASS = "mass";

  static final String TOPK = "topk";
  static final String ARGSORT = "argsort";

  /** Words of populate actions. */
  static final List<String> POPULATES =
      Stream.concat(Arrays.stream(Populate.Order.values()).map(Words::of), Stream.of(MASS))
          .toList();

  /** Words of all actions. */
  static final List<String> ACTIONS =
      Stream.concat(REDUCTIONS.stream(), POPULATES.stream()).toList();

  private Words() {}

  /** All words that the language gives a meaning. */
  static List<String> all() {
    return Stream.of(
            Keyword.texts(),
            List.of("and", "or", "not", "true", "false", "by", "inf"),
            INDEX_FUNCTIONS,
            VALUE_FUNCTIONS,
            ACTIONS,
            MERGES,
            FunctionLowering.FACTS,
            Arrays.stream(OperationKind.values()).map(OperationKind::text).toList())
        .flatMap(List::stream)
        .toList();
  }

  static String of(Populate.Order order) {
    return switch (order) {
      case LARGEST_FIRST -> TOPK;
      case SMALLEST_FIRST -> ARGSORT;
    };
  }

  static String of(Monoid monoid) {
    return switch (monoid) {
      case SUM -> "sum";
      case PRODUCT -> "product";
      case MAXIMUM -> MAXIMUM;
      case MINIMUM -> MINIMUM;
    };
  }

  static String of(MergeOperator merge) {
    return switch (merge) {
      case INTERSECTION -> "intersection";
      case UNION -> "union";
      case TAKE_LEFT -> "left";
      case TAKE_RIGHT -> "right";
      case PASS_THROUGH -> "all";
    };
  }

  static Optional<Monoid> reduction(String word) {
    return Arrays.stream(Monoid.values()).filter(m -> of(m).equals(word)).findFirst();
  }

  static Optional<MergeOperator> merge(String word) {
    return Arrays.stream(MergeOperator.values()).filter(m -> of(m).equals(word)).findFirst();
  }

  static Optional<UnaryOperator> unary(String word) {
    return Arrays.stream(UnaryOperator.values())
        .filter(operator -> operator != UnaryOperator.NEGATE && operator.text().equals(word))
        .findFirst();
  }
}
