package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.Size;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lays a kept tile out in memory. Ranks that spatial loops below spread over work-items or lanes
 * lose that part of their coordinate; what a lane holds becomes an element of a vector, and the
 * vectors along that rank are neighbours.
 */
final class TileLayout {

  /** Bytes that one work-item may hold of one tile: beyond, stacks overflow. */
  private static final long LARGEST_PRIVATE_BYTES = 1 << 20;

  private final KernelState state;
  private final Facts facts;
  private final TileRanges ranges;

  TileLayout(KernelState state) {
    this.state = state;
    this.facts = state.facts();
    this.ranges = new TileRanges(state);
  }

  /**
   * The tile of a tensor.
   *
   * @param room the tile whose room it takes, if it has none of its own
   * @param out takes what must be worked out before the tile is used
   */
  Home.Tile of(
      Part keep,
      Tensor tensor,
      AddressSpace space,
      Optional<Home.Tile> room,
      Scope scope,
      List<Statement> out) {
    Set<List<List<Home.Digit>>> uses = new LinkedHashSet<>();
    Map<RankName, Long> extents = new HashMap<>();
    scope.ranges().forEach((rank, range) -> extents.put(rank, range.extent()));
    uses(keep.child(), tensor, space, extents, new Steps(Map.of()), List.of(), uses);
    List<List<Home.Digit>> digits = agreed(uses, tensor, keep.path());
    for (int i = 0; i < digits.size(); i++) {
      requireNested(digits.get(i), tensor.ranks().get(i), keep.path());
    }
    boolean isPadded = uses.size() > 1;
    List<Home.Dimension> dimensions = dimensions(keep, tensor, digits, isPadded, scope, out);
    int lanes =
        digits.stream()
            .flatMap(List::stream)
            .filter(TileLayout::isLane)
            .mapToInt(digit -> (int) digit.count())
            .findFirst()
            .orElse(hasLaneOutside(dimensions) ? scope.lanes() : 1);
    Type element = (facts.isTable(tensor.name()) ? Type.INT : Type.FLOAT).withLanes(lanes);
    long length =
        dimensions.stream().mapToLong(Home.Dimension::stored).reduce(1, Math::multiplyExact);
    if (space == AddressSpace.PRIVATE && length * element.bytes() > LARGEST_PRIVATE_BYTES) {
      throw new RefusedException(
          keep.path(),
          "the tile of "
              + tensor.name()
              + " takes "
              + length * element.bytes()
              + " bytes of private memory a work-item, at most "
              + LARGEST_PRIVATE_BYTES
              + " are possible",
          "put the keep inside a loop over one of "
              + ranks(tensor)
              + " that makes its tiles smaller");
    }
    if (room.isPresent()) {
      requireSameLayout(tensor, room.get(), element, dimensions, keep);
      return new Home.Tile(room.get().array(), Optional.empty(), dimensions, scope.parallel());
    }
    Array array = array(tensor.name().text(), space, element, length);
    Optional<Array> next =
        needsTwoGenerations(keep, tensor)
            ? Optional.of(array(tensor.name().text() + "_next", space, element, length))
            : Optional.empty();
    return new Home.Tile(array, next, dimensions, scope.parallel());
  }

  private static void requireSameLayout(
      Tensor tensor, Home.Tile room, Type element, List<Home.Dimension> dimensions, Part keep) {
    boolean isSame = room.array().element().equals(element);
    for (int i = 0; i < dimensions.size(); i++) {
      Home.Dimension own = dimensions.get(i);
      Home.Dimension old = room.dimensions().get(i);
      isSame &= own.stored() == old.stored() && own.stride() == old.stride();
      isSame &= own.digits().equals(old.digits());
    }
    if (!isSame) {
      throw new RefusedException(
          keep.path(),
          tensor.name()
              + " would take the room of a tile that is laid out differently, as the computes that"
              + " use the two spread them differently over work-items or lanes",
          "leave out `in place of "
              + ((Node.Keep) keep.node()).inPlaceOf().orElseThrow()
              + "`, so that "
              + tensor.name()
              + " has room of its own");
    }
  }

  private static String ranks(Tensor tensor) {
    return tensor.ranks().stream().map(RankName::variable).collect(Collectors.joining(", "));
  }

  private Array array(String name, AddressSpace space, Type element, long length) {
    return space == AddressSpace.LOCAL
        ? state.localArray(name + "_local", element, length)
        : new Array(state.fresh(name + "_tile"), space, element, length);
  }

  private List<Home.Dimension> dimensions(
      Part keep,
      Tensor tensor,
      List<List<Home.Digit>> digits,
      boolean isPadded,
      Scope scope,
      List<Statement> out) {
    int ranks = tensor.ranks().size();
    Home.Dimension[] dimensions = new Home.Dimension[ranks];
    List<Integer> order = new ArrayList<>();
    for (int i = ranks - 1; i >= 0; i--) {
      boolean hasLanes =
          digits.get(i).stream().anyMatch(TileLayout::isLane) || ranges.hasLane(tensor, i, scope);
      order.add(hasLanes ? 0 : order.size(), i);
    }
    long stride = 1;
    for (int i : order) {
      TileRange tile = ranges.of(tensor, i, scope, keep.path(), out);
      Range range = tile.range();
      long stored = stored(range.extent(), digits.get(i));
      if (isPadded && stored > 1) {
        stored = Math.ceilDiv(stored, 16) * 16 + 16;
        stored = Math.ceilDiv(stored, wholeTile(digits.get(i))) * wholeTile(digits.get(i));
      }
      dimensions[i] =
          new Home.Dimension(range, stored, stride, digits.get(i), tile.holdsAllReached());
      stride = Math.multiplyExact(stride, stored);
    }
    return List.of(dimensions);
  }

  private static boolean hasLaneOutside(List<Home.Dimension> dimensions) {
    return dimensions.stream().anyMatch(dimension -> dimension.range().base().hasLane());
  }

  static long stored(long extent, List<Home.Digit> digits) {
    long stored = extent;
    for (Home.Digit digit : digits) {
      long span = digit.tile() * digit.count();
      stored =
          stored < span
              ? Math.min(stored, digit.tile())
              : Math.ceilDiv(stored, span) * digit.tile();
    }
    return stored;
  }

  /** Places of a work-item that lie beside each other in a tile of the outermost loop. */
  private static long wholeTile(List<Home.Digit> digits) {
    return digits.isEmpty()
        ? 1
        : stored(digits.getFirst().tile(), digits.subList(1, digits.size()));
  }

  /** Refuses loops of which a tile of the outer one is not covered evenly by the inner one. */
  static void requireNested(List<Home.Digit> digits, RankName rank, NodePath where) {
    for (int i = 1; i < digits.size(); i++) {
      long outer = digits.get(i - 1).tile();
      long inner = digits.get(i).tile() * digits.get(i).count();
      if (outer % inner != 0) {
        throw new RefusedException(
            where,
            "a spatial loop over "
                + rank
                + " has tiles of "
                + outer
                + " coordinates, and the one inside it spans "
                + inner,
            "make the first a multiple of the second");
      }
    }
  }

  static boolean isLane(Home.Digit digit) {
    return digit.counter().equals(AffineForm.LANE);
  }

  /** How every use below spreads every rank; uses that agree are one. */
  private void uses(
      Part part,
      Tensor tensor,
      AddressSpace space,
      Map<RankName, Long> extents,
      Steps steps,
      List<Spreading> spreads,
      Set<List<List<Home.Digit>>> uses) {
    switch (part.node()) {
      case Node.Spatial loop -> {
        List<Spreading> more = new ArrayList<>(spreads);
        digit(part, loop, space, extents, state)
            .ifPresent(digit -> more.add(new Spreading(loop.rank(), digit, steps)));
        Map<RankName, Long> inside = Grid.narrowed(part, extents, facts);
        uses(part.child(), tensor, space, inside, steps, more, uses);
      }
      case Node.Compute compute ->
          facts
              .accesses(compute.einsum())
              .filter(access -> access.tensor().equals(tensor.name()))
              .forEach(access -> uses.addAll(digits(access, spreads)));
      case Node.Keep keep when keep.tensors().contains(tensor.name()) -> {
        uses.addAll(digits(own(tensor), spreads));
        Set<List<List<Home.Digit>>> further = new LinkedHashSet<>();
        usesBelow(part, tensor, space, extents, steps, spreads, further);
        further.stream().map(TileLayout::withoutLanes).forEach(uses::add);
      }
      case Node.For loop -> {
        Steps more = stepping(loop.rank(), loop.tile(), extents, steps);
        usesBelow(part, tensor, space, extents, more, spreads, uses);
      }
      case Node.Pipeline loop -> {
        Steps more = stepping(loop.rank(), loop.tile(), extents, steps);
        usesBelow(part, tensor, space, extents, more, spreads, uses);
      }
      case Node.Iterate loop -> {
        Steps more = stepping(loop.rank(), Size.of(1), extents, steps);
        usesBelow(part, tensor, space, extents, more, spreads, uses);
      }
      case Node.Last _, Node.Keep _, Node.Seq _, Node.Par _, Node.Stage _, Node.Interleave _ ->
          usesBelow(part, tensor, space, extents, steps, spreads, uses);
    }
  }

  private void usesBelow(
      Part part,
      Tensor tensor,
      AddressSpace space,
      Map<RankName, Long> extents,
      Steps steps,
      List<Spreading> spreads,
      Set<List<List<Home.Digit>>> uses) {
    Map<RankName, Long> inside = Grid.narrowed(part, extents, facts);
    part.children().forEach(child -> uses(child, tensor, space, inside, steps, spreads, uses));
  }

  private Steps stepping(RankName rank, Size size, Map<RankName, Long> extents, Steps steps) {
    long extent = extents.getOrDefault(rank, facts.shape(rank));
    long tile = facts.problem().value(size);
    return tile < extent ? steps.with(rank, tile) : steps;
  }

  /** The access of a tensor by its own ranks. */
  static Access own(Tensor tensor) {
    List<Index> indices = tensor.ranks().stream().<Index>map(Index.Coordinate::new).toList();
    return new Access(tensor.name(), indices);
  }

  /**
   * A spatial loop that spreads a rank.
   *
   * @param steps of loops between the keep and this loop
   */
  private record Spreading(RankName rank, Home.Digit digit, Steps steps) {}

  /** What all steps of the loops over a rank, so far, are multiples of; 0 where there are none. */
  private record Steps(Map<RankName, Long> common) {

    Steps with(RankName rank, long step) {
      Map<RankName, Long> more = new HashMap<>(common);
      more.merge(rank, step, Steps::greatestDivisor);
      return new Steps(more);
    }

    /** Of the coordinates that an index reaches. */
    long of(Index index, Facts facts) {
      if (index instanceof Index.Joined joined) {
        long outer = common.getOrDefault(joined.outer(), 0L) * facts.shape(joined.inner());
        return greatestDivisor(outer, common.getOrDefault(joined.inner(), 0L));
      }
      return index.ranks().mapToLong(rank -> common.getOrDefault(rank, 0L)).findFirst().orElse(0);
    }

    private static long greatestDivisor(long left, long right) {
      return right == 0 ? left : greatestDivisor(right, left % right);
    }
  }

  /** The part of a coordinate that a spatial loop turns into a work-group, work-item or lane. */
  static Optional<Home.Digit> digit(
      Part part,
      Node.Spatial loop,
      AddressSpace space,
      Map<RankName, Long> extents,
      KernelState state) {
    long extent = extents.getOrDefault(loop.rank(), state.facts().shape(loop.rank()));
    long tile = state.facts().problem().value(loop.tile());
    Axis axis = Grid.axis(loop.axis(), part.path(), state.facts());
    return switch (axis.kind()) {
      case LANE -> {
        long lanes = Loops.laneCount(Math.ceilDiv(extent, tile));
        yield lanes == 1
            ? Optional.empty()
            : Optional.of(new Home.Digit(AffineForm.LANE, tile, lanes));
      }
      case WORK_ITEM -> {
        int dimension = Grid.dimension(axis.name(), part.path());
        yield space == AddressSpace.LOCAL || state.grid().items(dimension) == 1
            ? Optional.empty()
            : Optional.of(new Home.Digit(state.item(dimension), tile, Math.ceilDiv(extent, tile)));
      }
      case WORK_GROUP -> {
        int dimension = Grid.dimension(axis.name(), part.path());
        yield state.grid().groups(dimension) == 1
            ? Optional.empty()
            : Optional.of(new Home.Digit(state.group(dimension), tile, Math.ceilDiv(extent, tile)));
      }
      case ARRAY -> Optional.empty();
    };
  }

  /**
   * How a use spreads every rank. Lanes whose vectors would begin inside those of another step are
   * the same as a use without lanes besides.
   */
  private List<List<List<Home.Digit>>> digits(Access access, List<Spreading> spreads) {
    List<List<Home.Digit>> digits = spread(access, spreads);
    if (spreads.stream().anyMatch(spread -> isLane(spread.digit()) && computes(access, spread))) {
      return List.of(withoutLanes(digits));
    }
    boolean isAligned =
        spreads.stream()
            .filter(spread -> isLane(spread.digit()))
            .allMatch(
                spread ->
                    access.indices().stream()
                        .filter(index -> moved(index, spread).findAny().isPresent())
                        .allMatch(index -> spread.steps().of(index, facts) % span(spread) == 0));
    return isAligned ? List.of(digits) : List.of(digits, withoutLanes(digits));
  }

  /** Whether lanes ask for different coordinates of a rank that their vectors are not along. */
  private static boolean computes(Access access, Spreading spread) {
    return access.indices().stream()
        .filter(index -> !(index instanceof Index.Coordinate || index instanceof Index.Joined))
        .flatMap(Index::ranks)
        .anyMatch(spread.rank()::equals);
  }

  private static long span(Spreading spread) {
    return spread.digit().tile() * spread.digit().count();
  }

  private List<List<Home.Digit>> spread(Access access, List<Spreading> spreads) {
    List<List<Home.Digit>> digits = new ArrayList<>();
    for (Index index : access.indices()) {
      digits.add(
          spreads.stream()
              .flatMap(spread -> moved(index, spread))
              .sorted(Comparator.comparingLong(Home.Digit::tile).reversed())
              .toList());
    }
    return digits;
  }

  private Stream<Home.Digit> moved(Index index, Spreading spread) {
    if (index instanceof Index.Joined joined && joined.outer().equals(spread.rank())) {
      Home.Digit digit = spread.digit();
      long tile = digit.tile() * facts.shape(joined.inner());
      return Stream.of(new Home.Digit(digit.counter(), tile, digit.count()));
    }
    boolean isMoved =
        (index instanceof Index.Coordinate || index instanceof Index.Joined)
            && index.ranks().anyMatch(rank -> rank.equals(spread.rank()));
    return isMoved ? Stream.of(spread.digit()) : Stream.empty();
  }

  /** The common layout; when only the lanes differ, scalars, which any use can pick lanes from. */
  private static List<List<Home.Digit>> agreed(
      Set<List<List<Home.Digit>>> uses, Tensor tensor, NodePath where) {
    if (uses.isEmpty()) {
      return tensor.ranks().stream().map(_ -> List.<Home.Digit>of()).toList();
    }
    List<List<Home.Digit>> first = uses.iterator().next();
    long laneRanks = first.stream().filter(d -> d.stream().anyMatch(TileLayout::isLane)).count();
    if (uses.size() == 1 && laneRanks <= 1) {
      return first;
    }
    List<List<List<Home.Digit>>> scalar =
        uses.stream().map(TileLayout::withoutLanes).distinct().toList();
    if (scalar.size() > 1) {
      throw new RefusedException(
          where,
          tensor.name()
              + " is spread over work-items in different ways by its producer and consumers below",
          "give all of them the same spatial loops");
    }
    return scalar.getFirst();
  }

  private static List<List<Home.Digit>> withoutLanes(List<List<Home.Digit>> digits) {
    return digits.stream()
        .map(own -> own.stream().filter(digit -> !isLane(digit)).toList())
        .toList();
  }

  /** Schedule rule 4: two when the old generation is read after the new one is written. */
  private boolean needsTwoGenerations(Part keep, Tensor tensor) {
    if (tensor.generations().isEmpty()) {
      return false;
    }
    int generation = tensor.ranks().indexOf(tensor.generations().get());
    boolean isWritten = false;
    for (Part part : keep.computes().toList()) {
      Einsum einsum = facts.producer(((Node.Compute) part.node()).einsum());
      boolean writes = einsum.output().tensor().equals(tensor.name());
      boolean isSafe = writes && einsum.reducedRanks().isEmpty();
      List<Index> written = einsum.output().indices();
      for (Access read : einsum.value().reads().toList()) {
        boolean readsOld =
            read.tensor().equals(tensor.name())
                && read.indices().get(generation) instanceof Index.Coordinate;
        boolean replaces = readsOld && isSafe && isSameBut(generation, read.indices(), written);
        if (readsOld && (isWritten || (writes && !replaces))) {
          return true;
        }
      }
      isWritten |= writes;
    }
    return false;
  }

  private static boolean isSameBut(int position, List<Index> left, List<Index> right) {
    List<Index> leftRest = new ArrayList<>(left);
    List<Index> rightRest = new ArrayList<>(right);
    leftRest.remove(position);
    rightRest.remove(position);
    return leftRest.equals(rightRest);
  }
}
