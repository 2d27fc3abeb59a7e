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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Works out what constants decide: sums and products of whole numbers, and branches whose condition
 * is known: by the bounds of the numbers that it compares, or by a branch around that asks the
 * same.
 */
public final class Folding {

  private static final KernelRewriter CONSTANTS = new KernelRewriter(List::of, Folding::folded);

  private Folding() {}

  /**
   * A body with all of it worked out.
   *
   * @param groups work-groups along x, y and z
   * @param items work-items of a group along x, y and z
   */
  public static List<Statement> of(List<Statement> body, List<Long> groups, List<Long> items) {
    Known known = new Known(Set.of(), WholeNumbers.of(groups, items));
    return withoutUnread(decided(CONSTANTS.body(body), known));
  }

  /** Without names that nothing reads any more; loads stay. */
  private static List<Statement> withoutUnread(List<Statement> body) {
    Set<Value> read = new HashSet<>();
    UnaryOperator<Value> reading =
        value -> {
          read.add(value);
          return value;
        };
    new KernelRewriter(List::of, reading).body(body);
    return new KernelRewriter(
            statement ->
                statement instanceof Statement.Declare(Value.Variable variable, Value value)
                        && isFixed(value)
                        && !read.contains(variable)
                    ? List.of()
                    : List.of(statement),
            value -> value)
        .body(body);
  }

  /**
   * What is known at a place.
   *
   * @param holding conditions of branches around
   */
  private record Known(Set<Value> holding, WholeNumbers numbers) {

    Optional<Boolean> truth(Value condition) {
      return holding.contains(condition) ? Optional.of(true) : numbers.truth(condition);
    }

    Known with(WholeNumbers more) {
      return new Known(holding, more);
    }

    /** Where a condition holds, which stays so if its names do. */
    Known where(Value condition) {
      if (!isFixed(condition)) {
        return this;
      }
      Set<Value> more = new HashSet<>(holding);
      more.add(condition);
      return new Known(more, numbers.where(condition));
    }
  }

  /** Statements without branches that are known. */
  private static List<Statement> decided(List<Statement> statements, Known around) {
    List<Statement> left = new ArrayList<>();
    Known known = around;
    for (Statement statement : statements) {
      switch (statement) {
        case Statement.If branch -> left.addAll(decided(branch, known));
        case Statement.Block block -> left.add(new Statement.Block(decided(block.body(), known)));
        case Statement.Loop loop ->
            left.add(loop.around(decided(loop.body(), known.with(known.numbers().inside(loop)))));
        case Statement.Declare declare -> {
          left.add(declare);
          known = known.with(known.numbers().after(declare));
        }
        case Statement.Comment _, Statement.DeclareArray _ -> left.add(statement);
        case Statement.Assign _, Statement.AssignNeighbours _ -> left.add(statement);
        case Statement.Scatter _, Statement.Barrier _ -> left.add(statement);
      }
    }
    return left;
  }

  private static List<Statement> decided(Statement.If branch, Known known) {
    List<Value> asked =
        conjuncts(branch.condition()).stream().map(WholeNumbers::simplified).toList();
    if (asked.stream().anyMatch(condition -> known.truth(condition).equals(Optional.of(false)))) {
      return List.of();
    }
    List<Value> open =
        asked.stream().filter(condition -> known.truth(condition).isEmpty()).distinct().toList();
    Known inside = known;
    for (Value condition : open) {
      inside = inside.where(condition);
    }
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
