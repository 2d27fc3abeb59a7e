package dev.weir.opencl.lower;

import dev.weir.einsum.ir.RankName;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.List;

/** Visits every stored place of a tile with the ranks at its coordinate. */
final class Walk {

  /** Most trips of a loop that is unrolled, and most places of a tile that may be registers. */
  static final long UNROLLED_TRIPS = 16;

  /** A rank to walk along. */
  record Along(RankName rank, Range range, long stored, List<Home.Digit> digits) {

    /** Coordinates that lanes and work-items cover, perhaps more than there are. */
    long covered() {
      return digits.stream().mapToLong(Home.Digit::count).reduce(stored, Math::multiplyExact);
    }

    /** The same where there is no room beyond the range. */
    Along within() {
      long extent = range.extent();
      Range own = covered() > extent ? range.withHard(range.base().plus(extent)) : range;
      return new Along(rank, own, stored, digits);
    }
  }

  /** A loop of the walk: so many steps of so many coordinates. */
  private record Step(Along along, long trips, long coefficient) {}

  private final KernelState state;

  Walk(KernelState state) {
    this.state = state;
  }

  /** One work-item visits all places that it holds. */
  void each(
      List<Along> dimensions, Scope scope, boolean unrolled, List<Statement> out, Loops.Body body) {
    List<Statement> statements = new ArrayList<>();
    loops(dimensions, steps(dimensions), 0, placed(dimensions, scope), unrolled, statements, body);
    out.addAll(guarded(idle(dimensions), statements));
  }

  private static List<Statement> guarded(List<Value> conditions, List<Statement> statements) {
    return Arithmetic.all(conditions)
        .map(condition -> List.<Statement>of(new Statement.If(condition, statements)))
        .orElse(statements);
  }

  /** Beyond a hard limit lies another tile, for which there may be no room here. */
  private static void visit(
      List<Along> dimensions, Scope scope, List<Statement> out, Loops.Body body) {
    Tail tail =
        Tail.of(dimensions.stream().map(Along::rank), scope, rank -> scope.range(rank).hard());
    List<Statement> inside = new ArrayList<>();
    body.emit(tail.inside(), inside);
    out.addAll(tail.guarded(inside));
  }

  /** Work-groups and work-items beyond the last tile hold nothing. */
  private List<Value> idle(List<Along> dimensions) {
    List<Value> conditions = new ArrayList<>();
    for (int dimension = 0; dimension < 3; dimension++) {
      idle(dimensions, state.grid().groups(dimension), state.group(dimension), conditions);
      idle(dimensions, state.grid().items(dimension), state.item(dimension), conditions);
    }
    return conditions;
  }

  private static void idle(
      List<Along> dimensions, long size, Value.Variable counter, List<Value> conditions) {
    dimensions.stream()
        .flatMap(along -> along.digits().stream())
        .filter(digit -> digit.counter().equals(counter) && digit.count() < size)
        .map(
            digit -> Arithmetic.infix(Value.Operator.LESS, counter, new Value.Whole(digit.count())))
        .forEach(conditions::add);
  }

  /** The work-items of a group share the places out. */
  void shared(List<Along> dimensions, Scope scope, List<Statement> out, Loops.Body body) {
    List<Step> steps = steps(dimensions);
    long places = steps.stream().mapToLong(Step::trips).reduce(1, Math::multiplyExact);
    Value.Variable place = state.freshVariable("place", Type.INT);
    Scope inside = placed(dimensions, scope);
    List<Statement> statements = new ArrayList<>();
    long below = places;
    for (Step step : steps) {
      below /= step.trips();
      Value digit = place;
      if (below > 1) {
        digit = Arithmetic.infix(Value.Operator.DIVIDE, digit, new Value.Whole(below));
      }
      if (below * step.trips() < places) {
        digit = Arithmetic.infix(Value.Operator.REMAINDER, digit, new Value.Whole(step.trips()));
      }
      Value.Variable counter = state.freshVariable(step.along().rank().variable(), Type.INT);
      statements.add(new Statement.Declare(counter, digit));
      inside = moved(step, counter, inside);
    }
    visit(dimensions, inside, statements, body);
    Statement loop =
        new Statement.Loop(
            place,
            state.itemNumber().value(1),
            new Value.Whole(places),
            new Value.Whole(state.grid().items().stream().reduce(1L, (a, b) -> a * b)),
            false,
            statements);
    out.addAll(guarded(idle(dimensions), List.of(loop)));
  }

  /** Copies an array into one of the same length. */
  void copy(Array from, Array to, List<Statement> out) {
    boolean isShared = to.space() == AddressSpace.LOCAL;
    Value.Variable place = state.freshVariable("place", Type.INT);
    long step = isShared ? state.grid().items().stream().reduce(1L, (a, b) -> a * b) : 1;
    out.add(
        new Statement.Loop(
            place,
            isShared ? state.itemNumber().value(1) : new Value.Whole(0),
            new Value.Whole(to.length()),
            new Value.Whole(step),
            Unrolling.isRegisters(to) && to.length() <= UNROLLED_TRIPS,
            List.of(new Statement.Assign(to, place, new Value.Element(from, place)))));
  }

  private void loops(
      List<Along> dimensions,
      List<Step> steps,
      int depth,
      Scope scope,
      boolean unrolled,
      List<Statement> out,
      Loops.Body body) {
    if (depth == steps.size()) {
      visit(dimensions, scope, out, body);
      return;
    }
    Step step = steps.get(depth);
    Value.Variable counter = state.freshVariable(step.along().rank().variable(), Type.INT);
    List<Statement> statements = new ArrayList<>();
    loops(dimensions, steps, depth + 1, moved(step, counter, scope), unrolled, statements, body);
    out.add(
        new Statement.Loop(
            counter,
            new Value.Whole(0),
            new Value.Whole(step.trips()),
            new Value.Whole(1),
            unrolled && step.trips() <= UNROLLED_TRIPS,
            statements));
  }

  private static Scope moved(Step step, Value.Variable counter, Scope scope) {
    RankName rank = step.along().rank();
    Range range = scope.range(rank);
    return scope.with(rank, range.at(range.base().plus(counter, step.coefficient()), 1));
  }

  /** Every rank at the first place that this work-item and lane hold. */
  private static Scope placed(List<Along> dimensions, Scope scope) {
    Scope placed = scope;
    for (Along along : dimensions) {
      AffineForm base = along.range().base();
      for (Home.Digit digit : along.digits()) {
        base = base.plus(digit.counter(), digit.tile());
        if (digit.counter().equals(AffineForm.LANE)) {
          placed = placed.withLanes((int) digit.count());
        }
      }
      placed = placed.with(along.rank(), limited(along).at(base, 1));
    }
    return placed;
  }

  /** Lanes of the last vector may lie beyond the tile. */
  private static Range limited(Along along) {
    return along.covered() > along.range().extent()
        ? along.range().withSoft(along.range().base().plus(along.range().extent()))
        : along.range();
  }

  private static List<Step> steps(List<Along> dimensions) {
    List<Step> steps = new ArrayList<>();
    for (Along along : dimensions) {
      List<Step> ascending = new ArrayList<>();
      long left = along.stored();
      long coefficient = 1;
      for (Home.Digit digit : along.digits().reversed()) {
        long trips = Math.min(left, digit.tile() / coefficient);
        ascending.add(new Step(along, trips, coefficient));
        left = Math.ceilDiv(left, trips);
        coefficient = digit.tile() * digit.count();
      }
      ascending.add(new Step(along, left, coefficient));
      ascending.reversed().stream().filter(step -> step.trips() > 1).forEach(steps::add);
    }
    return steps;
  }
}
