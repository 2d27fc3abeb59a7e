package dev.weir.opencl.pass;

import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.kernel.Value.Operator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known at a place of a kernel: between which bounds whole numbers lie that have a name,
 * and which named conditions always or never hold.
 */
final class WholeNumbers {

  /** Numbers from {@code least} to {@code greatest}, both included. */
  record Interval(long least, long greatest) {

    /** Every int. */
    static final Interval ANY = new Interval(Integer.MIN_VALUE, Integer.MAX_VALUE);

    static Interval of(long number) {
      return new Interval(number, number);
    }

    Interval plus(Interval other) {
      return new Interval(least + other.least, greatest + other.greatest);
    }

    Interval times(long factor) {
      return factor < 0
          ? new Interval(greatest * factor, least * factor)
          : new Interval(least * factor, greatest * factor);
    }

    /** What lies in both, as far as numbers are ints. */
    Interval within(Interval other) {
      return new Interval(Math.max(least, other.least), Math.min(greatest, other.greatest));
    }
  }

  private final List<Long> groups;
  private final List<Long> items;
  private final Map<Value.Variable, Interval> bounds;
  private final Map<Value.Variable, Boolean> truths;

  private WholeNumbers(
      List<Long> groups,
      List<Long> items,
      Map<Value.Variable, Interval> bounds,
      Map<Value.Variable, Boolean> truths) {
    this.groups = groups;
    this.items = items;
    this.bounds = bounds;
    this.truths = truths;
  }

  /** At the top of a kernel of so many groups and work-items a group along x, y and z. */
  static WholeNumbers of(List<Long> groups, List<Long> items) {
    return new WholeNumbers(groups, items, Map.of(), Map.of());
  }

  /** Behind a declaration. */
  WholeNumbers after(Statement.Declare declare) {
    Value.Variable variable = declare.variable();
    if (variable.type().equals(Type.INT)) {
      return with(variable, of(declare.value()));
    }
    Optional<Boolean> truth =
        variable.type().equals(Type.MASK) ? truth(declare.value()) : Optional.empty();
    if (truth.isEmpty()) {
      return this;
    }
    Map<Value.Variable, Boolean> more = new HashMap<>(truths);
    more.put(variable, truth.get());
    return new WholeNumbers(groups, items, bounds, more);
  }

  /** Inside a loop. */
  WholeNumbers inside(Statement.Loop loop) {
    return with(
        loop.counter(), new Interval(of(loop.first()).least(), of(loop.bound()).greatest() - 1));
  }

  /** Where a condition holds. */
  WholeNumbers where(Value condition) {
    if (!(condition instanceof Value.Infix comparison)
        || (comparison.operator() != Operator.LESS
            && comparison.operator() != Operator.LESS_OR_EQUAL)) {
      return this;
    }
    LinearForm difference = difference(comparison);
    if (difference.terms().size() != 1
        || !(difference.terms().keySet().iterator().next() instanceof Value.Variable variable)) {
      return this;
    }
    long coefficient = difference.terms().get(variable);
    // coefficient · variable + constant ≤ 0
    long constant = difference.constant() + (comparison.operator() == Operator.LESS ? 1 : 0);
    Interval range = bounds.getOrDefault(variable, Interval.ANY);
    return with(
        variable,
        coefficient > 0
            ? range.within(
                new Interval(Interval.ANY.least(), Math.floorDiv(-constant, coefficient)))
            : range.within(
                new Interval(Math.ceilDiv(constant, -coefficient), Interval.ANY.greatest())));
  }

  private WholeNumbers with(Value.Variable variable, Interval interval) {
    Map<Value.Variable, Interval> more = new HashMap<>(bounds);
    more.put(variable, interval);
    return new WholeNumbers(groups, items, more, truths);
  }

  /** Between which bounds a whole number lies. */
  Interval of(Value value) {
    return of(LinearForm.of(value)).within(Interval.ANY);
  }

  private Interval of(LinearForm form) {
    Interval sum = Interval.of(form.constant());
    for (Map.Entry<Value, Long> term : form.terms().entrySet()) {
      sum = sum.plus(ofAtom(term.getKey()).times(term.getValue()));
    }
    return sum;
  }

  private Interval ofAtom(Value atom) {
    return switch (atom) {
      case Value.Variable variable -> bounds.getOrDefault(variable, Interval.ANY);
      case Value.GridPosition position ->
          new Interval(0, (position.ofGroup() ? groups : items).get(position.dimension()) - 1);
      case Value.Call(Value.Function function, List<Value> arguments)
          when function == Value.Function.MIN || function == Value.Function.MAX ->
          extreme(function == Value.Function.MIN, arguments.stream().map(this::of).toList());
      case Value.Infix(Operator operator, Value left, Value.Whole(long divisor))
          when divisor > 0 && of(left).least() >= 0 ->
          divided(operator, of(left), divisor);
      case Value.Real _, Value.Whole _, Value.LaneNumbers _, Value.Broadcast _ -> Interval.ANY;
      case Value.Infix _, Value.Call _, Value.Negated _, Value.Not _, Value.ToFloat _ ->
          Interval.ANY;
      case Value.ToDouble _, Value.ToInt _, Value.Select _, Value.Element _ -> Interval.ANY;
      case Value.Neighbours _, Value.Gathered _, Value.Half _, Value.ToBits _ -> Interval.ANY;
      case Value.FromBits _, Value.ExponentialPolynomial _ -> Interval.ANY;
    };
  }

  private static Interval extreme(boolean isLeast, List<Interval> of) {
    return of.stream()
        .reduce(
            (a, b) ->
                isLeast
                    ? new Interval(
                        Math.min(a.least(), b.least()), Math.min(a.greatest(), b.greatest()))
                    : new Interval(
                        Math.max(a.least(), b.least()), Math.max(a.greatest(), b.greatest())))
        .orElse(Interval.ANY);
  }

  /** Of what is not negative by a positive number. */
  private static Interval divided(Operator operator, Interval left, long divisor) {
    return switch (operator) {
      case DIVIDE -> new Interval(left.least() / divisor, left.greatest() / divisor);
      case REMAINDER -> new Interval(0, Math.min(left.greatest(), divisor - 1));
      case ADD, SUBTRACT, MULTIPLY, SHIFT_LEFT, AND, OR -> Interval.ANY;
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL, NOT_EQUAL -> Interval.ANY;
    };
  }

  /** Whether a scalar condition holds, where that is known. */
  Optional<Boolean> truth(Value condition) {
    if (condition instanceof Value.Not(Value mask)) {
      return truth(mask).map(holds -> !holds);
    }
    if (condition instanceof Value.Variable variable) {
      return Optional.ofNullable(truths.get(variable));
    }
    return condition instanceof Value.Infix comparison && isOfInts(comparison)
        ? truth(comparison)
        : Optional.empty();
  }

  private static boolean isOfInts(Value.Infix comparison) {
    return comparison.left().type().equals(Type.INT) && comparison.right().type().equals(Type.INT);
  }

  private Optional<Boolean> truth(Value.Infix comparison) {
    Interval difference = of(difference(comparison));
    long least = difference.least();
    long greatest = difference.greatest();
    return switch (comparison.operator()) {
      case LESS -> known(greatest < 0, least >= 0);
      case LESS_OR_EQUAL -> known(greatest <= 0, least > 0);
      case GREATER -> known(least > 0, greatest <= 0);
      case GREATER_OR_EQUAL -> known(least >= 0, greatest < 0);
      case EQUAL -> known(least == 0 && greatest == 0, least > 0 || greatest < 0);
      case NOT_EQUAL -> known(least > 0 || greatest < 0, least == 0 && greatest == 0);
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, REMAINDER, SHIFT_LEFT, AND, OR -> Optional.empty();
    };
  }

  private static Optional<Boolean> known(boolean holds, boolean fails) {
    return holds || fails ? Optional.of(holds) : Optional.empty();
  }

  /** The same comparison without what stands on both sides. */
  static Value simplified(Value condition) {
    if (!(condition instanceof Value.Infix comparison)
        || !comparison.type().equals(Type.MASK)
        || !isOfInts(comparison)) {
      return condition;
    }
    int terms =
        LinearForm.of(comparison.left()).terms().size()
            + LinearForm.of(comparison.right()).terms().size();
    LinearForm difference = difference(comparison);
    return difference.terms().size() == terms
        ? condition
        : new Value.Infix(comparison.operator(), difference.positive(), difference.negative());
  }

  private static LinearForm difference(Value.Infix comparison) {
    return LinearForm.of(comparison.left()).minus(LinearForm.of(comparison.right()));
  }
}
