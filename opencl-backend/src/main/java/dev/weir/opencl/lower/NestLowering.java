package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lowers one compute with the loops that stand directly around it. */
final class NestLowering {

  private final KernelState state;
  private final Facts facts;
  private final Loops loops;
  private final AccessLowering accesses;
  private final ExpressionLowering expressions;
  private final Reductions reductions;
  private final Possibility possibility;
  private final Orders orders;
  private final NestPlaces places;
  private final Skips skips;

  NestLowering(KernelState state, Loops loops, AccessLowering accesses) {
    this.state = state;
    this.facts = state.facts();
    this.loops = loops;
    this.accesses = accesses;
    this.expressions = new ExpressionLowering(state, accesses);
    this.reductions = new Reductions(state, loops, accesses, expressions);
    this.possibility = new Possibility(facts, accesses.indices());
    this.orders = new Orders(state, accesses, expressions);
    this.places = new NestPlaces(state);
    this.skips = new Skips(state, accesses, reductions, possibility, places);
  }

  /** A compute in its loops. */
  private record Nest(
      Einsum einsum, Home home, List<Part> loops, NodePath where, Optional<Orders.Slots> slots) {

    Nest with(Orders.Slots order) {
      return new Nest(einsum, home, loops, where, Optional.of(order));
    }

    TensorName output() {
      return einsum.output().tensor();
    }

    boolean reduces(int depth) {
      return reducesAt(loops.get(depth), einsum);
    }

    List<Part> below(int depth) {
      return loops.subList(depth, loops.size());
    }
  }

  Skips skips() {
    return skips;
  }

  /** Whether a node is a loop over a rank that the Einsum reduces. */
  static boolean reducesAt(Part part, Einsum einsum) {
    return switch (part.node()) {
      case Node.For loop -> einsum.reducedRanks().contains(loop.rank());
      case Node.Spatial loop -> einsum.reducedRanks().contains(loop.rank());
      case Node.Pipeline loop -> einsum.reducedRanks().contains(loop.rank());
      case Node.Iterate loop -> einsum.reducedRanks().contains(loop.rank());
      case Node.Last _, Node.Keep _, Node.Seq _, Node.Par _ -> false;
      case Node.Stage _, Node.Interleave _, Node.Compute _ -> false;
    };
  }

  void lower(Part part, Scope scope, List<Statement> out) {
    List<Part> around = new ArrayList<>();
    Part compute = part;
    while (!(compute.node() instanceof Node.Compute)) {
      around.add(compute);
      compute = compute.child();
    }
    Einsum einsum = facts.producer(((Node.Compute) compute.node()).einsum());
    requireProduced(einsum, compute.path());
    Home home = accesses.home(einsum.output().tensor(), scope, compute.path());
    out.add(new Statement.Comment(comment(einsum), Optional.of(compute.path())));
    List<Statement> body = new ArrayList<>();
    Nest nest = new Nest(einsum, home, around, compute.path(), Optional.empty());
    emit(nest, 0, scope, body);
    Parallel inside = places.inside(around, scope);
    Parallel own = mergesItems(nest, 0, scope) ? Grid.everywhere() : inside;
    Barriers.guard(
        state, home, body, own, places.isShared(nest.output(), home), scope, nest.where(), out);
    state.markProduced(nest.output(), inside.groups());
  }

  private static String comment(Einsum einsum) {
    Set<RankName> reduced = einsum.reducedRanks();
    String over = String.join(", ", reduced.stream().map(RankName::variable).toList());
    return einsum.output().tensor()
        + (reduced.isEmpty() ? "" : ": " + einsum.reduction().text() + " over " + over);
  }

  private void requireProduced(Einsum einsum, NodePath where) {
    for (Access access : facts.accesses(einsum.output().tensor()).skip(1).toList()) {
      Tensor tensor = facts.tensor(access.tensor());
      boolean readsOld =
          tensor.generations().isPresent()
              && access.indices().get(tensor.ranks().indexOf(tensor.generations().get()))
                  instanceof Index.Coordinate;
      if (tensor.role() != Tensor.Role.INPUT && !readsOld && !state.isProduced(tensor.name())) {
        throw new RefusedException(
            where,
            einsum.output().tensor()
                + " reads "
                + tensor.name()
                + " before anything has produced it, as the parts of a kernel run in the order they"
                + " are written",
            "put compute " + tensor.name() + " before compute " + einsum.output().tensor());
      }
    }
  }

  private void emit(Nest nest, int depth, Scope scope, List<Statement> out) {
    Tail tail =
        Tail.of(
            nest.einsum().iterationSpace().stream(),
            scope,
            rank -> forbidding(rank, nest, depth, scope));
    List<Statement> statements = new ArrayList<>();
    within(nest, depth, tail.inside(), statements);
    out.addAll(tail.guarded(statements));
  }

  /**
   * Limits at or beyond which a nest does nothing any more. Beyond a hard one the coordinate is
   * another tile's, or nobody's: the last work-items have less than a whole tile, and no loop of
   * their own ends there. Beyond a soft one no element is read to be written again, in memory that
   * others share: a clamped read would meet one of theirs. Work-items that merge stay together.
   */
  private List<AffineForm> forbidding(RankName rank, Nest nest, int depth, Scope scope) {
    Range range = scope.range(rank);
    boolean isAtPoint = depth == nest.loops().size();
    boolean isDecided = range.isSingle() && (isAtPoint || !range.base().hasLane());
    if (!isDecided || !range.isLimited() || mergesItems(nest, depth, scope)) {
      return List.of();
    }
    boolean readsElement =
        isAtPoint
            && nest.einsum().output().ranks().anyMatch(rank::equals)
            && places.meetsOthers(nest.home())
            && (scope.open().contains(nest.output()) || replaces(nest, scope));
    return readsElement ? range.limits() : range.hard();
  }

  /** Whether what a point reads is in the place that it writes. */
  private static boolean replaces(Nest nest, Scope scope) {
    return nest.einsum().reads().stream()
        .map(access -> scope.homes().get(access.tensor()))
        .anyMatch(home -> home != null && home.array().equals(nest.home().array()));
  }

  private void within(Nest nest, int depth, Scope scope, List<Statement> out) {
    boolean isOrder = nest.einsum().populate().isPresent() && nest.slots().isEmpty();
    boolean isAtPoint = depth == nest.loops().size();
    if (isOrder && (isAtPoint || nest.reduces(depth))) {
      Orders.Slots slots = orders.begin(nest.einsum(), scope, nest.where(), out);
      emit(nest.with(slots), depth, scope.withOpen(nest.output()), out);
      List<Statement> finish = new ArrayList<>();
      orders.finish(slots, scope, finish);
      Parallel own = places.inside(nest.below(depth), scope).without(nest.einsum().reducedRanks());
      out.addAll(Barriers.once(state, nest.home().array().space(), own, finish));
    } else if (isAtPoint) {
      point(nest, scope, out);
    } else if (nest.reduces(depth) && !scope.open().contains(nest.output())) {
      open(
          nest.einsum(),
          nest.below(depth),
          nest.where(),
          scope,
          out,
          (inside, statements) -> loop(nest, depth, inside, statements));
    } else {
      loop(nest, depth, scope, out);
    }
  }

  private void loop(Nest nest, int depth, Scope scope, List<Statement> out) {
    Part part = nest.loops().get(depth);
    Loops.Body body =
        skips.visiting(
            part, true, (inside, statements) -> emit(nest, depth + 1, inside, statements));
    if (part.node() instanceof Node.For loop) {
      long tile = facts.problem().value(loop.tile());
      boolean unrolled = Unrolling.isUnrolled(loop.rank(), tile, part, scope, facts);
      Loops.Guard guard = Loops.Guard.ALL;
      if (mergesItems(nest, depth, scope)) {
        guard = Loops.Guard.NONE;
      } else if (unrolled && !nest.reduces(depth) && nest.home() instanceof Home.Tile) {
        guard = Loops.Guard.HARD;
      }
      Optional<Value> end =
          guard == Loops.Guard.ALL && nest.reduces(depth)
              ? scope
                  .condition(nest.einsum())
                  .flatMap(c -> possibility.end(c, loop.rank(), scope, nest.where()))
                  .filter(value -> !state.isDivergent(value))
              : Optional.empty();
      Loops.Steps steps = Loops.Steps.of(part, loop.rank(), tile);
      loops.temporal(steps, scope, guard, end, unrolled, out, body);
    } else {
      loops.spatial(part, scope, out, body);
    }
  }

  /**
   * Whether work-items stay together as they merge what they contribute. Orders are never merged:
   * schedules whose instances would each have one are illegal.
   */
  private boolean mergesItems(Nest nest, int depth, Scope scope) {
    if (nest.einsum().populate().isPresent()) {
      return false;
    }
    Set<RankName> reduced = nest.einsum().reducedRanks();
    return places
        .inside(nest.below(depth), scope)
        .below(nest.home().around())
        .items()
        .entrySet()
        .stream()
        .filter(entry -> state.grid().items(entry.getKey()) > 1)
        .anyMatch(entry -> reduced.contains(entry.getValue().rank()));
  }

  /**
   * Sums up in the output's own memory while the body runs, apart from all that others do to it.
   *
   * @param below nodes between here and the compute
   */
  void openApart(
      Einsum einsum,
      List<Part> below,
      NodePath where,
      Scope scope,
      List<Statement> out,
      Loops.Body body) {
    Home home = accesses.home(einsum.output().tensor(), scope, where);
    TensorName output = einsum.output().tensor();
    boolean isShared =
        places.isShared(output, home) || (isKept(output, below) && places.isShareable(home));
    Loops.Body met =
        (inner, statements) -> {
          if (isShared) {
            Barriers.barrier(state, home.array().space(), inner, where, statements);
          }
          body.emit(inner, statements);
        };
    List<Statement> inside = new ArrayList<>();
    open(einsum, below, where, scope, inside, met);
    Barriers.guard(state, home, inside, Grid.everywhere(), isShared, scope, where, out);
  }

  private static boolean isKept(TensorName tensor, List<Part> below) {
    return below.stream()
        .anyMatch(part -> part.node() instanceof Node.Keep k && k.tensors().contains(tensor));
  }

  private void open(
      Einsum einsum,
      List<Part> below,
      NodePath where,
      Scope scope,
      List<Statement> out,
      Loops.Body body) {
    if (einsum.populate().isPresent()) {
      throw new RefusedException(
          where,
          einsum.output().tensor() + " orders values along a rank that a loop further out cuts",
          "put all loops over it directly around the compute");
    }
    Home home = accesses.home(einsum.output().tensor(), scope, where);
    Reductions.Region region =
        reductions.inPlace(einsum, places.along(einsum, home, below, scope), home, where);
    AddressSpace space = home.array().space();
    Parallel inside = places.inside(below, scope).without(einsum.reducedRanks());
    List<Statement> begin = new ArrayList<>();
    reductions.begin(region, scope, begin);
    out.addAll(Barriers.once(state, space, inside, begin));
    body.emit(scope.withOpen(einsum.output().tensor()), out);
    List<Statement> finish = new ArrayList<>();
    reductions.finish(region, scope, finish);
    if (!finish.isEmpty()) {
      out.addAll(Barriers.once(state, space, inside, finish));
    }
  }

  /** What a right side is worth where its condition holds: elsewhere nobody asks. */
  static Scope present(Einsum einsum, Scope scope) {
    return scope.withHolding(einsum.condition().stream().toList());
  }

  /** One point: a value written once, or one contribution to the sums in memory. */
  private void point(Nest nest, Scope scope, List<Statement> out) {
    Einsum einsum = nest.einsum();
    if (nest.slots().isPresent()) {
      orders.insert(nest.slots().get(), scope, out);
      return;
    }
    if (scope.open().contains(nest.output())) {
      Home home = nest.home();
      Reductions.Region region = reductions.inPlace(einsum, List.of(), home, nest.where());
      reductions.contribute(region, scope, out);
      return;
    }
    Optional<Value> condition =
        scope.condition(einsum).map(c -> expressions.conditions().mask(c, scope, nest.where()));
    Operand operand = expressions.lower(einsum.value(), present(einsum, scope), nest.where(), out);
    double empty = facts.tensor(nest.output()).empty();
    Value value = Contribution.orElse(operand, condition, empty);
    accesses.store(einsum.output(), value, scope, nest.where(), out);
  }
}
