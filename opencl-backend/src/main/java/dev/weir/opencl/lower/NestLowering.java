package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lowers one compute with the loops that stand directly around it. What reduces is summed up in an
 * array of its own from its outermost reducing loop on, as far as that fits into registers.
 */
final class NestLowering {

  private final KernelState state;
  private final Facts facts;
  private final Loops loops;
  private final AccessLowering accesses;
  private final ExpressionLowering expressions;

  NestLowering(KernelState state, Loops loops, AccessLowering accesses) {
    this.state = state;
    this.facts = state.facts();
    this.loops = loops;
    this.accesses = accesses;
    this.expressions = new ExpressionLowering(state, accesses);
  }

  void lower(Part nest, Scope scope, List<Statement> out) {
    List<Part> around = new ArrayList<>();
    Part compute = nest;
    while (!(compute.node() instanceof Node.Compute)) {
      around.add(compute);
      compute = compute.child();
    }
    Einsum einsum = facts.producer(((Node.Compute) compute.node()).einsum());
    requireProduced(einsum, compute.path());
    Home home = accesses.home(einsum.output().tensor(), scope, compute.path());
    out.add(new Statement.Comment(comment(einsum)));
    List<Statement> body = new ArrayList<>();
    emit(new Nest(einsum, home, around, compute.path(), start(einsum, home, around, scope)), 0, scope, body);
    boolean isShared = isShared(einsum, home);
    Barriers.guard(state, home, body, inside(around, scope), isShared, scope, compute.path(), out);
    state.markProduced(einsum.output().tensor());
  }

  /**
   * A compute in its loops.
   *
   * @param start loops before this one only place the tile that the rest sums up
   */
  private record Nest(Einsum einsum, Home home, List<Part> loops, NodePath where, int start) {}

  private static String comment(Einsum einsum) {
    Set<RankName> reduced = einsum.reducedRanks();
    String over =
        String.join(", ", reduced.stream().map(RankName::variable).toList());
    return einsum.output().tensor()
        + (reduced.isEmpty() ? "" : ": " + einsum.reduction().text() + " over " + over);
  }

  private boolean isShared(Einsum einsum, Home home) {
    return state.grid().hasSeveralItems()
        && state.isReadHere(einsum.output().tensor())
        && home.array().space() != AddressSpace.PRIVATE;
  }

  /** The scope at the compute as far as spatial loops go. */
  private Scope inside(List<Part> around, Scope scope) {
    Scope inside = scope;
    for (Part part : around) {
      if (part.node() instanceof Node.Spatial loop) {
        switch (Grid.axis(loop.axis(), part.path(), facts).kind()) {
          case WORK_GROUP ->
              inside =
                  inside.withGroups(Grid.dimension(loop.axis(), part.path()), loop.rank());
          case WORK_ITEM ->
              inside = inside.withItems(Grid.dimension(loop.axis(), part.path()), loop.rank());
          case LANE, ARRAY -> {}
        }
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

  /** First loop below which the output's tile is summed up in registers. */
  private int start(Einsum einsum, Home home, List<Part> around, Scope scope) {
    Set<RankName> reduced = einsum.reducedRanks();
    Map<RankName, Long> extents = new HashMap<>();
    scope.ranges().forEach((rank, range) -> extents.put(rank, range.extent()));
    Map<RankName, Long> current = extents;
    boolean isReducing =
        scope.loops().stream().skip(home.depth()).anyMatch(loop -> reduced.contains(loop.rank()));
    boolean mustBePoint =
        einsum.reduction().identity() != facts.tensor(einsum.output().tensor()).empty();
    for (int i = 0; i < around.size(); i++) {
      boolean reducesHere = rank(around.get(i)).filter(reduced::contains).isPresent();
      if ((reducesHere || isReducing)
          && !(isReducing && mustBePoint)
          && fits(einsum, around.subList(i, around.size()), current, scope)) {
        return i;
      }
      isReducing |= reducesHere;
      current = Grid.narrowed(around.get(i), current, facts);
    }
    return around.size();
  }

  private static Optional<RankName> rank(Part loop) {
    return switch (loop.node()) {
      case Node.For f -> Optional.of(f.rank());
      case Node.Spatial s -> Optional.of(s.rank());
      case Node.Iterate _, Node.Last _, Node.Keep _, Node.Seq _, Node.Par _ -> Optional.empty();
      case Node.Pipeline _, Node.Stage _, Node.Interleave _, Node.Compute _ -> Optional.empty();
    };
  }

  private boolean fits(
      Einsum einsum, List<Part> below, Map<RankName, Long> extents, Scope scope) {
    long elements = 1;
    int lanes = scope.lanes();
    for (RankName rank : new HashSet<>(einsum.output().ranks().toList())) {
      List<Home.Digit> digits = digits(rank, below, extents);
      elements *= TileLayout.stored(extents.get(rank), digits);
      lanes =
          digits.stream()
              .filter(TileLayout::isLane)
              .mapToInt(digit -> (int) digit.count())
              .findFirst()
              .orElse(lanes);
    }
    return elements <= Unrolling.most(lanes);
  }

  /** Work-items and lanes that loops spread a rank over, largest tile first. */
  private List<Home.Digit> digits(RankName rank, List<Part> below, Map<RankName, Long> extents) {
    List<Home.Digit> digits = new ArrayList<>();
    Map<RankName, Long> current = extents;
    for (Part part : below) {
      if (part.node() instanceof Node.Spatial loop && loop.rank().equals(rank)) {
        TileLayout.digit(part, loop, AddressSpace.PRIVATE, current, state).ifPresent(digits::add);
      }
      current = Grid.narrowed(part, current, facts);
    }
    return digits;
  }

  private void emit(Nest nest, int depth, Scope scope, List<Statement> out) {
    if (depth == nest.start()) {
      if (depth == nest.loops().size()) {
        point(nest, scope, out);
      } else {
        new TileReduction(state, loops, accesses, expressions)
            .emit(
                nest.einsum(),
                nest.home(),
                nest.loops().subList(depth, nest.loops().size()),
                along(nest, scope),
                nest.where(),
                scope,
                out);
      }
      return;
    }
    Part part = nest.loops().get(depth);
    Loops.Body body = (inner, statements) -> emit(nest, depth + 1, inner, statements);
    if (part.node() instanceof Node.For loop) {
      long tile = facts.problem().value(loop.tile());
      boolean unrolled = Unrolling.isUnrolled(loop.rank(), tile, part, scope, facts);
      boolean isParallel = !nest.einsum().reducedRanks().contains(loop.rank());
      Loops.Guard guard = unrolled && isParallel ? Loops.Guard.HARD : Loops.Guard.ALL;
      loops.temporal(loop.rank(), tile, scope, guard, unrolled, out, body);
    } else {
      loops.spatial(part, scope, out, body);
    }
  }

  private List<Walk.Along> along(Nest nest, Scope scope) {
    List<Part> below = nest.loops().subList(nest.start(), nest.loops().size());
    Map<RankName, Long> extents = new HashMap<>();
    scope.ranges().forEach((rank, range) -> extents.put(rank, range.extent()));
    return nest.einsum().output().ranks().distinct()
        .map(
            rank -> {
              List<Home.Digit> digits = digits(rank, below, extents);
              long stored = TileLayout.stored(extents.get(rank), digits);
              return new Walk.Along(rank, scope.range(rank), stored, digits);
            })
        .toList();
  }

  /** One point: a value written once, or one contribution to what is in memory. */
  private void point(Nest nest, Scope scope, List<Statement> out) {
    Einsum einsum = nest.einsum();
    Spread.require(einsum, scope, state, nest.where());
    Tensor tensor = facts.tensor(einsum.output().tensor());
    Optional<Value> condition =
        einsum.condition().map(c -> expressions.conditions().mask(c, scope, nest.where()));
    Operand operand = expressions.lower(einsum.value(), scope, nest.where(), out);
    Partials partials = Partials.of(einsum, nest.home(), scope);
    if (partials.isComplete()) {
      Value value = Contribution.orElse(operand, condition, tensor.empty());
      accesses.store(einsum.output(), value, scope, nest.where(), out);
      return;
    }
    partials.require(tensor, nest.home(), state, nest.where());
    Value old = partials.old(tensor, nest.home(), accesses.load(tensor, nest.home(), einsum.output(), scope, nest.where()));
    double identity = einsum.reduction().identity();
    Value sum;
    if (tensor.empty() == identity) {
      Value value = Contribution.orElse(operand, condition, identity);
      sum = Contribution.combine(einsum.reduction(), old, value);
    } else {
      Value empty = new Value.Number(tensor.empty());
      Value combined = Contribution.combine(einsum.reduction(), old, operand.value());
      Value isFirst = Arithmetic.infix(Value.Operator.EQUAL, old, empty);
      Value next = Arithmetic.select(isFirst, operand.value(), combined);
      sum =
          Contribution.presence(operand, condition)
              .map(mask -> Arithmetic.select(mask, next, old))
              .orElse(next);
    }
    accesses.store(einsum.output(), sum, scope, nest.where(), out);
  }
}
