package dev.weir.einsum.check;

import dev.weir.einsum.syntax.InfixOperator;
import dev.weir.einsum.syntax.PrefixOperator;
import dev.weir.einsum.syntax.Statement;
import dev.weir.einsum.syntax.Term;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Questions about terms that need no scope. */
final class Terms {

  private Terms() {}

  /** All terms that an Einsum reads, outermost first: right side, sums to reach, condition. */
  static Stream<Term> of(Statement.Assignment assignment) {
    return Stream.of(
            Stream.of(assignment.right()), sums(assignment), assignment.condition().stream())
        .flatMap(parts -> parts)
        .flatMap(Term::all);
  }

  /** What {@code mass(m, t, sum)} should reach. */
  static Stream<Term> sums(Statement.Assignment assignment) {
    return assignment.actions().stream()
        .filter(action -> action.function().text().equals(Words.MASS))
        .flatMap(action -> action.arguments().stream().skip(2));
  }

  /** The text of all plain names in a term. */
  static Stream<String> names(Term term) {
    return term.all()
        .filter(Term.Name.class::isInstance)
        .map(Term.Name.class::cast)
        .map(Term.Name::text);
  }

  /** A name or number as it is written, parentheses aside. */
  static Optional<String> word(Term term) {
    return switch (term.ungrouped()) {
      case Term.Name name -> Optional.of(name.text());
      case Term.Numeral number -> Optional.of(number.text());
      case Term.Access _, Term.Call _, Term.Prefix _, Term.Infix _, Term.Group _ ->
          Optional.empty();
    };
  }

  /** A number with or without a sign. */
  static OptionalDouble constant(Term term) {
    return switch (term.ungrouped()) {
      case Term.Numeral number -> OptionalDouble.of(number.value());
      case Term.Prefix prefix
          when prefix.operator() == PrefixOperator.NEGATE
              && prefix.operand() instanceof Term.Numeral number ->
          OptionalDouble.of(-number.value());
      case Term.Name _, Term.Access _, Term.Call _, Term.Prefix _, Term.Infix _, Term.Group _ ->
          OptionalDouble.empty();
    };
  }

  /** A whole number that a double holds exactly, with or without a sign. */
  static OptionalLong integer(Term term) {
    OptionalDouble value = constant(term);
    return value.isPresent()
            && value.getAsDouble() == Math.rint(value.getAsDouble())
            && Math.abs(value.getAsDouble()) <= 1L << 53
        ? OptionalLong.of((long) value.getAsDouble())
        : OptionalLong.empty();
  }

  /** Whether two terms say the same, wherever they stand. */
  static boolean isSame(Term left, Term right) {
    return left.all().map(Terms::label).toList().equals(right.all().map(Terms::label).toList());
  }

  private static String label(Term term) {
    return switch (term) {
      case Term.Numeral number -> number.text();
      case Term.Name name -> name.text();
      case Term.Access access -> access.tensor().text() + "[" + access.indices().size();
      case Term.Call call -> call.function().text() + "(" + call.arguments().size();
      case Term.Prefix prefix -> prefix.operator().name();
      case Term.Infix infix -> infix.operator().name();
      case Term.Group _ -> "(";
    };
  }

  /** {@code m1+1} written exactly so: the variable. */
  static Optional<Term.Name> successorOf(Term term) {
    return term.ungrouped() instanceof Term.Infix infix
            && infix.operator() == InfixOperator.ADD
            && infix.left() instanceof Term.Name name
            && infix.right() instanceof Term.Numeral number
            && number.value() == 1
        ? Optional.of(name)
        : Optional.empty();
  }
}
