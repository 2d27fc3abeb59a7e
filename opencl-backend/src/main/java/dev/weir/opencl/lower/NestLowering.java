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
    Parallel own = mergesItems(nest, 0, scope) ? Grid.everywhere() : inside;
    Barriers.guard(state, home, body, own, isShared(nest.output(), home), scope, nest.where(), out);
    state.markProduced(nest.output(), inside.groups());
  }

  private static String comment(Einsum einsum) {
    Set<RankName> reduced = einsum.reducedRanks();
    String over = String.join(", ", reduced.stream().map(RankName::variable).toList());
    return einsum.output().tensor()
        + (reduced.isEmpty() ? "" : ": " + einsum.reduction().text() + " over " + over);
  }

  /** Whether work-items read what others wrote: in a nest, or where a local tile is stored. */
  private boolean isShared(TensorName output, Home home) {
    boolean isRead = state.isReadHere(output) || home.array().space() == AddressSpace.LOCAL;
    return isRead && isShareable(home);
  }

  private boolean isShareable(Home home) {
    return state.grid().hasSeveralItems() && home.array().space() != AddressSpace.PRIVATE;
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

  /** Work-groups, work-items and lanes that loops spread a rank over, largest tile first. */
  private List<Home.Digit> digits(RankName rank, List<Part> below, Map<RankName, Long> extents) {
    List<Home.Digit> digits = new ArrayList<>();
    Map<RankName, Long> current = new HashMap<>(extents);
    List<Long> steps = new ArrayList<>();
    for (Part part : below) {
      long extent = current.getOrDefault(rank, 1L);
      if (part.node() instanceof Node.Spatial loop && loop.rank().equals(rank)) {
        Optional<Home.Digit> digit =
            TileLayout.digit(part, loop, AddressSpace.PRIVATE, current, state);
        digit.ifPresent(own -> requireAligned(steps, own, rank, part.path()));
        digit.ifPresent(digits::add);
      }
      current = Grid.narrowed(part, current, facts);
      boolean isStep = part.node() instanceof Node.For || part.node() instanceof Node.Pipeline;
      if (isStep && current.getOrDefault(rank, 1L) < extent) {
        steps.add(current.get(rank));
      }
    }
    TileLayout.requireNested(digits, rank, below.getLast().path());
    return digits;
  }

  /** Else the work-item that begins a sum is not the one that adds to it. */
  private static void requireAligned(
      List<Long> steps, Home.Digit digit, RankName rank, NodePath where) {
    long span = digit.tile() * digit.count();
    for (long step : steps) {
      if (!TileLayout.isLane(digit) && step % span != 0) {
        throw new RefusedException(
            where,
            "steps of "
                + step
                + " coordinates of "
                + rank
                + " do not consist of whole spans of "
                + span
                + " on work-groups or work-items; make the step a multiple of "
                + span);
      }
    }
  }

  private void emit(Nest nest, int depth, Scope scope, List<Statement> out) {
    boolean isOrder = nest.einsum().populate().isPresent() && nest.slots().isEmpty();
    boolean isAtPoint = depth == nest.loops().size();
    if (isOrder && (isAtPoint || nest.reduces(depth))) {
      Orders.Slots slots = orders.begin(nest.einsum(), scope, nest.where(), out);
      emit(nest.with(slots), depth, scope.withOpen(nest.output()), out);
      List<Statement> finish = new ArrayList<>();
      orders.finish(slots, scope, finish);
      Parallel own = inside(nest.below(depth), scope).without(nest.einsum().reducedRanks());
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
        visiting(part, true, (inside, statements) -> emit(nest, depth + 1, inside, statements));
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
              ? nest.einsum()
                  .condition()
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
   * What it would have written alone is then empty.
   *
   * @param isInNest whether barriers stand around already, if any are needed
   */
  Loops.Body visiting(Part loop, boolean isInNest, Loops.Body body) {
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
      List<Statement> inside = new ArrayList<>();
      body.emit(state.isDivergent(mask.get()) ? scope.diverged() : scope, inside);
      out.add(new Statement.If(visited, inside));
      List<Statement> passed = new ArrayList<>();
      loop.pathsToComputes().forEach(path -> pass(path, node.rank(), isInNest, scope, passed));
      if (!passed.isEmpty()) {
        out.add(new Statement.If(new Value.Not(visited), passed));
      }
    };
  }

  /** Whether some compute below has a point that is present; nothing when that is not excluded. */
  private Optional<Value> isVisited(Part loop, Scope scope) {
    List<Optional<Value>> masks =
        loop.computes()
            .map(
                part ->
                    facts
                        .producer(((Node.Compute) part.node()).einsum())
                        .condition()
                        .flatMap(c -> possibility.of(c, scope, part.path())))
            .toList();
    return masks.stream().allMatch(Optional::isPresent)
        ? masks.stream().map(Optional::get).distinct().reduce(Arithmetic::or)
        : Optional.empty();
  }

  /** Writes the empty value where an iteration that is passed over would have written alone. */
  private void pass(
      List<Part> path, RankName rank, boolean isInNest, Scope scope, List<Statement> out) {
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
        reductions.inPlace(einsum, along(einsum, home, below, scope), home, compute.path());
    List<Statement> filling = new ArrayList<>();
    reductions.fill(region, facts.tensor(output).empty(), scope, filling);
    Parallel inside = inside(below, scope).without(einsum.reducedRanks());
    boolean isShared = !isInNest && isShared(output, home);
    Barriers.guard(state, home, filling, inside, isShared, scope, compute.path(), out);
  }

  /** Whether work-items stay together as they merge what they contribute. */
  private boolean mergesItems(Nest nest, int depth, Scope scope) {
    Set<RankName> reduced = nest.einsum().reducedRanks();
    return inside(nest.below(depth), scope).below(nest.home().around()).items().entrySet().stream()
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
    boolean isShared = isShared(output, home) || (isKept(output, below) && isShareable(home));
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
          einsum.output().tensor()
              + " orders values along a rank that a loop further out cuts; put all loops over it"
              + " directly around the compute");
    }
    Home home = accesses.home(einsum.output().tensor(), scope, where);
    Reductions.Region region =
        reductions.inPlace(einsum, along(einsum, home, below, scope), home, where);
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

  private List<Walk.Along> along(Einsum einsum, Home home, List<Part> below, Scope scope) {
    Map<RankName, Long> extents = scope.extents();
    return einsum
        .output()
        .ranks()
        .distinct()
        .map(
            rank -> {
              List<Home.Digit> digits = digits(rank, below, extents);
              long stored = TileLayout.stored(extents.get(rank), digits);
              Walk.Along along = new Walk.Along(rank, scope.range(rank), stored, digits);
              return home instanceof Home.Tile tile && !hasRoom(tile, along, einsum.output())
                  ? along.within()
                  : along;
            })
        .toList();
  }

  /**
   * Whether a tile has room for all that lanes and work-items cover of a rank: where the tile goes
   * on, there is another work-item's element.
   */
  private static boolean hasRoom(Home.Tile tile, Walk.Along along, Access output) {
    int at = output.indices().indexOf(new Index.Coordinate(along.rank()));
    if (at < 0) {
      return true;
    }
    Home.Dimension dimension = tile.dimensions().get(at);
    boolean goesOn = dimension.range().extent() > along.range().extent();
    if (goesOn && !along.digits().stream().allMatch(TileLayout::isLane)) {
      return along.covered() <= along.range().extent();
    }
    return along.covered()
        <= dimension.digits().stream()
            .mapToLong(Home.Digit::count)
            .reduce(dimension.stored(), Math::multiplyExact);
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
        einsum.condition().map(c -> expressions.conditions().mask(c, scope, nest.where()));
    List<Statement> statements = new ArrayList<>();
    Operand operand = expressions.lower(einsum.value(), scope, nest.where(), statements);
    double empty = facts.tensor(nest.output()).empty();
    Value value = Contribution.orElse(operand, condition, empty);
    accesses.store(einsum.output(), value, scope, nest.where(), statements);
    boolean replaces =
        einsum.reads().stream()
            .map(access -> scope.homes().get(access.tensor()))
            .anyMatch(home -> home != null && home.array().equals(nest.home().array()));
    out.addAll(
        replaces
            ? accesses.own(einsum.output(), nest.home(), scope, statements)
            : accesses.inside(einsum.output(), scope, statements));
  }
}
