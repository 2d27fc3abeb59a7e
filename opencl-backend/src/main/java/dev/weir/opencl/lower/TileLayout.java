package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  TileLayout(KernelState state) {
    this.state = state;
    this.facts = state.facts();
  }

  Home.Tile of(Part keep, Tensor tensor, AddressSpace space, Scope scope) {
    Set<List<List<Home.Digit>>> uses = new LinkedHashSet<>();
    Map<RankName, Long> extents = new HashMap<>();
    scope.ranges().forEach((rank, range) -> extents.put(rank, range.extent()));
    uses(keep.child(), tensor, space, extents, List.of(), uses);
    List<List<Home.Digit>> digits = agreed(uses, tensor, keep.path());
    boolean isPadded = uses.size() > 1;
    List<Home.Dimension> dimensions = dimensions(keep, tensor, digits, isPadded, scope);
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
              + " are possible; keep smaller tiles");
    }
    Array array = array(tensor.name().text(), space, element, length);
    Optional<Array> next =
        needsTwoGenerations(keep, tensor)
            ? Optional.of(array(tensor.name().text() + "_next", space, element, length))
            : Optional.empty();
    return new Home.Tile(array, next, dimensions, scope.parallel());
  }

  private Array array(String name, AddressSpace space, Type element, long length) {
    return space == AddressSpace.LOCAL
        ? state.localArray(name + "_local", element, length)
        : new Array(state.fresh(name + "_tile"), space, element, length);
  }

  private List<Home.Dimension> dimensions(
      Part keep, Tensor tensor, List<List<Home.Digit>> digits, boolean isPadded, Scope scope) {
    int ranks = tensor.ranks().size();
    Home.Dimension[] dimensions = new Home.Dimension[ranks];
    List<Integer> order = new ArrayList<>();
    for (int i = ranks - 1; i >= 0; i--) {
      boolean hasLanes =
          digits.get(i).stream().anyMatch(TileLayout::isLane)
              || isLaneRank(tensor.ranks().get(i), scope);
      order.add(hasLanes ? 0 : order.size(), i);
    }
    long stride = 1;
    for (int i : order) {
      RankName rank = tensor.ranks().get(i);
      boolean isGeneration = tensor.generations().equals(Optional.of(rank));
      Range range = isGeneration ? Range.whole(1) : tileRange(rank, scope, tensor, keep.path());
      long stored = stored(range.extent(), digits.get(i));
      if (isPadded && stored > 1) {
        stored = Math.ceilDiv(stored, 16) * 16;
      }
      dimensions[i] = new Home.Dimension(range, stored, stride, digits.get(i));
      stride = Math.multiplyExact(stride, stored);
    }
    return List.of(dimensions);
  }

  private boolean isLaneRank(RankName rank, Scope scope) {
    return facts.rankVariables(rank).stream()
        .anyMatch(variable -> scope.range(variable).base().hasLane());
  }

  private static boolean hasLaneOutside(List<Home.Dimension> dimensions) {
    return dimensions.stream().anyMatch(dimension -> dimension.range().base().hasLane());
  }

  static long stored(long extent, List<Home.Digit> digits) {
    long stored = extent;
    for (Home.Digit digit : digits) {
      long span = digit.tile() * digit.count();
      stored = stored / span * digit.tile() + Math.min(stored % span, digit.tile());
    }
    return stored;
  }

  static boolean isLane(Home.Digit digit) {
    return digit.counter().equals(AffineForm.LANE);
  }

  /** Coordinates of a rank of a tensor where it is kept; those of a partitioned one are joined. */
  private Range tileRange(RankName rank, Scope scope, Tensor tensor, NodePath where) {
    Optional<Partition> partition = facts.partitionOfParent(rank);
    if (partition.isEmpty()) {
      return scope.range(rank);
    }
    Range outer = scope.range(partition.get().outer());
    Range inner = scope.range(partition.get().inner());
    long innerShape = facts.shape(partition.get().inner());
    AffineForm origin = outer.base().times(innerShape);
    if (outer.isSingle()) {
      return new Range(
          origin.plus(inner.base()),
          inner.extent(),
          inner.soft().stream().map(origin::plus).toList(),
          inner.hard().stream().map(origin::plus).toList());
    }
    if (inner.extent() != innerShape) {
      throw new RefusedException(
          where,
          tensor.name()
              + " is kept where "
              + partition.get().inner()
              + " is narrowed and "
              + partition.get().outer()
              + " is not; loop over "
              + partition.get().outer()
              + " outside");
    }
    Range joined = new Range(origin, outer.extent() * innerShape, List.of(), List.of());
    return joined.withSoft(AffineForm.of(facts.shape(rank)));
  }

  /** How every use below spreads every rank; uses that agree are one. */
  private void uses(
      Part part,
      Tensor tensor,
      AddressSpace space,
      Map<RankName, Long> extents,
      List<Spreading> spreads,
      Set<List<List<Home.Digit>>> uses) {
    switch (part.node()) {
      case Node.Spatial loop -> {
        List<Spreading> more = new ArrayList<>(spreads);
        digit(part, loop, space, extents, state)
            .ifPresent(digit -> more.add(new Spreading(loop.rank(), digit)));
        uses(part.child(), tensor, space, Grid.narrowed(part, extents, facts), more, uses);
      }
      case Node.Compute compute ->
          facts
              .accesses(compute.einsum())
              .filter(access -> access.tensor().equals(tensor.name()))
              .forEach(access -> uses.add(digits(access, spreads)));
      case Node.Keep keep when keep.tensors().contains(tensor.name()) ->
          uses.add(digits(own(tensor), spreads));
      case Node.For _, Node.Iterate _, Node.Last _, Node.Keep _, Node.Seq _, Node.Par _ ->
          usesBelow(part, tensor, space, extents, spreads, uses);
      case Node.Pipeline _, Node.Stage _, Node.Interleave _ ->
          usesBelow(part, tensor, space, extents, spreads, uses);
    }
  }

  private void usesBelow(
      Part part,
      Tensor tensor,
      AddressSpace space,
      Map<RankName, Long> extents,
      List<Spreading> spreads,
      Set<List<List<Home.Digit>>> uses) {
    Map<RankName, Long> inside = Grid.narrowed(part, extents, facts);
    part.children().forEach(child -> uses(child, tensor, space, inside, spreads, uses));
  }

  /** The access of a tensor by its own ranks. */
  static Access own(Tensor tensor) {
    List<Index> indices = tensor.ranks().stream().<Index>map(Index.Coordinate::new).toList();
    return new Access(tensor.name(), indices);
  }

  /** A spatial loop that spreads a rank. */
  private record Spreading(RankName rank, Home.Digit digit) {}

  /** The part of a coordinate that a spatial loop turns into a work-item or a lane. */
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
      case WORK_GROUP, ARRAY -> Optional.empty();
    };
  }

  private List<List<Home.Digit>> digits(Access access, List<Spreading> spreads) {
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
    boolean isMoved = index.ranks().anyMatch(rank -> rank.equals(spread.rank()));
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
              + " is spread over work-items in different ways by its producer and consumers below;"
              + " give all of them the same spatial loops");
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
        boolean isSamePlace = isSafe && isSameBut(generation, read.indices(), written);
        if (readsOld && (isWritten || (writes && !isSamePlace))) {
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
