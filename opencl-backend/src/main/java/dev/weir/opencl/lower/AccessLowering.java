package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** From an access to elements of memory: never outside an array, whatever a tail does. */
final class AccessLowering {

  private final KernelState state;
  private final Facts facts;
  private final IndexLowering indices;

  AccessLowering(KernelState state) {
    this.state = state;
    this.facts = state.facts();
    this.indices = new IndexLowering(facts, this);
  }

  IndexLowering indices() {
    return indices;
  }

  /** Where a tensor lives here. */
  Home home(TensorName name, Scope scope, NodePath where) {
    Home kept = scope.homes().get(name);
    if (kept != null) {
      return kept;
    }
    if (facts.tensor(name).role() == Tensor.Role.INTERMEDIATE) {
      throw new RefusedException(
          where,
          name + " has nowhere to live",
          "put a `keep " + name + " at …` around its producer and all that read it");
    }
    return global(facts.tensor(name), Parallel.NONE, where);
  }

  /** The top level as a home. */
  Home.Whole global(Tensor tensor, Parallel around, NodePath where) {
    KernelBuffer buffer = state.buffer(tensor.name(), where);
    List<Long> shape = tensor.ranks().stream().map(rank -> facts.shape(tensor, rank)).toList();
    return new Home.Whole(buffer.array(), shape, around);
  }

  /** The value of an operand; outside the tensor it is the empty value. */
  Value load(Access access, Scope scope, NodePath where) {
    requireMulticast(
        facts.tensor(access.tensor()), home(access.tensor(), scope, where), scope, where);
    return look(access, scope, where);
  }

  /** The value of an access in a condition or an index, which reads nothing that is counted. */
  Value look(Access access, Scope scope, NodePath where) {
    Tensor tensor = facts.tensor(access.tensor());
    if (!tensor.generations().isEmpty()
        && access.indices().stream().anyMatch(Index.Fixed.class::isInstance)) {
      throw new RefusedException(
          where,
          "a kernel holds the newest generations of " + tensor.name() + " only, not generation 0",
          "read the first generation through a tensor of its own, which the initial Einsum copies");
    }
    return loadInside(tensor, home(access.tensor(), scope, where), access, scope, where);
  }

  /** The value of an access in a given home; outside the tensor it is the empty value. */
  Value loadInside(Tensor tensor, Home home, Access access, Scope scope, NodePath where) {
    List<Place> places = places(access, scope, where);
    Value loaded = loadWritten(tensor, home, access, scope, where);
    Value empty = Arithmetic.number(tensor.empty(), loaded.type().kind());
    return inside(tensor, places, scope)
        .map(mask -> Arithmetic.select(mask, loaded, empty))
        .orElse(loaded);
  }

  /** One load serves all lanes of what lacks their rank, so the schedule has to say so. */
  void requireMulticast(Tensor tensor, Home home, Scope scope, NodePath where) {
    Optional<Parallel.Lanes> lanes = scope.parallel().below(home.around()).lanes();
    if (lanes.isPresent()
        && !facts.has(tensor.name(), lanes.get().rank())
        && !lanes.get().multicast().contains(tensor.name())) {
      throw new RefusedException(
          where,
          tensor.name()
              + " lacks rank "
              + lanes.get().rank()
              + ", which runs on lanes here, so one load serves all of them",
          "say `multicast " + tensor.name() + "` in the loop over lanes");
    }
  }

  /**
   * The value of an access in a given home, of what is complete. Loops that fill a local tile with
   * results may have ended where the tensor does, so what lies beyond in it is not read.
   */
  Value loadWritten(Tensor tensor, Home home, Access access, Scope scope, NodePath where) {
    boolean mayBeShort =
        home.array().space() == AddressSpace.LOCAL && tensor.role() != Tensor.Role.INPUT;
    if (home instanceof Home.Tile tile && mayBeShort) {
      List<Place> places = places(access, scope.hardened(), where);
      Place index = TileIndex.within(tensor, tile, places, scope, where);
      return element(TileIndex.generation(tensor, tile, access, scope, where), index, scope);
    }
    return load(tensor, home, access, scope, where);
  }

  /** The element of an access in a given home; coordinates beyond a tail are clamped. */
  Value load(Tensor tensor, Home home, Access access, Scope scope, NodePath where) {
    List<Place> places = places(access, scope, where);
    return switch (home) {
      case Home.Whole whole -> {
        requireSameGroup(tensor, scope, where);
        yield element(whole.array(), globalIndex(tensor, whole, places, scope), scope);
      }
      case Home.Tile tile -> {
        Place index = TileIndex.of(tensor, tile, places, scope, where);
        Array array = TileIndex.generation(tensor, tile, access, scope, where);
        yield element(array, index, scope);
      }
    };
  }

  /** Stores at the element of an access, where no limit of a tail forbids it. */
  void store(Access access, Value value, Scope scope, NodePath where, List<Statement> out) {
    Tensor tensor = facts.tensor(access.tensor());
    store(tensor, home(access.tensor(), scope, where), access, value, scope, where, out);
  }

  /** Stores at the element of an access in a given home. */
  void store(
      Tensor tensor,
      Home home,
      Access access,
      Value value,
      Scope scope,
      NodePath where,
      List<Statement> out) {
    List<Place> places = places(access, scope, where);
    switch (home) {
      case Home.Whole whole -> {
        AffineForm index = outputIndex(tensor, whole, places, where);
        out.add(Stores.masked(whole.array(), index, value, limits(access, scope), scope.lanes()));
      }
      case Home.Tile tile -> {
        AffineForm index = TileIndex.known(tensor, tile, places, scope, where);
        Array array = TileIndex.generation(tensor, tile, access, scope, where);
        out.add(Stores.masked(array, index, value, tileLimits(access, scope), scope.lanes()));
      }
    }
  }

  /** Stores into a tile at its entry; a tile has room for what lies beyond a tail. */
  void fill(
      Tensor tensor,
      Home.Tile tile,
      Access access,
      Value value,
      Scope scope,
      NodePath where,
      List<Statement> out) {
    AffineForm index = TileIndex.known(tensor, tile, places(access, scope, where), scope, where);
    out.add(Stores.masked(tile.array(), index, value, List.of(), scope.lanes()));
  }

  private List<Place> places(Access access, Scope scope, NodePath where) {
    return access.indices().stream().map(index -> indices.place(index, scope, where)).toList();
  }

  private static AffineForm outputIndex(
      Tensor tensor, Home.Whole whole, List<Place> places, NodePath where) {
    AffineForm index = AffineForm.of(0);
    for (int i = 0; i < places.size(); i++) {
      if (!(places.get(i) instanceof Place.Affine affine) || affine.mayBeOutside()) {
        throw new RefusedException(
            where,
            tensor.name()
                + " is written at an index that is no plain coordinate; kernels do not scatter"
                + " yet",
            "write "
                + tensor.name()
                + " at the coordinates of its ranks, and gather where it is read");
      }
      index = index.times(whole.shape().get(i)).plus(affine.form());
    }
    return index;
  }

  /**
   * Row-major index with every coordinate that might lie outside clamped: to the tensor, or, where
   * other work-groups write what lies beyond, or nothing does, to what this one has.
   */
  private Place globalIndex(Tensor tensor, Home.Whole whole, List<Place> places, Scope scope) {
    AffineForm known = AffineForm.of(0);
    Value computed = new Value.Whole(0);
    long stride = 1;
    for (int i = places.size() - 1; i >= 0; i--) {
      Place place = places.get(i);
      long shape = whole.shape().get(i);
      if (place instanceof Place.Affine affine && !place.mayExceed() && !place.mayBeOutside()) {
        known = known.plus(affine.form().times(stride));
      } else {
        AffineForm end = AffineForm.of(shape);
        boolean isShort = state.isWrittenHere(tensor.name()) || isPadded(tensor, i);
        Value clamped = clamped(place, isShort ? place.ends() : List.of(), end, scope.lanes());
        computed = Arithmetic.add(computed, Arithmetic.multiply(clamped, new Value.Whole(stride)));
      }
      stride *= shape;
    }
    if (computed.equals(new Value.Whole(0))) {
      return Place.inside(known);
    }
    return Place.inside(Arithmetic.add(known.value(scope.lanes()), computed));
  }

  /** Whether the last step of a split rank leaves elements that nothing writes. */
  private boolean isPadded(Tensor tensor, int at) {
    RankName rank = tensor.ranks().get(at);
    return tensor.role() != Tensor.Role.INPUT
        && facts.partitions().anyMatch(split -> split.inner().equals(rank));
  }

  private static Value clamped(Place place, List<AffineForm> ends, AffineForm shape, int lanes) {
    Value value = place.value(lanes);
    if (place.mayBeOutside()) {
      return Arithmetic.call(
          Value.Function.CLAMP, value, new Value.Whole(0), shape.plus(-1).value(1));
    }
    if (!place.mayExceed()) {
      return value;
    }
    Value clamped = value;
    for (AffineForm end : ends.isEmpty() ? List.of(shape) : ends) {
      clamped = Arithmetic.call(Value.Function.MIN, clamped, end.plus(-1).value(lanes));
    }
    return clamped;
  }

  /** Whether all coordinates that may be outside the tensor are inside; nothing when all are. */
  private Optional<Value> inside(Tensor tensor, List<Place> places, Scope scope) {
    List<Value> conditions = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      if (places.get(i).mayBeOutside()) {
        Value value = places.get(i).value(scope.lanes());
        Value shape = new Value.Whole(facts.shape(tensor, tensor.ranks().get(i)));
        conditions.add(
            Arithmetic.infix(Value.Operator.GREATER_OR_EQUAL, value, new Value.Whole(0)));
        conditions.add(Arithmetic.infix(Value.Operator.LESS, value, shape));
      }
    }
    return Arithmetic.all(conditions);
  }

  /** Conditions under which the coordinates of an access are inside all limits. */
  private static List<Value> limits(Access access, Scope scope) {
    List<Value> conditions = new ArrayList<>();
    for (Range range : access.ranks().distinct().map(scope::range).toList()) {
      for (AffineForm limit : range.limits()) {
        conditions.add(Arithmetic.less(range.base(), limit, scope.lanes()));
      }
    }
    return conditions;
  }

  /**
   * Conditions under which an element of a tile is this step's own: lanes may reach into the next
   * step, and beyond a hard limit other work-items write, or the tile ends. Beyond a soft one there
   * is room.
   */
  private static List<Value> tileLimits(Access access, Scope scope) {
    List<Value> conditions = new ArrayList<>();
    for (Range range : access.ranks().distinct().map(scope::range).toList()) {
      for (AffineForm limit : range.hard()) {
        conditions.add(Arithmetic.less(range.base(), limit, scope.lanes()));
      }
    }
    return conditions;
  }

  /** What every work-group reads none of them may have written alone. */
  void requireEveryGroup(Tensor tensor, Scope scope, NodePath where) {
    Optional<Map<Integer, Parallel.Loop>> producer = state.producerGroups(tensor.name());
    boolean isAlone =
        Grid.dimensionsAbove1(state.grid().groups()).stream()
            .anyMatch(dimension -> !scope.parallel().groups().containsKey(dimension));
    if (producer.isPresent() && isAlone) {
      throw otherGroups(tensor, where);
    }
  }

  /** Work-groups of one kernel run in any order: what one writes no other may read. */
  private void requireSameGroup(Tensor tensor, Scope scope, NodePath where) {
    Optional<Map<Integer, Parallel.Loop>> producer = state.producerGroups(tensor.name());
    if (producer.isEmpty()) {
      return;
    }
    boolean isOther =
        Grid.dimensionsAbove1(state.grid().groups()).stream()
            .anyMatch(
                dimension -> {
                  Parallel.Loop here = scope.parallel().groups().get(dimension);
                  return !Objects.equals(here, producer.get().get(dimension))
                      || (here != null
                          && !facts.rankVariables(tensor.name()).contains(here.rank()));
                });
    if (isOther) {
      throw otherGroups(tensor, where);
    }
  }

  private static RefusedException otherGroups(Tensor tensor, NodePath where) {
    return new RefusedException(
        where,
        tensor.name() + " is written by some work-groups and read by others of the same kernel",
        "put producer and reader into different parts of a `seq` directly below the keeps of the"
            + " top level (each part becomes a kernel), or keep "
            + tensor.name()
            + " inside the loop over work-groups");
  }

  private static Value element(Array array, Place index, Scope scope) {
    return switch (index) {
      case Place.Affine affine -> element(array, affine.form(), scope);
      case Place.Computed computed ->
          computed.number().type().lanes() > 1
              ? new Value.Gathered(array, computed.number())
              : new Value.Element(array, computed.number());
    };
  }

  private static Value element(Array array, AffineForm form, Scope scope) {
    if (!form.hasLane()) {
      return new Value.Element(array, form.value(1));
    }
    return form.coefficient(AffineForm.LANE) == 1
        ? new Value.Neighbours(array, form.withoutLane().value(1), scope.lanes())
        : new Value.Gathered(array, form.value(scope.lanes()));
  }
}
