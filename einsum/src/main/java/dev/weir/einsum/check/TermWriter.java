package dev.weir.einsum.check;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Distribution;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Populate;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.UnaryOperator;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.syntax.InfixOperator;
import dev.weir.einsum.syntax.PrefixOperator;
import dev.weir.einsum.syntax.Term;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Says indices, conditions and values as terms, with the parentheses that reading needs. */
final class TermWriter {

  private static final Span NOWHERE = new Span(0, 0);

  private final Set<RankName> iterative;

  /** {@code iterative}: ranks whose {@code m1+1} would be read as the next generation. */
  TermWriter(Set<RankName> iterative) {
    this.iterative = iterative;
  }

  static Term.Name name(String text) {
    return new Term.Name(text, NOWHERE);
  }

  Term access(Access access) {
    Term.Name tensor = name(access.tensor().text());
    return access.indices().isEmpty()
        ? tensor
        : new Term.Access(tensor, access.indices().stream().map(this::index).toList(), NOWHERE);
  }

  private Term index(Index index) {
    return switch (index) {
      case Index.Coordinate c -> name(c.rank().variable());
      case Index.Joined j ->
          plain(
              plain(name(j.outer().variable()), InfixOperator.MULTIPLY, name(j.inner().text())),
              InfixOperator.ADD,
              name(j.inner().variable()));
      case Index.Next n -> plain(name(n.rank().variable()), InfixOperator.ADD, number(1));
      case Index.Last l -> name(l.rank().text());
      case Index.Fixed f -> number(f.coordinate());
      case Index.Affine a -> affine(a);
      case Index.HeadMap h ->
          plain(
              plain(name(h.rank().variable()), InfixOperator.MULTIPLY, name(h.target().text())),
              InfixOperator.DIVIDE,
              name(h.rank().text()));
      case Index.Computed c -> quantity(c.quantity());
      case Index.Gathered g -> access(g.access());
    };
  }

  private Term affine(Index.Affine affine) {
    if (affine.terms().isEmpty()) {
      throw new IllegalArgumentException("an affine index without rank variables: " + affine);
    }
    boolean alone = affine.terms().size() == 1;
    RankName first = affine.terms().getFirst().rank();
    boolean likeAnother =
        alone && (affine.offset() == 0 || (affine.offset() == 1 && iterative.contains(first)));
    Term sum = firstTerm(affine.terms().getFirst(), likeAnother);
    for (Index.Term term : affine.terms().subList(1, affine.terms().size())) {
      long size = Math.absExact(term.coefficient());
      Term variable = name(term.rank().variable());
      boolean plus = term.coefficient() >= 0;
      Term next = size == 1 ? variable : plain(number(size), InfixOperator.MULTIPLY, variable);
      sum = plain(sum, plus ? InfixOperator.ADD : InfixOperator.SUBTRACT, next);
    }
    return affine.offset() == 0
        ? sum
        : plain(
            sum,
            affine.offset() > 0 ? InfixOperator.ADD : InfixOperator.SUBTRACT,
            number(Math.absExact(affine.offset())));
  }

  private static Term firstTerm(Index.Term term, boolean withCoefficient) {
    Term variable = name(term.rank().variable());
    return term.coefficient() == 1 && !withCoefficient
        ? variable
        : plain(number(term.coefficient()), InfixOperator.MULTIPLY, variable);
  }

  Term.Call populate(Populate populate) {
    Term from = name(populate.from().variable());
    Term slot = name(populate.slot().variable());
    return populate
        .mass()
        .map(mass -> call(Words.MASS, List.of(from, slot, quantity(mass))))
        .orElseGet(() -> call(Words.of(populate.order()), List.of(from, slot)));
  }

  Term condition(Condition condition) {
    return switch (condition) {
      case Condition.Compare c -> {
        InfixOperator operator = InfixOperator.of(c.comparison().text()).orElseThrow();
        yield plain(quantity(c.left()), operator, quantity(c.right()));
      }
      case Condition.All all -> joined(all.parts(), InfixOperator.AND, "true");
      case Condition.Any any -> joined(any.parts(), InfixOperator.OR, "false");
      case Condition.Not not ->
          new Term.Prefix(PrefixOperator.NOT, group(condition(not.part())), NOWHERE);
    };
  }

  private Term joined(List<Condition> parts, InfixOperator operator, String none) {
    return parts.stream()
        .map(this::part)
        .reduce((left, right) -> plain(left, operator, right))
        .orElse(name(none));
  }

  private Term part(Condition condition) {
    return switch (condition) {
      case Condition.Compare _, Condition.Not _ -> condition(condition);
      case Condition.All _, Condition.Any _ -> group(condition(condition));
    };
  }

  /** {@code integers(0, M-1)}. */
  Term.Call distribution(Distribution distribution) {
    return switch (distribution) {
      case Distribution.Uniform d ->
          call(DistributionLowering.UNIFORM, List.of(quantity(d.least()), quantity(d.most())));
      case Distribution.Normal d ->
          call(DistributionLowering.NORMAL, List.of(quantity(d.mean()), quantity(d.deviation())));
      case Distribution.Integers d ->
          call(DistributionLowering.INTEGERS, List.of(quantity(d.least()), quantity(d.most())));
      case Distribution.Signs _ -> call(DistributionLowering.SIGNS, List.of());
      case Distribution.Permutation _ -> call(DistributionLowering.PERMUTATION, List.of());
      case Distribution.Rising d ->
          call(DistributionLowering.RISING, List.of(quantity(d.first()), quantity(d.last())));
    };
  }

  Term quantity(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex of -> index(of.index());
      case Quantity.OfShape of -> name(of.rank().text());
      case Quantity.OfNumber of -> number(of.value());
      case Quantity.OfScalar of -> name(of.scalar().text());
      case Quantity.Combined c -> combined(c);
    };
  }

  private Term combined(Quantity.Combined quantity) {
    return switch (quantity.operator()) {
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, REMAINDER ->
          // In parentheses the left operand is no part of an index such as p - m.
          plain(
              group(quantity(quantity.left())),
              InfixOperator.of(quantity.operator().text()).orElseThrow(),
              isSimple(quantity.right())
                  ? quantity(quantity.right())
                  : group(quantity(quantity.right())));
      case MINIMUM, MAXIMUM ->
          call(
              quantity.operator().text(),
              List.of(quantity(quantity.left()), quantity(quantity.right())));
    };
  }

  private static boolean isSimple(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex of -> isSimple(of.index());
      case Quantity.OfShape _, Quantity.OfScalar _ -> true;
      case Quantity.OfNumber of -> of.value() >= 0;
      case Quantity.Combined c ->
          switch (c.operator()) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, REMAINDER -> false;
            case MINIMUM, MAXIMUM -> true;
          };
    };
  }

  private static boolean isSimple(Index index) {
    return switch (index) {
      case Index.Coordinate _, Index.Gathered _ -> true;
      case Index.Computed c -> isSimple(c.quantity());
      case Index.Fixed fixed -> fixed.coordinate() >= 0;
      case Index.Joined _, Index.Next _, Index.Last _, Index.Affine _, Index.HeadMap _ -> false;
    };
  }

  Term value(Expression expression) {
    return switch (expression) {
      case Expression.Literal literal -> number(literal.value());
      case Expression.ShapeValue shape -> name(shape.rank().text());
      case Expression.Position position -> position(position.index());
      case Expression.ScalarRead read -> name(read.scalar().text());
      case Expression.Read read -> access(read.access());
      case Expression.Unary unary -> unary(unary);
      case Expression.Binary binary -> binary(binary);
      case Expression.Apply apply ->
          call(apply.function().name(), apply.arguments().stream().map(this::value).toList());
      case Expression.Parameter parameter -> name(parameter.name());
      case Expression.Select select ->
          call(
              Words.WHERE,
              List.of(
                  condition(select.condition()), value(select.then()), value(select.otherwise())));
    };
  }

  private Term position(Index index) {
    return index instanceof Index.Coordinate
        ? index(index)
        : call(Words.POSITION, List.of(index(index)));
  }

  private Term unary(Expression.Unary unary) {
    Term operand = value(unary.operand());
    if (unary.operator() != UnaryOperator.NEGATE) {
      boolean wouldFuse =
          unary.operator() == UnaryOperator.EXP
              && operand instanceof Term.Infix infix
              && infix.operator() == InfixOperator.SUBTRACT;
      return call(unary.operator().text(), List.of(wouldFuse ? group(operand) : operand));
    }
    boolean wouldBeLiteral = operand instanceof Term.Numeral;
    boolean tight = precedence(operand) >= PrefixOperator.NEGATE.precedence();
    return new Term.Prefix(
        PrefixOperator.NEGATE, tight && !wouldBeLiteral ? operand : group(operand), NOWHERE);
  }

  private Term binary(Expression.Binary binary) {
    Optional<Term.Name> merge =
        Optional.of(binary.merge())
            .filter(chosen -> chosen != binary.operator().defaultMerge())
            .map(chosen -> name(Words.of(chosen)));
    Term left = value(binary.left());
    Term right = value(binary.right());
    return switch (binary.operator()) {
      case ADD -> infix(left, InfixOperator.ADD, merge, right);
      case SUBTRACT -> infix(left, InfixOperator.SUBTRACT, merge, right);
      case MULTIPLY -> infix(left, InfixOperator.MULTIPLY, merge, right);
      case DIVIDE -> infix(left, InfixOperator.DIVIDE, merge, right);
      case POWER -> infix(left, InfixOperator.POWER, merge, right);
      case MAXIMUM, MINIMUM ->
          new Term.Call(name(binary.operator().text()), merge, List.of(left, right), NOWHERE);
      case SUBTRACT_THEN_EXP ->
          call(Words.EXP, List.of(infix(left, InfixOperator.SUBTRACT, merge, right)));
    };
  }

  /** With parentheses where reading would group otherwise; the power groups to the right. */
  private static Term infix(
      Term left, InfixOperator operator, Optional<Term.Name> merge, Term right) {
    boolean power = operator == InfixOperator.POWER;
    int leftNeeds = operator.precedence() + (power ? 1 : 0);
    int rightNeeds = power ? PrefixOperator.NEGATE.precedence() : operator.precedence() + 1;
    return new Term.Infix(
        precedence(left) >= leftNeeds ? left : group(left),
        operator,
        merge,
        precedence(right) >= rightNeeds ? right : group(right),
        NOWHERE);
  }

  private static int precedence(Term term) {
    return switch (term) {
      case Term.Infix infix -> infix.operator().precedence();
      case Term.Prefix prefix -> prefix.operator().precedence();
      case Term.Numeral _, Term.Name _, Term.Access _, Term.Call _, Term.Group _ ->
          Integer.MAX_VALUE;
    };
  }

  static Term.Call call(String function, List<Term> arguments) {
    return new Term.Call(name(function), Optional.empty(), arguments, NOWHERE);
  }

  private static Term group(Term term) {
    return new Term.Group(term, NOWHERE);
  }

  private static Term plain(Term left, InfixOperator operator, Term right) {
    return new Term.Infix(left, operator, Optional.empty(), right, NOWHERE);
  }

  static Term number(long value) {
    return value < 0
        ? new Term.Prefix(PrefixOperator.NEGATE, number(Math.negateExact(value)), NOWHERE)
        : new Term.Numeral(Long.toString(value), NOWHERE);
  }

  /** A number that reads back to the same double. */
  static Term number(double value) {
    if (Double.isNaN(value)) {
      throw new IllegalArgumentException("the language has no word for NaN");
    }
    if (Math.copySign(1, value) < 0) {
      return new Term.Prefix(PrefixOperator.NEGATE, number(-value), NOWHERE);
    }
    boolean whole = value == Math.rint(value) && value <= 1L << 53;
    String text =
        Double.isInfinite(value)
            ? "inf"
            : whole ? Long.toString((long) value) : Double.toString(value).toLowerCase(Locale.ROOT);
    return new Term.Numeral(text, NOWHERE);
  }
}
