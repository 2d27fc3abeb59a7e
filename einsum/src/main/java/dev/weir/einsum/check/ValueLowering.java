package dev.weir.einsum.check;

import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.MergeOperator;
import dev.weir.einsum.ir.ScalarFunction;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.ir.UnaryOperator;
import dev.weir.einsum.syntax.InfixOperator;
import dev.weir.einsum.syntax.Term;
import java.util.List;
import java.util.Optional;

/** Gives right sides and scalars their meaning; all names in them are known when it runs. */
final class ValueLowering {

  private final Scope scope;
  private final Findings findings;
  private final IndexLowering indices;
  private final ConditionLowering conditions;
  private final FunctionLowering functions;

  ValueLowering(
      Scope scope, Findings findings, IndexLowering indices, ConditionLowering conditions) {
    this.scope = scope;
    this.findings = findings;
    this.indices = indices;
    this.conditions = conditions;
    this.functions = new FunctionLowering(scope, findings, this);
  }

  /** Reads all functions, so that what is wrong with them is reported also where none is used. */
  void functions() {
    functions.lower();
  }

  Expression value(Term term) {
    return switch (term) {
      case Term.Numeral number -> new Expression.Literal(number.value());
      case Term.Name name -> named(name);
      case Term.Access access -> new Expression.Read(indices.access(access));
      case Term.Call call -> call(call);
      case Term.Prefix prefix -> prefix(prefix);
      case Term.Infix infix -> infix(infix);
      case Term.Group group -> value(group.inner());
    };
  }

  private Expression named(Term.Name name) {
    String text = name.text();
    Optional<Expression> parameter = functions.parameter(text);
    if (parameter.isPresent()) {
      return parameter.get();
    }
    if (scope.scalars().containsKey(text)) {
      return new Expression.ScalarRead(new TensorName(text));
    }
    Optional<Expression> tensor =
        scope.bareTensor(text).map(symbol -> new Expression.Read(IndexLowering.access(symbol)));
    return tensor
        .or(() -> scope.rankOfShape(text).map(Expression.ShapeValue::new))
        .or(
            () ->
                scope
                    .rankOfVariable(text)
                    .map(rank -> new Expression.Position(new Index.Coordinate(rank))))
        .orElseThrow(() -> notAValue(name));
  }

  private Expression prefix(Term.Prefix prefix) {
    return switch (prefix.operator()) {
      case NOT -> throw notAValue(prefix);
      case NEGATE ->
          prefix.operand() instanceof Term.Numeral number
              ? new Expression.Literal(-number.value())
              : new Expression.Unary(UnaryOperator.NEGATE, value(prefix.operand()));
    };
  }

  private Expression infix(Term.Infix infix) {
    BinaryOperator operator =
        switch (infix.operator()) {
          case ADD -> BinaryOperator.ADD;
          case SUBTRACT -> BinaryOperator.SUBTRACT;
          case MULTIPLY -> BinaryOperator.MULTIPLY;
          case DIVIDE -> BinaryOperator.DIVIDE;
          case POWER -> BinaryOperator.POWER;
          case REMAINDER ->
              throw new Rejection(
                  infix.span(),
                  "'%' is for coordinates (got '"
                      + findings.text(infix.span())
                      + "' in a value, expected position(...) around it)",
                  isIndex(infix)
                      ? Optional.of("position(" + findings.text(infix.span()) + ")")
                      : Optional.empty());
          case OR, AND, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL, NOT_EQUAL ->
              throw new Rejection(
                  infix.span(),
                  "a condition is no value (got '%s', expected where(condition, value, value))"
                      .formatted(findings.text(infix.span())));
        };
    return checked(infix, map(operator, infix.merge(), infix.left(), infix.right()));
  }

  /** Whether it is made of coordinates, shapes and numbers. */
  private boolean isIndex(Term term) {
    return term.all()
        .allMatch(
            part ->
                switch (part) {
                  case Term.Name name ->
                      scope.rankOfVariable(name.text()).isPresent()
                          || scope.rankOfShape(name.text()).isPresent();
                  case Term.Numeral _, Term.Infix _, Term.Prefix _, Term.Group _ -> true;
                  case Term.Access _, Term.Call _ -> false;
                });
  }

  /** Refuses what is no number whatever the workload is. */
  private Expression checked(Term term, Expression expression) {
    if (KnownNumbers.dividesByZero(expression)) {
      throw new Rejection(
          term.span(),
          "division by 0 (got '%s', expected a divisor that is not always 0)"
              .formatted(findings.text(term.span())));
    }
    if (KnownNumbers.isNoNumber(expression)) {
      throw new Rejection(
          term.span(),
          "no number (got '%s', which has no value, expected one that has)"
              .formatted(findings.text(term.span())));
    }
    return expression;
  }

  private Expression map(
      BinaryOperator operator, Optional<Term.Name> merge, Term left, Term right) {
    MergeOperator chosen =
        merge.flatMap(name -> Words.merge(name.text())).orElse(operator.defaultMerge());
    return new Expression.Binary(operator, chosen, value(left), value(right));
  }

  private Expression call(Term.Call call) {
    String function = call.function().text();
    List<Term> arguments = call.arguments();
    return switch (function) {
      case Words.MAXIMUM, Words.MINIMUM -> {
        expectArguments(call, 2);
        BinaryOperator operator =
            function.equals(Words.MAXIMUM) ? BinaryOperator.MAXIMUM : BinaryOperator.MINIMUM;
        yield map(operator, call.merge(), arguments.get(0), arguments.get(1));
      }
      case Words.WHERE -> {
        refuseMerge(call);
        expectArguments(call, 3);
        yield new Expression.Select(
            conditions.condition(arguments.get(0)),
            value(arguments.get(1)),
            value(arguments.get(2)));
      }
      case Words.POSITION -> {
        refuseMerge(call);
        expectArguments(call, 1);
        yield new Expression.Position(indices.position(arguments.get(0)));
      }
      default -> scope.functions().containsKey(function) ? apply(call) : unary(call);
    };
  }

  private Expression apply(Term.Call call) {
    refuseMerge(call);
    ScalarFunction function =
        functions.of(call.function().text()).orElseThrow(() -> notAValue(call));
    expectArguments(call, function.parameters().size());
    return checked(
        call, new Expression.Apply(function, call.arguments().stream().map(this::value).toList()));
  }

  private Expression unary(Term.Call call) {
    refuseMerge(call);
    UnaryOperator operator = Words.unary(call.function().text()).orElseThrow(() -> notAValue(call));
    expectArguments(call, 1);
    Term argument = call.arguments().getFirst();
    if (operator == UnaryOperator.EXP
        && argument instanceof Term.Infix infix
        && infix.operator() == InfixOperator.SUBTRACT) {
      return checked(
          call, map(BinaryOperator.SUBTRACT_THEN_EXP, infix.merge(), infix.left(), infix.right()));
    }
    return checked(call, new Expression.Unary(operator, value(argument)));
  }

  private static void refuseMerge(Term.Call call) {
    if (call.merge().isPresent()) {
      throw new Rejection(
          call.merge().get().span(),
          "only max, min and operators between two values take a merge operator (got one on %s)"
              .formatted(call.function().text()));
    }
  }

  private static void expectArguments(Term.Call call, int expected) {
    if (call.arguments().size() != expected) {
      throw new Rejection(
          call.span(),
          "wrong number of arguments of %s (got %d, expected %d)"
              .formatted(call.function().text(), call.arguments().size(), expected));
    }
  }

  private Rejection notAValue(Term term) {
    return new Rejection(
        term.span(),
        "not a value (got '%s', expected a tensor, scalar, number or function of them)"
            .formatted(findings.text(term.span())));
  }
}
