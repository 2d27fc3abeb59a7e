package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Emits loops and narrows ranges: the only place that makes counters. */
final class Loops {

  /** Which limits a loop keeps its body from crossing. */
  enum Guard {
    /** None: work-items stay together, and what lies beyond the end counts for nothing. */
    NONE,
    /** Hard ones: the body may run beyond the end of a tensor. */
    HARD,
    /** All: what reduces over the rank, or saves work. */
    ALL
  }

  /**
   * Steps along a rank.
   *
   * @param node the loop of the schedule that takes them
   */
  record Steps(RankName rank, long tile, Optional<NodePath> node) {

    /** Those of a loop of the schedule. */
    static Steps of(Part loop, RankName rank, long tile) {
      return new Steps(rank, tile, Optional.of(loop.path()));
    }

    /** One coordinate at a time, in no loop of the schedule. */
    static Steps over(RankName rank) {
      return new Steps(rank, 1, Optional.empty());
    }
  }

  /** What stands in a loop. */
  @FunctionalInterface
  interface Body {
    void emit(Scope scope, List<Statement> out);
  }

  private final KernelState state;

  Loops(KernelState state) {
    this.state = state;
  }

  /** {@code for rank by tile}. */
  void temporal(
      Steps steps, Scope scope, Guard guard, boolean unrolled, List<Statement> out, Body body) {
    temporal(steps, scope, guard, Optional.empty(), unrolled, out, body);
  }

  /**
   * The same, left early.
   *
   * @param end coordinate at and beyond which there is nothing to do, the same in all work-items
   */
  void temporal(
      Steps steps,
      Scope scope,
      Guard guard,
      Optional<Value> end,
      boolean unrolled,
      List<Statement> out,
      Body body) {
    RankName rank = steps.rank();
    long tile = steps.tile();
    Range range = scope.range(rank);
    long trips = Math.ceilDiv(range.extent(), tile);
    if (trips == 1) {
      List<AffineForm> guarded = guarded(guard, range);
      Range child = isPoint(range) ? range.without(guarded) : range;
      guarded(range.base(), guarded, narrowed(rank, child, scope), out, body);
      return;
    }
    Value.Variable counter = state.freshVariable(rank.variable(), Type.INT);
    AffineForm base = range.base().plus(counter, tile);
    Range child = tile(rank, range, base, tile, trips, scope);
    List<AffineForm> guarded = guarded(guard, child);
    Range inside = isPoint(child) ? child.without(guarded) : child;
    Scope inner = narrowed(rank, inside, scope);
    List<Statement> statements = new ArrayList<>();
    Value bound = new Value.Whole(trips);
    if (unrolled || (guarded.isEmpty() && end.isEmpty())) {
      guarded(base, guarded, inner, statements, body);
    } else {
      AffineForm first = range.base().withoutLane().plus(1 - tile);
      List<Value> lefts = new ArrayList<>();
      guarded.forEach(limit -> lefts.add(limit.minus(first).value(1)));
      end.ifPresent(value -> lefts.add(Arithmetic.subtract(value, first.value(1))));
      bound = bound(tile, trips, lefts, out);
      body.emit(divergedBy(base, guarded, inner), statements);
    }
    out.add(
        new Statement.Loop(
            counter,
            new Value.Whole(0),
            bound,
            new Value.Whole(1),
            unrolled,
            statements,
            steps.node()));
  }

  private static List<AffineForm> guarded(Guard guard, Range range) {
    return switch (guard) {
      case NONE -> List.of();
      case HARD -> range.hard();
      case ALL -> range.limits();
    };
  }

  /** Whether a guard decides about all that a range holds. */
  private static boolean isPoint(Range range) {
    return range.isSingle() && !range.base().hasLane();
  }

  /** The range of a tile, with a limit more when the last tile is shorter. */
  private Range tile(
      RankName rank, Range range, AffineForm base, long tile, long trips, Scope scope) {
    Range child = range.at(base, tile);
    if (tile * trips == range.extent()) {
      return child;
    }
    AffineForm end = range.base().plus(range.extent());
    return scope.isKept(rank, state.facts()) ? child.withHard(end) : child.withSoft(end);
  }

  /**
   * Tiles that begin below all limits.
   *
   * @param lefts what is left to each limit, with room for a tile that is cut short
   */
  private Value bound(long tile, long trips, List<Value> lefts, List<Statement> out) {
    Value bound = new Value.Whole(trips);
    for (Value left : lefts) {
      Value tiles = left;
      if (tile > 1) {
        tiles = Arithmetic.infix(Value.Operator.DIVIDE, tiles, new Value.Whole(tile));
      }
      bound = Arithmetic.call(Value.Function.MIN, bound, tiles);
    }
    Value.Variable end = state.freshVariable("end", Type.INT);
    out.add(new Statement.Declare(end, bound));
    return end;
  }

  private void guarded(
      AffineForm base, List<AffineForm> limits, Scope scope, List<Statement> out, Body body) {
    List<Value> conditions =
        limits.stream().map(limit -> Arithmetic.less(base.withoutLane(), limit, 1)).toList();
    if (conditions.isEmpty()) {
      body.emit(scope, out);
      return;
    }
    List<Statement> inside = new ArrayList<>();
    body.emit(divergedBy(base, limits, scope), inside);
    out.add(new Statement.If(Arithmetic.all(conditions).orElseThrow(), inside));
  }

  private Scope divergedBy(AffineForm base, List<AffineForm> limits, Scope scope) {
    boolean isDivergent = state.isDivergent(base) || limits.stream().anyMatch(state::isDivergent);
    return isDivergent && !limits.isEmpty() ? scope.diverged() : scope;
  }

  /** {@code spatial rank by tile on axis}. */
  void spatial(Part part, Scope scope, List<Statement> out, Body body) {
    Node.Spatial loop = (Node.Spatial) part.node();
    long tile = state.facts().problem().value(loop.tile());
    Axis axis = Grid.axis(loop.axis(), part.path(), state.facts());
    switch (axis.kind()) {
      case LANE -> body.emit(lanes(loop, tile, scope, part.path()), out);
      case WORK_ITEM -> items(part, loop.rank(), tile, axis, scope, out, body);
      case WORK_GROUP -> groups(part, loop.rank(), tile, axis, scope, out, body);
      case ARRAY -> throw new IllegalStateException("the grid admits no array axis");
    }
  }

  private Scope lanes(Node.Spatial loop, long tile, Scope scope, NodePath where) {
    RankName rank = loop.rank();
    Range range = scope.range(rank);
    long tiles = Math.ceilDiv(range.extent(), tile);
    if (tiles > 16) {
      throw new RefusedException(
          where,
          "a vector has at most 16 lanes, here are " + tiles + " tiles of " + rank,
          "give the loop above at most " + 16 * tile + " coordinates");
    }
    if (scope.lanes() > 1) {
      throw new RefusedException(
          where, "a loop over lanes stands inside another one", "write one of them as `for`");
    }
    if (tiles == 1) {
      return scope;
    }
    long lanes = laneCount(tiles);
    Range child = range.at(range.base().plus(AffineForm.LANE, tile), tile);
    if (lanes * tile > range.extent()) {
      AffineForm end = range.base().plus(range.extent());
      child = scope.isKept(rank, state.facts()) ? child.withHard(end) : child.withSoft(end);
    }
    Parallel.Lanes own = new Parallel.Lanes(rank, (int) lanes, loop.multicast());
    return narrowed(rank, child, scope.with(scope.parallel().withLanes(own)))
        .withLanes((int) lanes);
  }

  /** Vectors have 1, 2, 4, 8 or 16 lanes; the lanes that are too many are masked. */
  static long laneCount(long extent) {
    long lanes = Long.highestOneBit(extent);
    return lanes == extent ? lanes : 2 * lanes;
  }

  private void items(
      Part part, RankName rank, long tile, Axis axis, Scope scope, List<Statement> out, Body body) {
    int dimension = Grid.dimension(axis.name(), part.path());
    if (scope.parallel().items().containsKey(dimension)) {
      throw new RefusedException(
          part.path(),
          "two nested spatial loops use axis " + axis.name(),
          "use another axis, or write one of them as `for`");
    }
    Range range = scope.range(rank);
    requireNoLanes(range, "work-item", part.path());
    long tiles = Math.ceilDiv(range.extent(), tile);
    AffineForm counter = AffineForm.of(0);
    Scope inner =
        scope.with(scope.parallel().withItems(dimension, new Parallel.Loop(rank, part.path())));
    if (state.grid().items(dimension) > 1) {
      counter = AffineForm.of(state.item(dimension));
    }
    Range child =
        tile(
            rank,
            range,
            range.base().plus(counter.times(tile)),
            Math.min(tile, range.extent()),
            tiles,
            scope);
    if (tiles == state.grid().items(dimension)) {
      body.emit(narrowed(rank, child, inner), out);
    } else if (writesForOthers(part, scope)) {
      // Work-items without a tile come by too, so that all of them meet at barriers.
      AffineForm end = range.base().plus(range.extent());
      body.emit(narrowed(rank, child.withHard(end), inner), out);
    } else {
      guarded(counter, List.of(AffineForm.of(tiles)), narrowed(rank, child, inner), out, body);
    }
  }

  private static void requireNoLanes(Range range, String what, NodePath where) {
    if (range.base().hasLane()) {
      throw new RefusedException(
          where,
          "%ss divide here what the lanes around divide already, so what a lane reaches beyond an end is another %s's"
              .formatted(what, what),
          "put the loop over %ss around that over lanes".formatted(what));
    }
  }

  /**
   * Whether something inside writes what other work-items read, so that all must come by its
   * barriers: what has no tile is then left to {@link Tail}. A nest as a whole is no inside.
   */
  private boolean writesForOthers(Part part, Scope scope) {
    return !part.isNest()
        && part.computes()
            .map(compute -> ((Node.Compute) compute.node()).einsum())
            .filter(state::isReadHere)
            .map(output -> Optional.ofNullable(scope.homes().get(output)))
            .flatMap(Optional::stream)
            .anyMatch(home -> home.array().space() != AddressSpace.PRIVATE);
  }

  private void groups(
      Part part, RankName rank, long tile, Axis axis, Scope scope, List<Statement> out, Body body) {
    int dimension = Grid.dimension(axis.name(), part.path());
    if (scope.parallel().groups().containsKey(dimension)) {
      throw new RefusedException(
          part.path(),
          "two nested spatial loops use axis " + axis.name(),
          "use another axis, or write one of them as `for`");
    }
    Range range = scope.range(rank);
    requireNoLanes(range, "work-group", part.path());
    long tiles = Math.ceilDiv(range.extent(), tile);
    AffineForm counter = AffineForm.of(0);
    if (state.grid().groups(dimension) > 1) {
      counter = AffineForm.of(state.group(dimension));
    }
    AffineForm base = range.base().plus(counter.times(tile));
    Range child = tile(rank, range, base, Math.min(tile, range.extent()), tiles, scope);
    if (isPoint(child)) {
      child = child.without(range.limits());
    }
    Scope inner =
        narrowed(
            rank,
            child,
            scope.with(
                scope.parallel().withGroups(dimension, new Parallel.Loop(rank, part.path()))));
    // Groups come by or not as one, so those that begin beyond an end do nothing.
    Body below = (inside, statements) -> guarded(base, range.limits(), inside, statements, body);
    if (tiles == state.grid().groups(dimension)) {
      below.emit(inner, out);
    } else {
      guarded(counter, List.of(AffineForm.of(tiles)), inner, out, below);
    }
  }

  /** A step of an iterative rank: one coordinate. */
  void iterate(Steps steps, Scope scope, List<Statement> out, Body body) {
    temporal(
        steps,
        scope,
        Guard.ALL,
        false,
        out,
        (inner, statements) -> body.emit(inner.withIterating(steps.rank()), statements));
  }

  /** Narrows a rank; a single coordinate of an outer part limits the inner part. */
  Scope narrowed(RankName rank, Range range, Scope scope) {
    Scope narrower = scope.with(rank, range);
    if (!range.isSingle()) {
      return narrower;
    }
    for (Partition split :
        state.facts().partitions().filter(p -> p.outer().equals(rank)).toList()) {
      long parent = state.facts().shape(split.parent());
      long inner = state.facts().shape(split.inner());
      if (parent % inner != 0) {
        AffineForm left = AffineForm.of(parent).minus(range.base().times(inner));
        narrower = narrower.with(split.inner(), narrower.range(split.inner()).withSoft(left));
      }
    }
    return narrower;
  }
}
