package dev.weir.einsum.syntax;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Terms as canonical text: spaces around operators of values, none around those of indices and of
 * compared numbers, so that {@code m1*M0+m0} reads as one coordinate.
 */
final class TermPrinter {

  private TermPrinter() {}

  /** A value or a condition. */
  static String print(Term term) {
    return print(term, false);
  }

  private static String print(Term term, boolean compact) {
    return switch (term) {
      case Term.Numeral number -> number.text();
      case Term.Name name -> name.text();
      case Term.Access access ->
          access.tensor().text() + "[" + join(access.indices(), ",", true) + "]";
      case Term.Call call ->
          call.function().text()
              + merge(call.merge())
              + "("
              + join(call.arguments(), compact ? "," : ", ", compact || isIndex(call))
              + ")";
      case Term.Prefix prefix ->
          prefix.operator().text()
              + (prefix.operator() == PrefixOperator.NOT ? " " : "")
              + print(prefix.operand(), compact);
      case Term.Infix infix -> infix(infix, compact);
      case Term.Group group -> "(" + print(group.inner(), compact) + ")";
    };
  }

  private static String infix(Term.Infix infix, boolean compact) {
    InfixOperator operator = infix.operator();
    boolean logical = operator == InfixOperator.AND || operator == InfixOperator.OR;
    boolean compared = operator.isComparison();
    boolean spaced = logical || compared || !(compact || operator == InfixOperator.POWER);
    boolean inner = compact || compared;
    String space = spaced ? " " : "";
    return print(infix.left(), inner)
        + space
        + operator.text()
        + merge(infix.merge())
        + space
        + print(infix.right(), inner);
  }

  /** {@code position(m1*M0+m0)}: the argument is an index although the call is a value. */
  private static boolean isIndex(Term.Call call) {
    return call.function().text().equals("position") || call.function().text().equals("clamp");
  }

  private static String merge(Optional<Term.Name> merge) {
    return merge.map(name -> "{" + name.text() + "}").orElse("");
  }

  private static String join(List<Term> terms, String separator, boolean compact) {
    return terms.stream().map(term -> print(term, compact)).collect(Collectors.joining(separator));
  }
}
