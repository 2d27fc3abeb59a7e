package dev.weir.opencl.fault;

import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.kernel.Value.Operator;
import dev.weir.opencl.pass.KernelRewriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What single faults do to values and statements. */
final class FaultParts {

  private FaultParts() {}

  static Value times(Value value, double factor) {
    return new Value.Infix(Operator.MULTIPLY, value, new Value.Real(factor));
  }

  /** A constant factor times another one; gone when that is 0. */
  static Optional<Value> scaled(Value value, double factor) {
    if (value instanceof Value.Infix infix
        && infix.operator() == Operator.MULTIPLY
        && infix.right() instanceof Value.Real scale) {
      return Optional.of(factor == 0 ? infix.left() : times(infix.left(), scale.value() * factor));
    }
    return Optional.empty();
  }

  static Optional<Value> constant(Value value, double from, double to) {
    return value.equals(new Value.Real(from)) ? Optional.of(new Value.Real(to)) : Optional.empty();
  }

  /** Zero in place of the counters of a rank. */
  static Optional<Value> zeroed(Value value, String rank) {
    return value instanceof Value.Variable variable && variable.name().matches(rank + "(_\\d+)?")
        ? Optional.of(new Value.Whole(0))
        : Optional.empty();
  }

  static Value toZero(Value condition) {
    return new KernelRewriter(
            List::of, value -> value instanceof Value.Whole ? new Value.Whole(0) : value)
        .value(condition);
  }

  static Optional<Value> multiplied(Value value, long from, long to) {
    return value instanceof Value.Infix infix
            && infix.operator() == Operator.MULTIPLY
            && infix.right().equals(new Value.Whole(from))
        ? Optional.of(new Value.Infix(Operator.MULTIPLY, infix.left(), new Value.Whole(to)))
        : Optional.empty();
  }

  /** b · n + a in place of a · n + b. */
  static Optional<Value> swappedCoordinates(Value value) {
    return value instanceof Value.Infix sum
            && sum.operator() == Operator.ADD
            && sum.left() instanceof Value.Infix product
            && product.operator() == Operator.MULTIPLY
        ? Optional.of(
            new Value.Infix(
                Operator.ADD,
                new Value.Infix(Operator.MULTIPLY, sum.right(), product.right()),
                product.left()))
        : Optional.empty();
  }

  static Optional<Value> swappedGroups(Value value) {
    return value instanceof Value.Variable variable && variable.name().matches("group_[yz]")
        ? Optional.of(
            new Value.Variable(
                variable.name().equals("group_y") ? "group_z" : "group_y", variable.type()))
        : Optional.empty();
  }

  static Optional<Value> reversedLanes(Value value) {
    return value instanceof Value.LaneNumbers numbers
        ? Optional.of(
            new Value.Infix(
                Operator.SUBTRACT,
                new Value.Broadcast(new Value.Whole(numbers.lanes() - 1), numbers.lanes()),
                numbers))
        : Optional.empty();
  }

  /** An index that is clamped elsewhere. */
  static Optional<Value> clamped(Value value, long more) {
    if (!(value instanceof Value.Call call) || call.function() != Value.Function.MIN) {
      return Optional.empty();
    }
    Value bound =
        new KernelRewriter(
                List::of,
                inner ->
                    inner instanceof Value.Whole whole
                        ? new Value.Whole(whole.value() + more)
                        : inner)
            .value(call.arguments().getLast());
    return Optional.of(
        new Value.Call(Value.Function.MIN, List.of(call.arguments().getFirst(), bound)));
  }

  /** The mask of a store that ends some places later. */
  static Value ended(Value mask, long later) {
    return new KernelRewriter(
            List::of,
            value ->
                value instanceof Value.Infix infix && infix.operator() == Operator.LESS
                    ? new Value.Infix(
                        Operator.LESS, infix.left(), KernelChanges.plus(infix.right(), later))
                    : value)
        .value(mask);
  }

  /** The mask of a store without one of the lanes. */
  static Value withoutLane(Statement.Scatter store) {
    int lanes = store.value().type().lanes();
    Value isOther =
        new Value.Infix(
            Operator.NOT_EQUAL,
            new Value.LaneNumbers(lanes),
            new Value.Broadcast(new Value.Whole(3), lanes));
    return new Value.Infix(Operator.AND, store.mask().orElseThrow(), isOther);
  }

  /** A condition around an assignment to a tensor is dropped. */
  static Optional<List<Statement>> unconditional(Statement statement, String tensor) {
    return statement instanceof Statement.If branch
            && branch.body().stream().anyMatch(inner -> KernelChanges.isAssignment(inner, tensor))
        ? Optional.of(List.of(new Statement.Block(branch.body())))
        : Optional.empty();
  }

  static Optional<Value> withoutDivisionGuard(Value value) {
    return value instanceof Value.Select select
            && select.then() instanceof Value.Infix infix
            && infix.operator() == Operator.DIVIDE
        ? Optional.of(infix)
        : Optional.empty();
  }

  static Optional<Value> withoutExponentialGuard(Value value) {
    return value instanceof Value.Select select
            && select.then() instanceof Value.Call call
            && call.function() == Value.Function.EXP
        ? Optional.of(call)
        : Optional.empty();
  }

  /** A key count that admits one key more. */
  static KernelChanges.Change laxMask() {
    return KernelChanges.replacing(
        value ->
            isKeyCount(value)
                ? Optional.of(
                    new Value.Infix(
                        Operator.LESS_OR_EQUAL,
                        ((Value.Infix) value).left(),
                        ((Value.Infix) value).right()))
                : Optional.empty());
  }

  /** A key count that is compared with the place in the tile. */
  static KernelChanges.Change maskWithoutTiles() {
    KernelRewriter inTile =
        new KernelRewriter(List::of, value -> zeroed(value, "m1").orElse(value));
    return KernelChanges.replacing(
        value -> isKeyCount(value) ? Optional.of(inTile.value(value)) : Optional.empty());
  }

  private static boolean isKeyCount(Value value) {
    return value instanceof Value.Infix infix
        && infix.operator() == Operator.LESS
        && KernelChanges.isOf(infix.right(), "N");
  }

  /** The state's old generation becomes the new one. */
  static boolean isCopyOfMaximum(Statement statement) {
    return statement instanceof Statement.Assign assign
        && KernelChanges.isOf(assign.array(), "RM")
        && assign.value() instanceof Value.Element element
        && KernelChanges.isOf(element.array(), "RM");
  }

  /** Scores lose the old maximum in place of the new one. */
  static KernelChanges.Change oldMaximum() {
    return program -> {
      Set<Value> subtracted = new HashSet<>();
      List<Array> old = new ArrayList<>();
      KernelProgram _ =
          new KernelRewriter(
                  statement -> {
                    if (isCopyOfMaximum(statement)) {
                      old.add(((Statement.Assign) statement).array());
                    }
                    return List.of(statement);
                  },
                  value -> {
                    if (value instanceof Value.Infix infix
                        && infix.operator() == Operator.SUBTRACT
                        && KernelChanges.isOf(infix.left(), "BQK")) {
                      subtracted.add(infix.right());
                    }
                    return value;
                  })
              .rewrite(program);
      return KernelChanges.replacingStatements(
              statement ->
                  statement instanceof Statement.Declare declare
                          && subtracted.contains(declare.variable())
                          && declare.value() instanceof Value.Element element
                      ? Optional.of(
                          List.of(
                              new Statement.Declare(
                                  declare.variable(),
                                  new Value.Element(old.getFirst(), element.index()))))
                      : Optional.empty())
          .apply(program);
    };
  }

  /** A loop that fills a tile, in the first step only. */
  static Optional<List<Statement>> onlyFirst(Statement statement, String tensor) {
    Value isFirst =
        new Value.Infix(Operator.EQUAL, new Value.Variable("m1", Type.INT), new Value.Whole(0));
    return statement instanceof Statement.Loop loop
            && loop.counter().name().startsWith("place")
            && KernelChanges.assigns(loop, tensor)
        ? Optional.of(List.of(new Statement.If(isFirst, List.of(loop))))
        : Optional.empty();
  }

  /** Sums that keep eleven bits, as half precision does (Veltkamp's splitting). */
  static KernelChanges.Change halfSums(String tensor) {
    return KernelChanges.replacingStatements(
        statement ->
            statement instanceof Statement.Assign assign
                    && KernelChanges.isOf(assign.array(), tensor)
                    && assign.value() instanceof Value.Infix infix
                    && infix.operator() == Operator.ADD
                    && KernelChanges.isOf(infix.left(), tensor)
                ? Optional.of(List.of(rounded(assign)))
                : Optional.empty());
  }

  private static Statement rounded(Statement.Assign assign) {
    Type type = assign.value().type();
    Value.Variable sum = new Value.Variable("wide", type);
    Value.Variable many = new Value.Variable("many", type);
    Value.Variable rest = new Value.Variable("rest", type);
    return new Statement.Block(
        List.of(
            new Statement.Declare(sum, assign.value()),
            new Statement.Declare(many, times(sum, 0x1p13 + 1)),
            new Statement.Declare(rest, new Value.Infix(Operator.SUBTRACT, many, sum)),
            new Statement.Assign(
                assign.array(), assign.index(), new Value.Infix(Operator.SUBTRACT, many, rest))));
  }
}
