package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.AddressSpace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which places of its output a compute writes in the loops around it, and who else does. */
final class NestPlaces {

  private final KernelState state;
  private final Facts facts;

  NestPlaces(KernelState state) {
    this.state = state;
    this.facts = state.facts();
  }

  /** Whether work-items read what others wrote: in a nest, or where a local tile is stored. */
  boolean isShared(TensorName output, Home home) {
    boolean isRead = state.isReadHere(output) || home.array().space() == AddressSpace.LOCAL;
    return isRead && isShareable(home);
  }

  /** Loops over groups and items around a compute. */
  Parallel inside(List<Part> around, Scope scope) {
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
    if (!below.isEmpty()) {
      TileLayout.requireNested(digits, rank, below.getLast().path());
    }
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
                + " on work-groups or work-items",
            "make the step a multiple of " + span);
      }
    }
  }

  /** The places of an output that a compute below some loops reaches. */
  List<Walk.Along> along(Einsum einsum, Home home, List<Part> below, Scope scope) {
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

  /** Whether other work-items or work-groups have elements beside one's own. */
  boolean meetsOthers(Home home) {
    return isShareable(home)
        || (home.array().space() == AddressSpace.GLOBAL && state.grid().hasSeveralGroups());
  }

  boolean isShareable(Home home) {
    return state.grid().hasSeveralItems() && home.array().space() != AddressSpace.PRIVATE;
  }
}
