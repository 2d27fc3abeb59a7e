package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.Projection;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Lowers a keep: room for its tiles, what is loaded at its entry and stored at its exit. */
final class KeepLowering {

  private final KernelState state;
  private final Facts facts;
  private final AccessLowering accesses;
  private final ExpressionLowering expressions;

  KeepLowering(KernelState state, AccessLowering accesses) {
    this.state = state;
    this.facts = state.facts();
    this.accesses = accesses;
    this.expressions = new ExpressionLowering(state, accesses);
  }

  void lower(Part part, Scope scope, List<Statement> out, Loops.Body body) {
    Node.Keep keep = (Node.Keep) part.node();
    AddressSpace space = space(keep, part.path());
    Scope inner = scope;
    for (TensorName name : keep.tensors()) {
      Home home = home(part, keep, facts.tensor(name), space, scope, out);
      inner = inner.with(name, home);
      boolean isNew = keep.inPlaceOf().isEmpty() && space == AddressSpace.PRIVATE;
      if (home instanceof Home.Tile tile && isNew) {
        Optional<NodePath> node = Optional.of(part.path());
        out.add(new Statement.DeclareArray(tile.array(), node));
        tile.next().ifPresent(next -> out.add(new Statement.DeclareArray(next, node)));
      }
    }
    List<Statement> inside = new ArrayList<>();
    body.emit(inner, inside);
    enter(part, keep, space, scope, inner, out);
    out.addAll(inside);
    for (TensorName name : keep.tensors()) {
      if (inner.homes().get(name) instanceof Home.Tile tile && part.produces(name)) {
        exit(part, facts.tensor(name), tile, scope, out);
      }
    }
  }

  /** Where a level is: shared by work-groups, by the work-items of one, or each work-item's own. */
  private AddressSpace space(Node.Keep keep, NodePath where) {
    MemoryLevel level =
        facts
            .problem()
            .architecture()
            .level(keep.level())
            .orElseThrow(
                () ->
                    new RefusedException(
                        where,
                        "the device has no level " + keep.level(),
                        "use the name of a level of its file"));
    if (level.equals(facts.problem().architecture().top())) {
      return AddressSpace.GLOBAL;
    }
    Set<Axis.Kind> kinds = new HashSet<>();
    level.instanceAxes().forEach(axis -> kinds.add(Grid.axis(axis, where, facts).kind()));
    if (kinds.contains(Axis.Kind.WORK_ITEM) || kinds.contains(Axis.Kind.LANE)) {
      return AddressSpace.PRIVATE;
    }
    if (kinds.contains(Axis.Kind.WORK_GROUP)) {
      return AddressSpace.LOCAL;
    }
    throw new RefusedException(
        where,
        "level "
            + keep.level()
            + " is neither the top level nor one with an instance for each work-group or work-item;"
            + " a kernel cannot place tiles in a cache",
        "keep at another level, or leave the keep out");
  }

  private Home home(
      Part part,
      Node.Keep keep,
      Tensor tensor,
      AddressSpace space,
      Scope scope,
      List<Statement> out) {
    return switch (space) {
      case PRIVATE, LOCAL -> {
        Optional<Home.Tile> room =
            keep.inPlaceOf().map(old -> (Home.Tile) accesses.home(old, scope, part.path()));
        yield new TileLayout(state).of(part, tensor, space, room, scope, out);
      }
      case GLOBAL -> {
        if (keep.inPlaceOf().isPresent()) {
          throw new RefusedException(
              part.path(),
              "tensors of the top level have buffers of their own",
              "leave out `in place of " + keep.inPlaceOf().get() + "`");
        }
        if (tensor.generations().isPresent()) {
          throw new RefusedException(
              part.path(),
              "the state " + tensor.name() + " would live in global memory",
              "keep it in local or private memory");
        }
        if (scope.homes().get(tensor.name()) instanceof Home.Tile) {
          throw new RefusedException(
              part.path(),
              tensor.name()
                  + " would leave local or private memory for the top level and come back",
              "put the keep at the top level around the other one, or leave it out");
        }
        requireOwnRanks(tensor, scope, part.path());
        yield accesses.global(tensor, scope.parallel(), part.path());
      }
    };
  }

  private void requireOwnRanks(Tensor tensor, Scope scope, NodePath where) {
    if (tensor.role() != Tensor.Role.INTERMEDIATE) {
      return;
    }
    for (RankName rank :
        scope.parallel().groups().values().stream().map(Parallel.Loop::rank).toList()) {
      if (!facts.rankVariables(tensor.name()).contains(rank)) {
        throw new RefusedException(
            where,
            tensor.name()
                + " lacks rank "
                + rank
                + " of a loop over work-groups around, so the groups would share one tile of it in"
                + " global memory",
            "keep it in local or private memory");
      }
    }
  }

  private void enter(
      Part part,
      Node.Keep keep,
      AddressSpace space,
      Scope scope,
      Scope inner,
      List<Statement> out) {
    List<Statement> filling = new ArrayList<>();
    for (TensorName name : keep.tensors()) {
      if (inner.homes().get(name) instanceof Home.Tile tile) {
        enter(part, facts.tensor(name), tile, scope, filling);
      }
    }
    if (filling.isEmpty()) {
      return;
    }
    boolean isShared = space == AddressSpace.LOCAL;
    if (isShared) {
      Barriers.barrier(state, space, scope, part.path(), out);
    }
    out.addAll(filling);
    if (isShared) {
      Barriers.barrier(state, space, scope, part.path(), out);
    }
  }

  private void enter(Part part, Tensor tensor, Home.Tile tile, Scope scope, List<Statement> out) {
    Optional<NodePath> node = Optional.of(part.path());
    if (tensor.generations().isPresent()) {
      out.add(new Statement.Comment("generation 0 of " + tensor.name(), node));
      Expression start = start(tensor, part.path());
      double empty = tensor.empty();
      fill(
          part,
          tensor,
          tile,
          scope,
          out,
          (inside, statements) ->
              expressions.lower(start, inside, part.path(), statements).orElse(empty));
    } else if (!part.produces(tensor.name())) {
      out.add(new Statement.Comment("load " + tensor.name(), node));
      load(part, tensor, tile, scope, out);
    } else if (scope.open().contains(tensor.name())) {
      out.add(new Statement.Comment("load the sums so far of " + tensor.name(), node));
      load(part, tensor, tile, scope, out);
    }
  }

  private void load(Part part, Tensor tensor, Home.Tile tile, Scope scope, List<Statement> out) {
    Access reached = reached(tensor);
    Home next = accesses.home(tensor.name(), scope, part.path());
    accesses.requireMulticast(tensor, next, scope, part.path());
    if (next instanceof Home.Whole) {
      accesses.requireEveryGroup(tensor, scope, part.path());
    }
    fill(
        part,
        tensor,
        tile,
        scope,
        out,
        (inside, _) ->
            accesses.loadInside(
                tensor, next, reached, reachable(tensor, tile, next, inside), part.path()));
  }

  /** The tile around has no room for the padding of this one, which holds its last elements. */
  private static Scope reachable(Tensor tensor, Home.Tile tile, Home next, Scope scope) {
    if (!(next instanceof Home.Tile)) {
      return scope;
    }
    Scope inside = scope;
    for (Walk.Along along : along(tensor, tile)) {
      if (along.covered() > along.range().extent()) {
        AffineForm end = along.range().base().plus(along.range().extent());
        inside = inside.with(along.rank(), inside.range(along.rank()).withHard(end));
      }
    }
    return inside;
  }

  /** The access of a tensor by its own ranks; a window may lie outside the tensor. */
  private Access reached(Tensor tensor) {
    List<Index> indices = new ArrayList<>();
    for (RankName rank : tensor.ranks()) {
      boolean isWindow =
          facts.projection(tensor.name()).parts().get(indices.size())
              instanceof Projection.Part.Window;
      indices.add(
          isWindow
              ? new Index.Affine(List.of(new Index.Term(1, rank)), 0)
              : new Index.Coordinate(rank));
    }
    return new Access(tensor.name(), indices);
  }

  private void exit(Part part, Tensor tensor, Home.Tile tile, Scope scope, List<Statement> out) {
    Optional<Home> next = next(tensor, scope, part.path());
    if (next.isEmpty() || tensor.generations().isPresent()) {
      return;
    }
    Access stored = TileLayout.own(tensor);
    List<Statement> storing = new ArrayList<>();
    storing.add(new Statement.Comment("store " + tensor.name()));
    Loops.Body store =
        (inside, statements) -> {
          // A tile has room beyond soft limits, and copies between registers stay free of branches.
          Stream<RankName> ranks =
              next.get() instanceof Home.Whole ? stored.ranks() : Stream.empty();
          Tail tail = Tail.of(ranks, inside, rank -> inside.range(rank).limits());
          Value value = accesses.loadWritten(tensor, tile, stored, tail.inside(), part.path());
          List<Statement> one = new ArrayList<>();
          accesses.store(tensor, next.get(), stored, value, tail.inside(), part.path(), one);
          statements.addAll(tail.guarded(one));
        };
    boolean isShared = tile.array().space() == AddressSpace.LOCAL;
    // Every work-item has a private tile of its own, and stores all of it.
    boolean sharesOut = isShared && next.get().array().space() != AddressSpace.PRIVATE;
    List<Statement> walk = new ArrayList<>();
    walk(within(tensor, tile, next.get()), sharesOut, tile, scope, walk, store);
    Parallel own = spread(tile, sharesOut, scope);
    storing.addAll(Barriers.once(state, next.get().array().space(), own, walk));
    boolean isRead =
        switch (next.get().array().space()) {
          case PRIVATE -> false;
          case LOCAL -> true;
          case GLOBAL -> state.isReadHere(tensor.name()) || scope.open().contains(tensor.name());
        };
    Set<AddressSpace> met = new TreeSet<>();
    if (isShared) {
      met.add(AddressSpace.LOCAL);
    }
    if (isRead) {
      met.add(next.get().array().space());
    }
    met.forEach(space -> Barriers.barrier(state, space, scope, part.path(), out));
    out.addAll(storing);
    if (isRead) {
      Barriers.barrier(state, next.get().array().space(), scope, part.path(), out);
    }
  }

  /**
   * Dimensions of work-groups and work-items that a tile is spread over count as used, and those of
   * work-items that share its places out.
   */
  private Parallel spread(Home.Tile tile, boolean isShared, Scope scope) {
    Parallel.Loop loop = new Parallel.Loop(new RankName("TILE"), NodePath.ROOT);
    Set<Value.Variable> counters = new HashSet<>();
    tile.dimensions().stream()
        .flatMap(dimension -> dimension.digits().stream())
        .forEach(digit -> counters.add(digit.counter()));
    Parallel spread = scope.parallel();
    for (int i = 0; i < 3; i++) {
      if (isShared || counters.contains(state.item(i))) {
        spread = spread.withItems(i, loop);
      }
      if (counters.contains(state.group(i))) {
        spread = spread.withGroups(i, loop);
      }
    }
    return spread;
  }

  private Optional<Home> next(Tensor tensor, Scope scope, NodePath where) {
    boolean exists =
        scope.homes().containsKey(tensor.name()) || tensor.role() != Tensor.Role.INTERMEDIATE;
    return exists ? Optional.of(accesses.home(tensor.name(), scope, where)) : Optional.empty();
  }

  private Expression start(Tensor tensor, NodePath where) {
    return facts
        .initial(tensor.name())
        .map(Einsum::value)
        .orElseThrow(
            () ->
                new RefusedException(
                    where,
                    tensor.name() + " has no initial Einsum for generation 0",
                    "add one to the cascade"));
  }

  /** What an element of a tile is filled with. */
  @FunctionalInterface
  private interface Filling {
    Value at(Scope scope, List<Statement> out);
  }

  private void fill(
      Part part, Tensor tensor, Home.Tile tile, Scope scope, List<Statement> out, Filling filling) {
    Access own = generationless(tensor);
    walk(
        along(tensor, tile),
        tile.array().space() == AddressSpace.LOCAL,
        tile,
        scope,
        out,
        (inside, statements) ->
            accesses.fill(
                tensor,
                tile,
                own,
                filling.at(inside, statements),
                inside,
                part.path(),
                statements));
  }

  /** All places of a tile. */
  private static List<Walk.Along> along(Tensor tensor, Home.Tile tile) {
    List<Walk.Along> along = new ArrayList<>();
    for (int i = 0; i < tensor.ranks().size(); i++) {
      RankName rank = tensor.ranks().get(i);
      if (!tensor.generations().equals(Optional.of(rank))) {
        Home.Dimension dimension = tile.dimensions().get(i);
        along.add(new Walk.Along(rank, dimension.range(), dimension.stored(), dimension.digits()));
      }
    }
    return along;
  }

  /** Those that the tile around has room for, too: padding and lanes too many stay here. */
  private static List<Walk.Along> within(Tensor tensor, Home.Tile tile, Home next) {
    return along(tensor, tile).stream()
        .map(
            along -> {
              long stored = TileLayout.stored(along.range().extent(), along.digits());
              Walk.Along own = new Walk.Along(along.rank(), along.range(), stored, along.digits());
              return next instanceof Home.Tile ? own.within() : own;
            })
        .toList();
  }

  private void walk(
      List<Walk.Along> along,
      boolean sharesOut,
      Home.Tile tile,
      Scope scope,
      List<Statement> out,
      Loops.Body body) {
    Walk walk = new Walk(state);
    if (sharesOut) {
      walk.shared(along, scope, out, body);
    } else {
      walk.each(along, scope, Unrolling.isRegisters(tile.array()), out, body);
    }
  }

  /** The access of a tensor by its own ranks, without a place in time. */
  private static Access generationless(Tensor tensor) {
    List<Index> indices =
        tensor.ranks().stream()
            .<Index>map(
                rank ->
                    tensor.generations().equals(Optional.of(rank))
                        ? new Index.Fixed(0)
                        : new Index.Coordinate(rank))
            .toList();
    return new Access(tensor.name(), indices);
  }

  /** At the end of a step the new generation becomes the old one. */
  void advance(RankName iterated, Scope scope, NodePath where, List<Statement> out) {
    scope.homes().entrySet().stream()
        .sorted(java.util.Map.Entry.comparingByKey())
        .forEach(
            entry -> {
              Optional<RankName> generations = facts.tensor(entry.getKey()).generations();
              if (entry.getValue() instanceof Home.Tile tile
                  && tile.next().isPresent()
                  && generations.equals(Optional.of(iterated))) {
                advance(tile, entry.getKey(), scope, where, out);
              }
            });
  }

  private void advance(
      Home.Tile tile, TensorName name, Scope scope, NodePath where, List<Statement> out) {
    out.add(new Statement.Comment("the new generation of " + name + " becomes the old one"));
    if (tile.array().space() != AddressSpace.LOCAL) {
      new Walk(state).copy(tile.next().orElseThrow(), tile.array(), out);
      return;
    }
    // Beyond the end of the tensor there may be no new generation.
    Tensor tensor = facts.tensor(name);
    Access old = TileLayout.own(tensor);
    Loops.Body copy =
        (inside, statements) -> {
          Tail tail = Tail.of(old.ranks(), inside, rank -> inside.range(rank).limits());
          Value next = accesses.load(tensor, tile, next(tensor), tail.inside(), where);
          List<Statement> copying = new ArrayList<>();
          accesses.store(tensor, tile, old, next, tail.inside(), where, copying);
          statements.addAll(tail.guarded(copying));
        };
    Barriers.barrier(state, AddressSpace.LOCAL, scope, where, out);
    walk(within(tensor, tile, tile), true, tile, scope, out, copy);
    Barriers.barrier(state, AddressSpace.LOCAL, scope, where, out);
  }

  /** The access of a state by its own ranks, in its new generation. */
  private static Access next(Tensor tensor) {
    List<Index> indices =
        tensor.ranks().stream()
            .<Index>map(
                rank ->
                    tensor.generations().equals(Optional.of(rank))
                        ? new Index.Next(rank)
                        : new Index.Coordinate(rank))
            .toList();
    return new Access(tensor.name(), indices);
  }
}
