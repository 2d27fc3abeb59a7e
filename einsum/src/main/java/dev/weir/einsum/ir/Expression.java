package dev.weir.einsum.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The right side of an Einsum at one point of its iteration space.
 *
 * <p>A value may be <em>absent</em>: a read of a tensor's empty value is, and so is a map whose
 * merge operator does not touch the point. An absent right side writes nothing.
 */
public sealed interface Expression {

  /** A number; infinities are allowed. Never absent. */
  record Literal(double value) implements Expression {}

  /** The shape of a rank as a number. */
  record ShapeValue(RankName rank) implements Expression {}

  /** A coordinate as a number, as in {@code slope * (p - m)}. */
  record Position(Index index) implements Expression {}

  /** A scalar that the cascade computes from shapes, such as {@code scale = E^-0.5}. */
  record ScalarRead(TensorName scalar) implements Expression {}

  /** The value of a tensor. */
  record Read(Access access) implements Expression {}

  /**
   * A function of one value; absent becomes the function of the empty value: the tensor's own for a
   * read, 0 for a computed operand.
   */
  record Unary(UnaryOperator operator, Expression operand) implements Expression {}

  /** A map action. */
  record Binary(BinaryOperator operator, MergeOperator merge, Expression left, Expression right)
      implements Expression {}

  /** {@code where(condition, then, otherwise)}. */
  record Select(Condition condition, Expression then, Expression otherwise) implements Expression {}

  /** A function that the cascade defines. */
  record Apply(ScalarFunction function, List<Expression> arguments) implements Expression {
    public Apply {
      arguments = List.copyOf(arguments);
      if (arguments.size() != function.parameters().size()) {
        throw new IllegalArgumentException(
            arguments.size() + " arguments of function " + function.name());
      }
    }

    /** The body with the arguments in place of its parameters. */
    public Expression inlined() {
      return function.body().with(arguments);
    }
  }

  /** An argument, inside the body of a function. */
  record Parameter(int position, String name) implements Expression {}

  /** This with values in place of parameters. */
  default Expression with(List<Expression> arguments) {
    return switch (this) {
      case Parameter parameter -> arguments.get(parameter.position());
      case Literal _, ShapeValue _, Position _, ScalarRead _, Read _ -> this;
      case Unary u -> new Unary(u.operator(), u.operand().with(arguments));
      case Binary b ->
          new Binary(b.operator(), b.merge(), b.left().with(arguments), b.right().with(arguments));
      case Select s ->
          new Select(s.condition(), s.then().with(arguments), s.otherwise().with(arguments));
      case Apply apply ->
          new Apply(
              apply.function(), apply.arguments().stream().map(a -> a.with(arguments)).toList());
    };
  }

  /** Direct operands, left to right. */
  default List<Expression> children() {
    return switch (this) {
      case Literal _, ShapeValue _, Position _, ScalarRead _, Read _, Parameter _ -> List.of();
      case Apply apply -> apply.arguments();
      case Unary u -> List.of(u.operand());
      case Binary b -> List.of(b.left(), b.right());
      case Select s -> List.of(s.then(), s.otherwise());
    };
  }

  /** This and everything in it, outermost first. */
  default Stream<Expression> all() {
    List<Expression> all = new ArrayList<>();
    collect(this, all);
    return all.stream();
  }

  // A list: streams of streams of children cost more than what most callers do with a node.
  private static void collect(Expression expression, List<Expression> all) {
    all.add(expression);
    for (Expression child : expression.children()) {
      collect(child, all);
    }
  }

  /** Rank variables that it reads, in indices, positions and conditions, possibly repeated. */
  default Stream<RankName> ranks() {
    return indices().flatMap(Index::ranks);
  }

  /** Indices of accesses, positions and conditions in it; not those inside other indices. */
  default Stream<Index> indices() {
    return all()
        .flatMap(
            node ->
                switch (node) {
                  case Literal _, ShapeValue _, ScalarRead _ -> Stream.empty();
                  case Unary _, Binary _, Apply _, Parameter _ -> Stream.empty();
                  case Read read -> read.access().indices().stream();
                  case Position position -> Stream.of(position.index());
                  case Select select -> select.condition().indices();
                });
  }

  /** Conditions that choose between values in it. */
  default Stream<Condition> conditions() {
    return all().filter(Select.class::isInstance).map(node -> ((Select) node).condition());
  }

  /** Every operand in it, left to right; tables of its indices are none. */
  default Stream<Access> reads() {
    return all().filter(Read.class::isInstance).map(node -> ((Read) node).access());
  }

  /**
   * Everything that a point reads, left to right: before each operand the entries of tables that
   * say which element it is.
   */
  default Stream<Access> operands() {
    return reads()
        .flatMap(
            access ->
                Stream.concat(access.indices().stream().flatMap(Index::tables), Stream.of(access)));
  }
}
