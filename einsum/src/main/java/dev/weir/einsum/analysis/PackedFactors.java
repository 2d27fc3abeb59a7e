package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Stop;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which factors that are known beforehand cost nothing, since an input carries them: it is
 * multiplied when it is packed. That takes an input of which every read stands once in a product
 * with the same known factors, and a product in which no other input carries them already. Of
 * several such inputs the first that the cascade declares.
 */
final class PackedFactors {

  /**
   * A product taken apart.
   *
   * @param known factors known beforehand, and how often; a known divisor counts as 1 over it
   * @param varying all others, left to right
   */
  record Product(Map<Expression, Integer> known, List<Expression> varying) {}

  /** A read of an input in a product; a number for each product. */
  private record Occurrence(int product, Map<Expression, Integer> known) {}

  private final Map<TensorName, Tensor> inputs;
  private final Map<TensorName, List<Occurrence>> occurrences = new HashMap<>();
  private final Set<TensorName> carriers = new HashSet<>();
  private int products;

  private PackedFactors(Cascade cascade) {
    this.inputs =
        cascade.tensors().stream()
            .filter(tensor -> tensor.role() == Tensor.Role.INPUT)
            .collect(Collectors.toMap(Tensor::name, tensor -> tensor));
    for (Einsum einsum : cascade.einsums()) {
      find(einsum.value());
      einsum.tables().forEach(this::alone);
    }
    cascade.stops().stream().flatMap(Stop::reads).forEach(this::alone);
    Set<Integer> carried = new HashSet<>();
    for (Tensor tensor : cascade.tensors()) {
      choose(tensor.name(), carried);
    }
  }

  /** Those of a cascade. */
  static PackedFactors of(Cascade cascade) {
    return new PackedFactors(cascade);
  }

  private void choose(TensorName input, Set<Integer> carried) {
    List<Occurrence> reads = occurrences.getOrDefault(input, List.of());
    Set<Integer> its = reads.stream().map(Occurrence::product).collect(Collectors.toSet());
    boolean isAlike = reads.stream().map(Occurrence::known).distinct().count() == 1;
    if (isAlike
        && !reads.getFirst().known().isEmpty()
        && its.size() == reads.size()
        && its.stream().noneMatch(carried::contains)) {
      carriers.add(input);
      carried.addAll(its);
    }
  }

  private void find(Expression expression) {
    Product product = product(expression);
    int number = products++;
    for (Expression factor : product.varying()) {
      if (factor instanceof Expression.Read(Access access)) {
        add(access, new Occurrence(number, product.known()));
      } else {
        factor.children().forEach(this::find);
      }
    }
    product.known().keySet().stream().flatMap(Expression::reads).forEach(this::alone);
  }

  private void alone(Access access) {
    add(access, new Occurrence(products++, Map.of()));
  }

  private void add(Access access, Occurrence occurrence) {
    if (inputs.containsKey(access.tensor())) {
      occurrences.computeIfAbsent(access.tensor(), _ -> new ArrayList<>()).add(occurrence);
    }
  }

  /** An expression as a product, perhaps of one factor. */
  Product product(Expression expression) {
    Map<Expression, Integer> known = new HashMap<>();
    List<Expression> varying = new ArrayList<>();
    collect(expression, known, varying);
    return new Product(known, varying);
  }

  private void collect(
      Expression expression, Map<Expression, Integer> known, List<Expression> varying) {
    if (isKnownBeforehand(expression)) {
      known.merge(expression, 1, Integer::sum);
      return;
    }
    if (expression instanceof Expression.Binary binary) {
      if (binary.operator() == BinaryOperator.MULTIPLY) {
        collect(binary.left(), known, varying);
        collect(binary.right(), known, varying);
        return;
      }
      if (binary.operator() == BinaryOperator.DIVIDE && isKnownBeforehand(binary.right())) {
        collect(binary.left(), known, varying);
        Expression one = new Expression.Literal(1);
        known.merge(
            new Expression.Binary(binary.operator(), binary.merge(), one, binary.right()),
            1,
            Integer::sum);
        return;
      }
    }
    varying.add(expression);
  }

  /** Whether an input carries the known factors of a product. */
  boolean areCarried(Product product) {
    return product.varying().stream()
        .anyMatch(
            factor ->
                factor instanceof Expression.Read(Access access)
                    && carriers.contains(access.tensor()));
  }

  /** Whether it depends on nothing but shapes and on inputs without ranks. */
  boolean isKnownBeforehand(Expression expression) {
    return switch (expression) {
      case Expression.Literal _, Expression.ShapeValue _, Expression.ScalarRead _ -> true;
      case Expression.Position position -> position.index().ranks().findAny().isEmpty();
      case Expression.Read read ->
          inputs.containsKey(read.access().tensor()) && read.access().ranks().findAny().isEmpty();
      case Expression.Unary unary -> isKnownBeforehand(unary.operand());
      case Expression.Binary binary ->
          isKnownBeforehand(binary.left()) && isKnownBeforehand(binary.right());
      case Expression.Select _, Expression.Parameter _ -> false;
      case Expression.Apply apply -> apply.arguments().stream().allMatch(this::isKnownBeforehand);
    };
  }
}
