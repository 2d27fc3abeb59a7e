package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.ir.UnaryOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the short form of tests; it trusts its authors and has no error messages. */
final class EinsumText {

  private final List<String> tokens;
  private final List<Partition> partitions;
  private final Map<TensorName, Tensor> tensors;
  private final Set<TensorName> scalars;
  private final Optional<Tensor> target;
  private int at;

  EinsumText(
      String text,
      List<Partition> partitions,
      Map<TensorName, Tensor> tensors,
      Set<TensorName> scalars,
      Optional<Tensor> target) {
    this.tokens =
        new ArrayList<>(
            Arrays.asList(text.trim().split("\\s+|(?<=[^A-Za-z0-9_.])|(?=[^A-Za-z0-9_.])", -1)));
    tokens.removeIf(String::isBlank);
    this.partitions = partitions;
    this.tensors = tensors;
    this.scalars = scalars;
    this.target = target;
  }

  Expression expression() {
    Expression left = product();
    while (take("+") || take("-")) {
      boolean add = tokens.get(at - 1).equals("+");
      left = binary(add ? BinaryOperator.ADD : BinaryOperator.SUBTRACT, left, product());
    }
    return left;
  }

  private Expression product() {
    Expression left = factor();
    while (take("*") || take("/") || take("^")) {
      BinaryOperator operator =
          switch (tokens.get(at - 1)) {
            case "*" -> BinaryOperator.MULTIPLY;
            case "/" -> BinaryOperator.DIVIDE;
            default -> BinaryOperator.POWER;
          };
      left = binary(operator, left, factor());
    }
    return left;
  }

  private Expression factor() {
    if (take("-")) {
      return peek().matches("[0-9.]+|inf")
          ? new Expression.Literal(-number(next()))
          : new Expression.Unary(UnaryOperator.NEGATE, factor());
    }
    if (take("(")) {
      Expression inner = expression();
      expect(")");
      return inner;
    }
    String word = peek();
    if (word.matches("[0-9.]+|inf")) {
      return new Expression.Literal(number(next()));
    }
    if (at + 1 < tokens.size() && tokens.get(at + 1).equals("(")) {
      return function(next());
    }
    if (at + 1 < tokens.size() && tokens.get(at + 1).equals("[")) {
      return new Expression.Read(access());
    }
    next();
    return scalars.contains(new TensorName(word))
        ? new Expression.ScalarRead(new TensorName(word))
        : new Expression.ShapeValue(new RankName(word));
  }

  private Expression function(String name) {
    expect("(");
    if (name.equals("position")) {
      Index index = index();
      expect(")");
      return new Expression.Position(index);
    }
    if (name.equals("where")) {
      Condition condition = condition();
      expect(",");
      Expression then = expression();
      expect(",");
      Expression otherwise = expression();
      expect(")");
      return new Expression.Select(condition, then, otherwise);
    }
    Expression first = expression();
    if (take(",")) {
      Expression second = expression();
      expect(")");
      return binary(
          name.equals("max") ? BinaryOperator.MAXIMUM : BinaryOperator.MINIMUM, first, second);
    }
    expect(")");
    if (name.equals("exp")
        && first instanceof Expression.Binary difference
        && difference.operator() == BinaryOperator.SUBTRACT) {
      return binary(BinaryOperator.SUBTRACT_THEN_EXP, difference.left(), difference.right());
    }
    return new Expression.Unary(
        Arrays.stream(UnaryOperator.values())
            .filter(operator -> operator.text().equals(name))
            .findFirst()
            .orElseThrow(),
        first);
  }

  Access access() {
    TensorName name = new TensorName(next());
    List<Index> indices = new ArrayList<>();
    expect("[");
    while (!take("]")) {
      indices.add(index());
      take(",");
    }
    return new Access(name, indices);
  }

  private Index index() {
    String word = peek();
    if (word.equals("clamp")) {
      next();
      expect("(");
      Index inner = index();
      expect(",");
      long low = (long) number(next());
      expect(",");
      long high = (long) number(next());
      expect(")");
      return new Index.Computed(
          Quantity.clamped(inner.quantity(), Quantity.constant(low), Quantity.constant(high)));
    }
    if (tokens.size() > at + 1 && tokens.get(at + 1).equals("[")) {
      return new Index.Gathered(access());
    }
    if (Character.isUpperCase(word.charAt(0))) {
      return new Index.Last(new RankName(next()));
    }
    List<Index.Term> terms = new ArrayList<>();
    long offset = 0;
    long sign = take("-") ? -1 : 1;
    while (true) {
      String first = next();
      if (first.matches("[0-9]+") && take("*")) {
        terms.add(new Index.Term(sign * Long.parseLong(first), RankName.ofVariable(next())));
      } else if (first.matches("[0-9]+")) {
        offset += sign * Long.parseLong(first);
      } else if (take("*")) {
        return joinedOrHeadMap(RankName.ofVariable(first), next());
      } else {
        terms.add(new Index.Term(sign, RankName.ofVariable(first)));
      }
      if (!take("+") && !take("-")) {
        return simplest(terms, offset);
      }
      sign = tokens.get(at - 1).equals("+") ? 1 : -1;
    }
  }

  private Index joinedOrHeadMap(RankName rank, String other) {
    if (take("/")) {
      next();
      return new Index.HeadMap(rank, new RankName(other));
    }
    expect("+");
    RankName inner = RankName.ofVariable(next());
    Partition partition =
        partitions.stream()
            .filter(split -> split.outer().equals(rank) && split.inner().equals(inner))
            .findFirst()
            .orElseThrow();
    return new Index.Joined(partition.parent(), rank, inner);
  }

  private Index simplest(List<Index.Term> terms, long offset) {
    if (terms.isEmpty()) {
      return new Index.Fixed(offset);
    }
    boolean single = terms.size() == 1 && terms.getFirst().coefficient() == 1;
    if (single && offset == 0) {
      return new Index.Coordinate(terms.getFirst().rank());
    }
    if (single && offset == 1 && isIterative(terms.getFirst().rank())) {
      return new Index.Next(terms.getFirst().rank());
    }
    return new Index.Affine(terms, offset);
  }

  private boolean isIterative(RankName rank) {
    return target.flatMap(Tensor::generations).equals(Optional.of(rank))
        || tensors.values().stream().anyMatch(t -> t.generations().equals(Optional.of(rank)));
  }

  Condition condition() {
    List<Condition> parts = new ArrayList<>();
    do {
      Quantity left = quantity();
      String text = next();
      String relation = take("=") ? text + "=" : text;
      Condition.Comparison comparison =
          Arrays.stream(Condition.Comparison.values())
              .filter(value -> value.text().equals(relation))
              .findFirst()
              .orElseThrow();
      parts.add(new Condition.Compare(left, comparison, quantity()));
    } while (take("and"));
    return parts.size() == 1 ? parts.getFirst() : new Condition.All(parts);
  }

  private Quantity quantity() {
    Quantity left = index().quantity();
    if (left instanceof Quantity.OfIndex(Index.Last(RankName rank))) {
      left = new Quantity.OfShape(rank);
    }
    if (take("/") || take("%")) {
      Quantity.Arithmetic operator =
          tokens.get(at - 1).equals("/")
              ? Quantity.Arithmetic.DIVIDE
              : Quantity.Arithmetic.REMAINDER;
      return new Quantity.Combined(left, operator, quantity());
    }
    return left;
  }

  private static Expression binary(BinaryOperator operator, Expression left, Expression right) {
    return new Expression.Binary(operator, operator.defaultMerge(), left, right);
  }

  private static double number(String text) {
    return text.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }

  private String peek() {
    return tokens.get(at);
  }

  private String next() {
    return tokens.get(at++);
  }

  private boolean take(String token) {
    boolean found = at < tokens.size() && tokens.get(at).equals(token);
    at += found ? 1 : 0;
    return found;
  }

  private void expect(String token) {
    if (!take(token)) {
      throw new IllegalArgumentException(token + " expected in " + tokens + " at " + at);
    }
  }
}
