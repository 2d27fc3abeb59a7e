package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  NestLowering(KernelState state, Loops loops, AccessLowering accesses) {
    this.state = state;
    this.facts = state.facts();
    this.loops = loops;
    this.accesses = accesses;
    this.expressions = new ExpressionLowering(state, accesses);
    this.reductions = new Reductions(state, loops, accesses, expressions);
    this.possibility = new Possibility(facts, accesses.indices());
    this.orders = new Orders(state, accesses, expressions);
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
    out.add(new Statement.Comment(comment(einsum)));
    List<Statement> body = new ArrayList<>();
    Nest nest = new Nest(einsum, home, around, compute.path(), Optional.empty());
    emit(nest, 0, scope, body);
    Parallel inside = inside(around, scope);
    Barriers.guard(
        state, home, body, inside, isShared(nest.output(), home), scope, nest.where(), out);
    state.markProduced(nest.output(), inside.groups());
  }

  private static String comment(Einsum einsum) {
    Set<RankName> reduced = einsum.reducedRanks();
    String over = String.join(", ", reduced.stream().map(RankName::variable).toList());
    return einsum.output().tensor()
        + (reduced.isEmpty() ? "" : ": " + einsum.reduction().text() + " over " + over);
  }

  /** Whether work-items read what others wrote. */
  private boolean isShared(TensorName output, Home home) {
    return state.grid().hasSeveralItems()
        && state.isReadHere(output)
        && home.array().space() != AddressSpace.PRIVATE;
  }

  /** Loops over groups and items around a compute. */
  private Parallel inside(List<Part> around, Scope scope) {
    Parallel inside = scope.parallel();
    for (Part part : around) {
      if (part.node() instanceof Node.Spatial loop) {
        Parallel.Loop own = new Parallel.Loop(loop.rank(), part.path());
        inside =
            switch (Grid.axis(loop.axis(), part.path(), facts).kind()) {
              case WORK_GROUP -> inside.withGroups(Grid.dimension(loop.axis(), part.path()), own);
              case WORK_ITEM -> inside.withItems(Grid.dimension(loop.axis(), part.path()), own);
              case LANE, ARRAY -> inside;
            };
      }
    }
    return inside;
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
                + " before anything has produced it; in a kernel parts run in the order they are"
                + " written");
      }
    }
  }

  /** Work-items and lanes that loops spread a rank over, largest tile first. */
  private List<Home.Digit> digits(RankName rank, List<Part> below, Map<RankName, Long> extents) {
    List<Home.Digit> digits = new ArrayList<>();
    Map<RankName, Long> current = new HashMap<>(extents);
    for (Part part : below) {
      if (part.node() instanceof Node.Spatial loop && loop.rank().equals(rank)) {
        TileLayout.digit(part, loop, AddressSpace.PRIVATE, current, state).ifPresent(digits::add);
      }
      current = Grid.narrowed(part, current, facts);
    }
    return digits;
  }

  private void emit(Nest nest, int depth, Scope scope, List<Statement> out) {
    List<RankName> beyond = beyondTiles(nest, depth, scope);
    if (beyond.isEmpty()) {
      within(nest, depth, scope, out);
      return;
    }
    List<Value> conditions = new ArrayList<>();
    Scope inside = scope.diverged();
    for (RankName rank : beyond) {
      Range range = scope.range(rank);
      range.hard().forEach(limit -> conditions.add(Arithmetic.less(range.base(), limit, 1)));
      inside = inside.with(rank, range.withoutHardLimits());
    }
    List<Statement> statements = new ArrayList<>();
    within(nest, depth, inside, statements);
    Value isWithin = Arithmetic.all(conditions).orElseThrow();
    out.add(new Statement.If(isWithin, statements));
    if (nest.home().array().space() == AddressSpace.PRIVATE && facts.isMerged(nest.output())) {
      // All work-items hand something on where they merge.
      Reductions.Region region =
          reductions.inPlace(
              nest.einsum(),
              along(nest.einsum(), nest.below(depth), nest.home(), inside),
              nest.home(),
              nest.where());
      List<Statement> empty = new ArrayList<>();
      reductions.fill(region, facts.tensor(nest.output()).empty(), inside, empty);
      out.add(new Statement.If(new Value.Not(isWithin), empty));
    }
  }

  /**
   * Ranks whose coordinate here may be another tile's, or nobody's: the last work-items have less
   * than a whole tile, and no loop of their own ends there. Work-items that merge stay together.
   */
  private List<RankName> beyondTiles(Nest nest, int depth, Scope scope) {
    if (mergesItems(nest, depth, scope)) {
      return List.of();
    }
    return nest.einsum().iterationSpace().stream()
        .filter(
            rank -> {
              Range range = scope.range(rank);
              return range.isSingle() && !range.hard().isEmpty() && !range.base().hasLane();
            })
        .toList();
  }

  private void within(Nest nest, int depth, Scope scope, List<Statement> out) {
    boolean isOrder = nest.einsum().populate().isPresent() && nest.slots().isEmpty();
    boolean isAtPoint = depth == nest.loops().size();
    if (isOrder && (isAtPoint || nest.reduces(depth))) {
      Orders.Slots slots = orders.begin(nest.einsum(), scope, nest.where(), out);
      emit(nest.with(slots), depth, scope.withOpen(nest.output()), out);
      orders.finish(slots, scope, out);
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
        visiting(part, (inside, statements) -> emit(nest, depth + 1, inside, statements));
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
      loops.temporal(loop.rank(), tile, scope, guard, end, unrolled, out, body);
    } else {
      loops.spatial(part, scope, out, body);
    }
  }

  /**
   * The body of a loop, passed over, where the loop is marked so, when no point below is present.
   * What it would have written alone is then empty. Where all points are present it asks no more.
   */
  Loops.Body visiting(Part loop, Loops.Body body) {
    if (!(loop.node() instanceof Node.For node) || !node.skip()) {
      return body;
    }
    return (scope, out) -> {
      Optional<Value> mask = isVisited(loop, scope);
      if (mask.isEmpty()) {
        body.emit(scope, out);
        return;
      }
      Value.Variable visited = state.freshVariable("visited", Type.MASK);
      out.add(new Statement.Declare(visited, mask.get()));
      Scope visiting = state.isDivergent(mask.get()) ? scope.diverged() : scope;
      Value inPart =
          whole(loop, visiting, body, out)
              .<Value>map(Value.Not::new)
              .map(not -> Arithmetic.and(visited, not))
              .orElse(visited);
      List<Statement> inside = new ArrayList<>();
      body.emit(visiting, inside);
      out.add(new Statement.If(inPart, inside));
      List<Statement> passed = new ArrayList<>();
      loop.pathsToComputes().forEach(path -> pass(path, node.rank(), scope, passed));
      if (!passed.isEmpty()) {
        out.add(new Statement.If(new Value.Not(visited), passed));
      }
    };
  }

  /**
   * The body where all points below are present, so that no condition is asked. Not where
   * work-items meet: each barrier would stand twice.
   *
   * @return whether they are, if that is known
   */
  private Optional<Value.Variable> whole(
      Part loop, Scope scope, Loops.Body body, List<Statement> out) {
    List<Condition> conditions =
        loop.computes()
            .map(part -> facts.producer(((Node.Compute) part.node()).einsum()).condition())
            .flatMap(Optional::stream)
            .distinct()
            .toList();
    List<Value> masks =
        conditions.stream()
            .flatMap(c -> possibility.throughout(c, scope, loop.path()).stream())
            .toList();
    if (state.grid().hasSeveralItems() || masks.size() < conditions.size()) {
      return Optional.empty();
    }
    Value.Variable whole = state.freshVariable("whole", Type.MASK);
    out.add(new Statement.Declare(whole, Arithmetic.all(masks).orElse(Arithmetic.always())));
    List<Statement> inside = new ArrayList<>();
    body.emit(scope.withHolding(conditions), inside);
    out.add(new Statement.If(whole, inside));
    return Optional.of(whole);
  }

  /** Whether some compute below has a point that is present; nothing when that is not excluded. */
  private Optional<Value> isVisited(Part loop, Scope scope) {
    List<Optional<Value>> masks =
        loop.computes()
            .map(
                part ->
                    scope
                        .condition(facts.producer(((Node.Compute) part.node()).einsum()))
                        .flatMap(c -> possibility.of(c, scope, part.path())))
            .toList();
    return masks.stream().allMatch(Optional::isPresent)
        ? masks.stream().map(Optional::get).distinct().reduce(Arithmetic::or)
        : Optional.empty();
  }

  /** Writes the empty value where an iteration that is passed over would have written alone. */
  private void pass(List<Part> path, RankName rank, Scope scope, List<Statement> out) {
    Part compute = path.getLast();
    Einsum einsum = facts.producer(((Node.Compute) compute.node()).einsum());
    TensorName output = einsum.output().tensor();
    boolean isAlone = !einsum.reducedRanks().contains(rank) && !scope.open().contains(output);
    boolean hasHome =
        scope.homes().containsKey(output) || facts.tensor(output).role() == Tensor.Role.OUTPUT;
    if (!isAlone || !hasHome) {
      return;
    }
    List<Part> below = path.subList(1, path.size());
    Home home = accesses.home(output, scope, compute.path());
    Reductions.Region region =
        reductions.inPlace(einsum, along(einsum, below, home, scope), home, compute.path());
    List<Statement> filling = new ArrayList<>();
    reductions.fill(region, facts.tensor(output).empty(), scope, filling);
    Parallel inside = inside(below, scope).without(einsum.reducedRanks());
    boolean isShared = isShared(output, home);
    Barriers.guard(state, home, filling, inside, isShared, scope, compute.path(), out);
  }

  /** Whether work-items stay together as they merge what they contribute. */
  private boolean mergesItems(Nest nest, int depth, Scope scope) {
    Set<RankName> reduced = nest.einsum().reducedRanks();
    boolean isAbove =
        scope.parallel().below(nest.home().around()).items().values().stream()
            .anyMatch(loop -> reduced.contains(loop.rank()));
    boolean isBelow =
        nest.below(depth).stream()
            .anyMatch(
                part ->
                    part.node() instanceof Node.Spatial loop
                        && reduced.contains(loop.rank())
                        && Grid.axis(loop.axis(), part.path(), facts).kind()
                            == Axis.Kind.WORK_ITEM);
    return isAbove || isBelow;
  }

  /**
   * Sums up in the output's own memory while the body runs.
   *
   * @param below nodes between here and the compute
   */
  void open(
      Einsum einsum,
      List<Part> below,
      NodePath where,
      Scope scope,
      List<Statement> out,
      Loops.Body body) {
    if (einsum.populate().isPresent()) {
      throw new RefusedException(
          where,
          einsum.output().tensor()
              + " orders values along a rank that a loop further out cuts; put all loops over it"
              + " directly around the compute");
    }
    Home home = accesses.home(einsum.output().tensor(), scope, where);
    Reductions.Region region =
        reductions.inPlace(einsum, along(einsum, below, home, scope), home, where);
    AddressSpace space = home.array().space();
    Parallel inside = inside(below, scope).without(einsum.reducedRanks());
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

  /**
   * Of work-items that hold places beyond the end, those places are the next row's in local memory.
   */
  private List<Walk.Along> along(Einsum einsum, List<Part> below, Home home, Scope scope) {
    Map<RankName, Long> extents = scope.extents();
    return einsum
        .output()
        .ranks()
        .distinct()
        .map(
            rank -> {
              long extent = extents.get(rank);
              List<Home.Digit> digits = digits(rank, below, extents);
              long stored = TileLayout.stored(extent, digits);
              Range range = scope.range(rank);
              boolean endsHard =
                  home.array().space() == AddressSpace.LOCAL
                      && Home.isSpreadBeyond(extent, stored, digits);
              Range own = endsHard ? range.withHard(range.base().plus(extent)) : range;
              return new Walk.Along(rank, own, stored, digits);
            })
        .toList();
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
