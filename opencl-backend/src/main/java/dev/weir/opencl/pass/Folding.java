package dev.weir.opencl.pass;

import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.kernel.Value.Operator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Works out what constants decide: sums and products of whole numbers, comparisons between them,
 * and branches whose condition is known, by constants or by a branch around that asks the same.
 */
public final class Folding {

  private static final KernelRewriter CONSTANTS = new KernelRewriter(List::of, Folding::folded);

  private Folding() {}

  /** A body with all of it worked out. */
  public static List<Statement> of(List<Statement> body) {
    return decided(CONSTANTS.body(body), Set.of());
  }

  /**
   * Statements without branches that are known.
   *
   * @param holding conditions of branches around
   */
  private static List<Statement> decided(List<Statement> statements, Set<Value> holding) {
    List<Statement> left = new ArrayList<>();
    for (Statement statement : statements) {
      switch (statement) {
        case Statement.If branch -> left.addAll(decided(branch, holding));
        case Statement.Block block -> left.add(new Statement.Block(decided(block.body(), holding)));
        case Statement.Loop loop -> left.add(loop.around(decided(loop.body(), holding)));
        case Statement.Comment _, Statement.Declare _, Statement.DeclareArray _ ->
            left.add(statement);
        case Statement.Assign _, Statement.AssignNeighbours _ -> left.add(statement);
        case Statement.Scatter _, Statement.Barrier _ -> left.add(statement);
      }
    }
    return left;
  }

  private static List<Statement> decided(Statement.If branch, Set<Value> holding) {
    List<Value> asked = conjuncts(branch.condition());
    if (asked.stream().anyMatch(condition -> truth(condition).equals(Optional.of(false)))) {
      return List.of();
    }
    List<Value> open =
        asked.stream()
            .filter(condition -> truth(condition).isEmpty() && !holding.contains(condition))
            .distinct()
            .toList();
    Set<Value> inside = new HashSet<>(holding);
    open.stream().filter(Folding::isFixed).forEach(inside::add);
    List<Statement> body = decided(branch.body(), inside);
    return open.stream()
        .reduce((left, right) -> new Value.Infix(Operator.AND, left, right))
        .map(condition -> List.<Statement>of(new Statement.If(condition, body, branch.node())))
        .orElse(body);
  }

  private static List<Value> conjuncts(Value condition) {
    return condition instanceof Value.Infix(Operator operator, Value left, Value right)
            && operator == Operator.AND
            && condition.type().lanes() == 1
        ? Stream.of(left, right).flatMap(part -> conjuncts(part).stream()).toList()
        : List.of(condition);
  }

  /** Whether a value is the same wherever its names are: elements of arrays change. */
  static boolean isFixed(Value value) {
    return switch (value) {
      case Value.Element _, Value.Neighbours _, Value.Gathered _ -> false;
      case Value.Real _, Value.Whole _, Value.LaneNumbers _, Value.GridPosition _ -> true;
      case Value.Variable _ -> true;
      case Value.Broadcast _, Value.Infix _, Value.Call _, Value.Negated _, Value.Not _ ->
          value.children().stream().allMatch(Folding::isFixed);
      case Value.ToFloat _, Value.ToDouble _, Value.ToInt _, Value.Select _, Value.Half _ ->
          value.children().stream().allMatch(Folding::isFixed);
      case Value.ToBits _, Value.FromBits _, Value.ExponentialPolynomial _ ->
          value.children().stream().allMatch(Folding::isFixed);
    };
  }

  /** Of a scalar that is a comparison of constants. */
  private static Optional<Boolean> truth(Value condition) {
    if (condition instanceof Value.Not(Value mask)) {
      return truth(mask).map(holds -> !holds);
    }
    if (!(condition instanceof Value.Infix(Operator operator, Value l, Value r))
        || !(l instanceof Value.Whole(long left))
        || !(r instanceof Value.Whole(long right))) {
      return Optional.empty();
    }
    return switch (operator) {
      case LESS -> Optional.of(left < right);
      case LESS_OR_EQUAL -> Optional.of(left <= right);
      case GREATER -> Optional.of(left > right);
      case GREATER_OR_EQUAL -> Optional.of(left >= right);
      case EQUAL -> Optional.of(left == right);
      case NOT_EQUAL -> Optional.of(left != right);
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, REMAINDER, SHIFT_LEFT, AND, OR -> Optional.empty();
    };
  }

  private static Value folded(Value value) {
    if (value instanceof Value.Infix infix && infix.type().equals(Type.INT)) {
      return whole(infix);
    }
    return value instanceof Value.Call(Value.Function function, List<Value> arguments)
            && arguments.stream().allMatch(Value.Whole.class::isInstance)
        ? called(function, arguments).<Value>map(Value.Whole::new).orElse(value)
        : value;
  }

  private static Optional<Long> called(Value.Function function, List<Value> arguments) {
    List<Long> numbers = arguments.stream().map(number -> ((Value.Whole) number).value()).toList();
    return switch (function) {
      case MIN -> numbers.stream().min(Long::compare);
      case MAX -> numbers.stream().max(Long::compare);
      case EXP, LOG, SQRT, TANH, FABS, FLOOR, POW, CLAMP, ANY -> Optional.empty();
    };
  }

  /** Sums and products of ints; a constant that is added comes last. */
  private static Value whole(Value.Infix infix) {
    Value left = infix.left();
    Value right = infix.right();
    return switch (infix.operator()) {
      case ADD -> plus(left, right).orElse(infix);
      case SUBTRACT ->
          right instanceof Value.Whole(long subtracted)
              ? plus(left, new Value.Whole(-subtracted)).orElse(infix)
              : infix;
      case MULTIPLY ->
          left instanceof Value.Whole(long a) && right instanceof Value.Whole(long b)
              ? new Value.Whole(Math.multiplyExact(a, b))
              : infix;
      case DIVIDE ->
          left instanceof Value.Whole(long a) && right instanceof Value.Whole(long b) && b != 0
              ? new Value.Whole(a / b)
              : infix;
      case REMAINDER ->
          left instanceof Value.Whole(long a) && right instanceof Value.Whole(long b) && b != 0
              ? new Value.Whole(a % b)
              : infix;
      case SHIFT_LEFT -> infix;
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL, NOT_EQUAL, AND, OR -> infix;
    };
  }

  private static Optional<Value> plus(Value sum, Value more) {
    if (!(more instanceof Value.Whole(long added))) {
      return Optional.empty();
    }
    if (added == 0) {
      return Optional.of(sum);
    }
    if (sum instanceof Value.Whole(long first)) {
      return Optional.of(new Value.Whole(Math.addExact(first, added)));
    }
    return sum instanceof Value.Infix(Operator operator, Value rest, Value.Whole(long constant))
            && (operator == Operator.ADD || operator == Operator.SUBTRACT)
        ? Optional.of(with(rest, (operator == Operator.ADD ? constant : -constant) + added))
        : Optional.empty();
  }

  private static Value with(Value sum, long constant) {
    if (constant == 0) {
      return sum;
    }
    return constant > 0
        ? new Value.Infix(Operator.ADD, sum, new Value.Whole(constant))
        : new Value.Infix(Operator.SUBTRACT, sum, new Value.Whole(-constant));
  }
}
