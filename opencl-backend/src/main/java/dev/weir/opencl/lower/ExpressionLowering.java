package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.MergeOperator;
import dev.weir.einsum.ir.UnaryOperator;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.kernel.Value.Function;
import dev.weir.opencl.kernel.Value.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * From right sides to values, with absent values as ADR 0001 has them. The plain operation stands
 * wherever it gives the same for finite operands; elsewhere its presence is worked out beside it.
 */
final class ExpressionLowering {

  private final KernelState state;
  private final Facts facts;
  private final AccessLowering accesses;
  private final ConditionLowering conditions;

  ExpressionLowering(KernelState state, AccessLowering accesses) {
    this.state = state;
    this.facts = state.facts();
    this.accesses = accesses;
    this.conditions = new ConditionLowering(accesses.indices());
  }

  ConditionLowering conditions() {
    return conditions;
  }

  /** The value of a right side here; what it reads is declared first. */
  Operand lower(Expression expression, Scope scope, NodePath where, List<Statement> out) {
    OptionalDouble constant = facts.constant(expression);
    if (constant.isPresent()) {
      return Operand.always(new Value.Real(constant.getAsDouble()));
    }
    return switch (expression) {
      case Expression.Literal _, Expression.ShapeValue _, Expression.ScalarRead _ ->
          throw new IllegalStateException("constants are folded");
      case Expression.Position position ->
          Operand.always(
              new Value.ToFloat(
                  accesses.indices().place(position.index(), scope, where).value(scope.lanes())));
      case Expression.Read read -> read(read.access(), scope, where, out);
      case Expression.Unary unary -> {
        Value operand = number(unary.operand(), lower(unary.operand(), scope, where, out));
        yield Operand.always(unary(unary.operator(), operand, where, out));
      }
      case Expression.Binary binary -> binary(binary, scope, where, out);
      case Expression.Apply apply -> lower(apply.inlined(), scope, where, out);
      case Expression.Parameter parameter ->
          throw new IllegalStateException("a parameter outside its function: " + parameter);
      case Expression.Select select -> select(select, scope, where, out);
    };
  }

  private Operand read(Access access, Scope scope, NodePath where, List<Statement> out) {
    Value loaded = accesses.load(access, scope, where);
    double empty = facts.tensor(access.tensor()).empty();
    Value.Variable value = state.freshVariable("v_" + access.tensor().text(), loaded.type());
    out.add(new Statement.Declare(value, loaded));
    Value floating = facts.isTable(access.tensor()) ? new Value.ToFloat(value) : value;
    if (facts.isAlwaysPresent(access)) {
      return Operand.always(floating);
    }
    Value present = Arithmetic.infix(Operator.NOT_EQUAL, floating, new Value.Real(empty));
    return new Operand(floating, Optional.of(present), OptionalDouble.of(empty), Optional.empty());
  }

  /** What an operand counts as: its empty value for an absent read, 0 for an absent result. */
  private static Value number(Expression expression, Operand operand) {
    return switch (expression) {
      case Expression.Binary _ -> operand.orElse(0);
      case Expression.Read _, Expression.Select _, Expression.Unary _ -> operand.value();
      case Expression.Literal _, Expression.ShapeValue _, Expression.ScalarRead _ ->
          operand.value();
      case Expression.Position _, Expression.Parameter _ -> operand.value();
      case Expression.Apply apply -> number(apply.inlined(), operand);
    };
  }

  private Operand binary(
      Expression.Binary binary, Scope scope, NodePath where, List<Statement> out) {
    Operand left = lower(binary.left(), scope, where, out);
    Operand right = lower(binary.right(), scope, where, out);
    Value value =
        binary(
            binary.operator(),
            number(binary.left(), left),
            number(binary.right(), right),
            where,
            out);
    Optional<Value> presence = presence(binary.merge(), left.presence(), right.presence());
    return new Operand(
        value,
        presence,
        presence.isEmpty() ? OptionalDouble.empty() : whenAbsent(binary, left, right),
        guard(binary, left, right, scope));
  }

  /** A product with what is absent because of its place is 0 only if the other side is finite. */
  private Optional<Value> guard(
      Expression.Binary binary, Operand left, Operand right, Scope scope) {
    if (binary.operator() != BinaryOperator.MULTIPLY) {
      return Optional.empty();
    }
    List<Value> masks = new ArrayList<>();
    if (facts.isToBeGuarded(binary.left(), binary.right(), scope.holding())) {
      left.presence().ifPresent(masks::add);
    }
    if (facts.isToBeGuarded(binary.right(), binary.left(), scope.holding())) {
      right.presence().ifPresent(masks::add);
    }
    return Arithmetic.all(masks);
  }

  private static Optional<Value> presence(
      MergeOperator merge, Optional<Value> left, Optional<Value> right) {
    return switch (merge) {
      case INTERSECTION ->
          left.isPresent() && right.isPresent()
              ? Optional.of(Arithmetic.and(left.get(), right.get()))
              : left.or(() -> right);
      case UNION ->
          left.isPresent() && right.isPresent()
              ? Optional.of(Arithmetic.or(left.get(), right.get()))
              : Optional.empty();
      case TAKE_LEFT -> left;
      case TAKE_RIGHT -> right;
      case PASS_THROUGH -> Optional.empty();
    };
  }

  /** What the plain operation gives where the result is absent. */
  private OptionalDouble whenAbsent(Expression.Binary binary, Operand left, Operand right) {
    return switch (binary.merge()) {
      case INTERSECTION -> {
        boolean isZero =
            binary.operator() == BinaryOperator.MULTIPLY
                && isZeroWhenAbsent(binary.left(), left, binary.right())
                && isZeroWhenAbsent(binary.right(), right, binary.left());
        yield isZero ? OptionalDouble.of(0) : OptionalDouble.empty();
      }
      case UNION -> {
        OptionalDouble leftNumber = numberWhenAbsent(binary.left(), left);
        OptionalDouble rightNumber = numberWhenAbsent(binary.right(), right);
        if (leftNumber.isEmpty() || rightNumber.isEmpty()) {
          yield OptionalDouble.empty();
        }
        double both = binary.operator().apply(leftNumber.getAsDouble(), rightNumber.getAsDouble());
        yield Double.isNaN(both) ? OptionalDouble.empty() : OptionalDouble.of(both);
      }
      case TAKE_LEFT, TAKE_RIGHT, PASS_THROUGH -> OptionalDouble.empty();
    };
  }

  /** Whether a product is 0 where one operand is absent: 0 times what is surely finite. */
  private boolean isZeroWhenAbsent(Expression expression, Operand operand, Expression other) {
    return operand.presence().isEmpty()
        || (numberWhenAbsent(expression, operand).equals(OptionalDouble.of(0))
            && !facts.mayBeInfinite(other));
  }

  /** What {@link #number} gives where the operand is absent; nothing where it never is. */
  private static OptionalDouble numberWhenAbsent(Expression expression, Operand operand) {
    if (operand.presence().isEmpty()) {
      return OptionalDouble.empty();
    }
    return expression instanceof Expression.Binary ? OptionalDouble.of(0) : operand.whenAbsent();
  }

  private Operand select(
      Expression.Select select, Scope scope, NodePath where, List<Statement> out) {
    Value mask = conditions.mask(select.condition(), scope, where);
    Operand then = lower(select.then(), scope, where, out);
    Operand otherwise = lower(select.otherwise(), scope, where, out);
    Value value =
        Arithmetic.select(mask, number(select.then(), then), number(select.otherwise(), otherwise));
    if (then.presence().isEmpty() && otherwise.presence().isEmpty()) {
      return Operand.always(value);
    }
    Value thenPresent = then.presence().map(p -> Arithmetic.and(mask, p)).orElse(mask);
    Value not = new Value.Not(mask);
    Value otherwisePresent = otherwise.presence().map(p -> Arithmetic.and(not, p)).orElse(not);
    return new Operand(
        value,
        Optional.of(Arithmetic.or(thenPresent, otherwisePresent)),
        OptionalDouble.empty(),
        Optional.empty());
  }

  private Value binary(
      BinaryOperator operator, Value left, Value right, NodePath where, List<Statement> out) {
    return switch (operator) {
      case ADD -> Arithmetic.infix(Operator.ADD, left, right);
      case SUBTRACT -> Arithmetic.infix(Operator.SUBTRACT, left, right);
      case MULTIPLY -> Arithmetic.infix(Operator.MULTIPLY, left, right);
      case DIVIDE -> Arithmetic.infix(Operator.DIVIDE, left, right);
      case MAXIMUM -> extreme(Operator.LESS, left, right, out);
      case MINIMUM -> extreme(Operator.GREATER, left, right, out);
      case POWER -> Arithmetic.call(Function.POW, left, right);
      case SUBTRACT_THEN_EXP ->
          exponential(Arithmetic.infix(Operator.SUBTRACT, left, right), where);
    };
  }

  private Value extreme(Operator replaces, Value left, Value right, List<Statement> out) {
    return Arithmetic.extreme(
        replaces, state.declared("left", left, out), state.declared("right", right, out));
  }

  /** exp as the device has it, or as the compute chooses it. */
  private Value exponential(Value operand, NodePath where) {
    OptionalInt degree = facts.exponentialDegree(where);
    return degree.isPresent()
        ? new Value.ExponentialPolynomial(degree.getAsInt(), operand)
        : Arithmetic.call(Function.EXP, operand);
  }

  private Value unary(UnaryOperator operator, Value operand, NodePath where, List<Statement> out) {
    return switch (operator) {
      case NEGATE -> new Value.Negated(operand);
      case EXP -> exponential(operand, where);
      case LOG -> Arithmetic.call(Function.LOG, operand);
      case SQRT -> Arithmetic.call(Function.SQRT, operand);
      case SIGMOID ->
          Arithmetic.infix(
              Operator.DIVIDE,
              new Value.Real(1),
              Arithmetic.infix(
                  Operator.ADD,
                  new Value.Real(1),
                  Arithmetic.call(Function.EXP, new Value.Negated(operand))));
      case TANH -> Arithmetic.call(Function.TANH, operand);
      case RELU -> extreme(Operator.LESS, operand, new Value.Real(0), out);
      case ABS -> Arithmetic.call(Function.FABS, operand);
    };
  }
}
