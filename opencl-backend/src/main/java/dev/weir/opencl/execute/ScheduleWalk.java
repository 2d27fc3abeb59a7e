package dev.weir.opencl.execute;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.execute.RankLoops.Guard;
import dev.weir.opencl.execute.RankLoops.Iteration;
import dev.weir.opencl.execute.Surroundings.Home;
import dev.weir.opencl.execute.TileWalk.Digit;
import dev.weir.opencl.kernel.AddressSpace;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Walks over a schedule and says at each place how many words a kernel moves there. Ranks do not
 * depend on each other, except for the two parts of a partitioned one, so a number of iterations is
 * a product over such groups, and the walk takes time in the shapes, not in their product.
 */
final class ScheduleWalk {

  private static final long UNROLLED_TRIPS = 16;

  private final Problem problem;
  private final CascadeRoles roles;
  private final RankLoops loops;
  private final Words words;
  private KernelGrid grid;

  private ScheduleWalk(Problem problem, CascadeRoles roles, boolean isExact) {
    this.problem = problem;
    this.roles = roles;
    this.loops = new RankLoops(problem, isExact);
    this.words = new Words();
    this.grid = KernelGrid.of(problem.schedule().root(), problem);
  }

  /** What kernels move, or would if nothing ran beyond the end of a rank. */
  static Words of(Problem problem, CascadeRoles roles, boolean isExact) {
    ScheduleWalk walk = new ScheduleWalk(problem, roles, isExact);
    walk.kernels(problem.schedule().root(), walk.start());
    return walk.words;
  }

  private static Home top(TensorName tensor) {
    return new Home(AddressSpace.GLOBAL, tensor, 1, 1, false);
  }

  private Surroundings start() {
    Map<RankName, List<Iteration>> iterations = new LinkedHashMap<>();
    Map<RankName, Map<RankName, Span>> spans = new LinkedHashMap<>();
    for (RankName rank : roles.loopRanks()) {
      spans
          .computeIfAbsent(group(rank), _ -> new HashMap<>())
          .put(rank, Span.whole(problem.shapes().of(rank)));
    }
    spans.forEach((group, own) -> iterations.put(group, List.of(new Iteration(own, true))));
    Map<TensorName, List<Home>> homes = new HashMap<>();
    problem.cascade().tensors().stream()
        .filter(tensor -> tensor.role() != Tensor.Role.INTERMEDIATE)
        .forEach(tensor -> homes.put(tensor.name(), List.of(top(tensor.name()))));
    return new Surroundings(iterations, homes, Map.of(), Set.of(), Optional.empty(), false);
  }

  private RankName group(RankName rank) {
    return problem.cascade().partitions().stream()
        .filter(split -> split.inner().equals(rank))
        .map(Partition::outer)
        .findFirst()
        .orElse(rank);
  }

  /** Parts of a seq below nothing but keeps of the top level are kernels of their own. */
  private void kernels(Node node, Surroundings place) {
    if (node instanceof Node.Seq seq) {
      seq.parts().forEach(part -> kernels(part, place));
    } else if (node instanceof Node.Keep keep
        && keep.level().equals(problem.architecture().top().name())) {
      kernels(keep.body(), keep(keep, place));
    } else {
      grid = KernelGrid.of(node, problem);
      walk(node, place);
    }
  }

  private void walk(Node node, Surroundings place) {
    switch (node) {
      case Node.Keep keep -> walk(keep.body(), keep(keep, place));
      case Node.Last last -> walk(last.body(), last(last.rank(), place));
      case Node.Compute compute -> compute(roles.producer(compute.einsum()), place);
      case Node.For _, Node.Spatial _, Node.Pipeline _, Node.Iterate _ -> loop(node, place);
      case Node.Seq _, Node.Par _, Node.Interleave _, Node.Stage _ ->
          node.children().forEach(child -> walk(child, place));
    }
  }

  private Surroundings last(RankName rank, Surroundings place) {
    long end = problem.shapes().of(rank) - 1;
    List<Iteration> own =
        place.iterations().get(group(rank)).stream()
            .filter(iteration -> iteration.spans().get(rank).base() == end)
            .toList();
    return place.with(group(rank), own);
  }

  private void loop(Node node, Surroundings around) {
    ScheduleNodes.Loop loop = ScheduleNodes.loop(node, problem).orElseThrow();
    Surroundings place = ScheduleNodes.isNest(node) ? around.inNest() : around;
    if (!(node instanceof Node.Iterate)) {
      for (List<Node> path : ScheduleNodes.pathsToComputes(node)) {
        Einsum einsum = roles.producer(((Node.Compute) path.getLast()).einsum());
        TensorName output = einsum.output().tensor();
        if (einsum.reducedRanks().contains(loop.rank())
            && !place.around(output).isEmpty()
            && !place.open().containsKey(output)) {
          open(einsum, path, place);
          place = place.withOpen(output);
        }
      }
    }
    Surroundings outside = place;
    RankName group = group(loop.rank());
    boolean isKept = isKept(loop.rank(), place);
    Guard guard = guard(node, loop, place);
    List<Iteration> own =
        place.iterations().get(group).stream()
            .flatMap(iteration -> iterations(loop, iteration, guard, isKept).stream())
            .toList();
    Surroundings inside = place.with(group, own);
    if (loop.axis().isPresent()) {
      inside =
          switch (loop.axis().get().kind()) {
            case LANE ->
                own.size() > outside.iterations().get(group).size()
                    ? inside.onLanes(loop.rank())
                    : inside;
            case WORK_GROUP, WORK_ITEM -> inside.using(KernelGrid.dimension(loop.axis().get()));
            case ARRAY -> inside;
          };
    }
    for (Node child : node.children()) {
      walk(child, inside);
    }
    if (node instanceof Node.Iterate iterate) {
      advance(iterate.rank(), inside);
    }
  }

  private List<Iteration> iterations(
      ScheduleNodes.Loop loop, Iteration iteration, Guard guard, boolean isKept) {
    if (loop.axis().isEmpty()) {
      return loops.temporal(iteration, loop.rank(), loop.tile(), guard, isKept);
    }
    return switch (loop.axis().get().kind()) {
      case LANE -> loops.lanes(iteration, loop.rank(), loop.tile(), isKept);
      case WORK_GROUP -> loops.groups(iteration, loop.rank(), loop.tile(), isKept);
      case WORK_ITEM, ARRAY -> loops.items(iteration, loop.rank(), loop.tile(), isKept);
    };
  }

  /** Whether some tile around has the rank: what lies behind its end is then another one's. */
  private boolean isKept(RankName rank, Surroundings place) {
    return place.homes().entrySet().stream()
        .anyMatch(
            entry ->
                entry.getValue().getLast().isTile()
                    && roles.rankVariables(entry.getKey()).contains(rank));
  }

  /** Unrolled loops over registers have no end that changes. */
  private Guard guard(Node node, ScheduleNodes.Loop loop, Surroundings place) {
    if (!place.isInNest() || !(node instanceof Node.For)) {
      return Guard.ALL;
    }
    Einsum einsum =
        roles.producer(
            ((Node.Compute) ScheduleNodes.pathsToComputes(node).getFirst().getLast()).einsum());
    long extent =
        place.iterations().get(group(loop.rank())).stream()
            .mapToLong(iteration -> iteration.spans().get(loop.rank()).extent())
            .max()
            .orElse(0);
    boolean isUnrolled =
        Math.ceilDiv(extent, loop.tile()) <= UNROLLED_TRIPS
            && roles
                .accessed(einsum)
                .anyMatch(
                    tensor ->
                        !place.around(tensor).isEmpty()
                            && place.around(tensor).getLast().isRegisters()
                            && place.around(tensor).getLast().elements() > 1
                            && roles.rankVariables(tensor).contains(loop.rank()));
    boolean reduces = einsum.reducedRanks().contains(loop.rank());
    boolean isTile = place.around(einsum.output().tensor()).getLast().isTile();
    return isUnrolled && !reduces && isTile ? Guard.HARD : Guard.ALL;
  }

  /** Product over groups of ranks of sums over their iterations, a vector once if it is shared. */
  private long sum(Surroundings place, boolean isShared, ToLongFunction<Iteration> each) {
    long product = 1;
    Optional<RankName> lane = place.lane().map(this::group);
    for (Map.Entry<RankName, List<Iteration>> entry : place.iterations().entrySet()) {
      boolean once = isShared && lane.equals(Optional.of(entry.getKey()));
      long sum =
          entry.getValue().stream()
              .filter(iteration -> !once || iteration.isFirstLane())
              .mapToLong(each)
              .sum();
      product = Math.multiplyExact(product, sum);
    }
    return product;
  }

  private boolean isShared(TensorName tensor, Surroundings place) {
    return place.lane().isPresent() && !roles.rankVariables(tensor).contains(place.lane().get());
  }

  private void compute(Einsum einsum, Surroundings around) {
    TensorName output = einsum.output().tensor();
    Home home = around.around(output).getLast();
    Set<RankName> owned =
        isRead(einsum, home, around) && grid.isShared(home.space())
            ? roles.rankVariables(output)
            : Set.of();
    Surroundings place = around.atPoints(einsum, owned);
    long times = grid.repeats(place.used(), home.space());
    for (Access access : einsum.value().reads().toList()) {
      TensorName tensor = access.tensor();
      Home from = place.around(tensor).getLast();
      long once = sum(place, isShared(tensor, place), _ -> 1);
      add(Words.Cause.WORK, from, tensor, true, once, times);
      share(from, tensor, true, place);
    }
    boolean isShared = isShared(output, place);
    Set<RankName> ranks = roles.rankVariables(output);
    long stored =
        sum(place, isShared, iteration -> isStored(iteration, ranks, home, place) ? 1 : 0);
    add(Words.Cause.WORK, home, output, false, stored, times);
    if (place.open().containsKey(output)) {
      long read =
          sum(place, isShared, iteration -> isSumRead(einsum, iteration, home, place) ? 1 : 0);
      add(Words.Cause.WORK, home, output, true, read, times);
    }
  }

  /** Whether a point reads the element that it writes, or another one in its array. */
  private static boolean isRead(Einsum einsum, Home home, Surroundings place) {
    return place.open().containsKey(einsum.output().tensor())
        || einsum.reads().stream()
            .map(access -> place.around(access.tensor()))
            .anyMatch(homes -> !homes.isEmpty() && homes.getLast().isSameArray(home));
  }

  /** A sum is read as it is stored, so not where no lane of the store has an element. */
  private boolean isSumRead(Einsum einsum, Iteration iteration, Home home, Surroundings place) {
    boolean isReadBefore =
        switch (einsum.reduction()) {
          case SUM, PRODUCT -> false;
          case MAXIMUM, MINIMUM -> true;
        };
    Set<RankName> ranks = new HashSet<>(roles.rankVariables(einsum.output().tensor()));
    place.lane().ifPresent(ranks::remove);
    return isReadBefore || isStored(iteration, ranks, home, place);
  }

  private static boolean isStored(
      Iteration iteration, Set<RankName> ranks, Home home, Surroundings place) {
    // A vector is stored whole: its tile has room.
    boolean isWhole = home.lanes() > 1;
    Stream<Span> own =
        iteration.spans().entrySet().stream()
            .filter(entry -> ranks.contains(entry.getKey()))
            .filter(entry -> !isWhole || !place.lane().equals(Optional.of(entry.getKey())))
            .map(Map.Entry::getValue);
    if (!home.isTile()) {
      return own.allMatch(Span::isInside);
    }
    boolean hasLane = place.lane().filter(ranks::contains).isPresent();
    return (!hasLane && home.space() != AddressSpace.LOCAL) || own.allMatch(Span::isInsideHard);
  }

  /** A word that all lanes of a vector hold is one; the schedule counts it for each lane. */
  private void share(Home home, TensorName tensor, boolean isRead, Surroundings place) {
    if (home.isBelowLanes() && isShared(tensor, place)) {
      long own = sum(place, true, _ -> 1);
      long all = sum(place, false, _ -> 1);
      words.add(Words.Cause.SHARED_LANES, home.space(), tensor, isRead, own - all);
    }
  }

  private void add(
      Words.Cause cause, Home home, TensorName tensor, boolean isRead, long once, long times) {
    words.add(cause, home.space(), tensor, isRead, once);
    long more = Math.multiplyExact(once, times - 1);
    words.add(Words.Cause.REPEATED, home.space(), tensor, isRead, more);
  }

  /** Sums begin with the identity, and become elements at the end. */
  private void open(Einsum einsum, List<Node> path, Surroundings place) {
    TensorName output = einsum.output().tensor();
    Home home = place.around(output).getLast();
    TileWalk own = tile(output, path, place);
    TileWalk tile = home.space() == AddressSpace.LOCAL ? own.endingHard() : own;
    Set<Integer> used = new HashSet<>(place.used());
    for (Node node : path) {
      ScheduleNodes.loop(node, problem)
          .filter(loop -> !einsum.reducedRanks().contains(loop.rank()))
          .flatMap(ScheduleNodes.Loop::axis)
          .filter(KernelGrid::isOn)
          .map(KernelGrid::dimension)
          .ifPresent(used::add);
    }
    long times = grid.repeats(used, home.space());
    TileWalk.Bound guard = home.isTile() ? TileWalk.Bound.HARD : TileWalk.Bound.GLOBAL;
    TileWalk.Bound mask = tile.mask(home);
    boolean isShared = isShared(output, place);
    long loaded = sum(place, isShared, iteration -> tile.places(iteration, guard));
    long stored = sum(place, isShared, iteration -> tile.places(iteration, mask));
    add(Words.Cause.BEGINNING, home, output, false, stored, times);
    List<Node.Keep> inner = innerKeeps(output, path);
    List<AddressSpace> spaces =
        inner.stream()
            .map(keep -> ScheduleNodes.space(keep.level(), problem.architecture()))
            .toList();
    words.begin(output, home.space(), spaces, loaded);
    if (roles.isFinished(einsum)) {
      add(Words.Cause.FINISHING, home, output, true, loaded, times);
      add(Words.Cause.FINISHING, home, output, false, stored, times);
    }
  }

  private static List<Node.Keep> innerKeeps(TensorName tensor, List<Node> path) {
    return path.stream()
        .filter(Node.Keep.class::isInstance)
        .map(Node.Keep.class::cast)
        .filter(keep -> keep.tensors().contains(tensor))
        .toList();
  }

  private TileWalk tile(TensorName tensor, List<Node> path, Surroundings place) {
    List<Digit> digits = TileUses.digits(path, tensor, place, this::extent, problem, roles);
    return new TileWalk(tensor, roles, digits, false, false, loops.isExact(), place.lane());
  }

  private long extent(Surroundings place, RankName rank) {
    return place.iterations().get(group(rank)).stream()
        .mapToLong(iteration -> iteration.spans().get(rank).extent())
        .max()
        .orElse(0);
  }

  private Surroundings keep(Node.Keep keep, Surroundings place) {
    Surroundings inside = place;
    AddressSpace space = ScheduleNodes.space(keep.level(), problem.architecture());
    for (TensorName tensor : keep.tensors()) {
      if (space == AddressSpace.GLOBAL) {
        inside = inside.with(tensor, top(tensor));
        continue;
      }
      TileUses uses = TileUses.of(keep, tensor, space, place, this::extent, problem, roles);
      TileWalk tile =
          new TileWalk(
              tensor, roles, uses.digits(), uses.isPadded(), false, loops.isExact(), place.lane());
      long elements =
          place.iterations().entrySet().stream()
              .mapToLong(e -> tile.stored(e.getValue().getFirst()))
              .reduce(1, Math::multiplyExact);
      long lanes = tile.hasLanes() ? 2 : 1;
      TensorName room =
          keep.inPlaceOf().map(old -> place.around(old).getLast().room()).orElse(tensor);
      Home home = new Home(space, room, elements, lanes, place.lane().isPresent());
      move(keep, tensor, tile, home, place);
      inside = inside.with(tensor, home);
    }
    return inside;
  }

  private void move(
      Node.Keep keep, TensorName tensor, TileWalk tile, Home home, Surroundings place) {
    boolean isProduced = ScheduleNodes.produces(keep, tensor);
    List<Home> around = place.around(tensor);
    boolean isState = roles.tensor(tensor).generations().isPresent();
    boolean isShared = isShared(tensor, place);
    Set<Integer> used = new HashSet<>(place.used());
    tile.digits().forEach(digit -> digit.item().ifPresent(item -> used.add(3 + item)));
    long times = grid.repeats(used, home.space());
    long walked = sum(place, isShared, iteration -> tile.places(iteration, TileWalk.Bound.HARD));
    boolean isLoaded = !isProduced || place.open().containsKey(tensor);
    if (isState || isLoaded) {
      add(Words.Cause.WORK, home, tensor, false, walked, times);
      if (isShared && place.lane().isPresent()) {
        long all = sum(place, false, iteration -> tile.places(iteration, TileWalk.Bound.HARD));
        words.add(Words.Cause.SHARED_LANES, home.space(), tensor, false, walked - all);
      }
    }
    if (!isState && isLoaded) {
      add(Words.Cause.WORK, around.getLast(), tensor, true, walked, times);
    }
    if (!isState && isProduced && !around.isEmpty()) {
      Home next = around.getLast();
      TileWalk.Bound mask = tile.mask(next);
      TileWalk own = next.space() == AddressSpace.LOCAL ? tile.endingHard() : tile;
      long stored = sum(place, isShared, iteration -> own.places(iteration, mask));
      long storers = grid.repeats(used, next.space());
      TileWalk.Bound read = next.isTile() ? TileWalk.Bound.HARD : TileWalk.Bound.GLOBAL;
      long loaded = sum(place, isShared, iteration -> own.places(iteration, read));
      add(Words.Cause.WORK, home, tensor, true, loaded, storers);
      add(Words.Cause.WORK, next, tensor, false, stored, storers);
    }
  }

  /** A state that is read after it was written has two tiles, and the new one is copied. */
  private void advance(RankName rank, Surroundings place) {
    for (Tensor tensor : problem.cascade().tensors()) {
      List<Home> homes = place.around(tensor.name());
      if (tensor.generations().equals(Optional.of(rank))
          && !homes.isEmpty()
          && homes.getLast().isTile()
          && roles.needsTwoGenerations(tensor.name(), problem.schedule().root())) {
        AddressSpace space = homes.getLast().space();
        long copied = copies(tensor, space, place);
        words.add(Words.Cause.COPY, space, tensor.name(), true, copied);
        words.add(Words.Cause.COPY, space, tensor.name(), false, copied);
      }
    }
  }

  /** A work-item copies all of its own array; in local memory beyond an end is another one's. */
  private long copies(Tensor tensor, AddressSpace space, Surroundings place) {
    TileWalk.Bound bound =
        space == AddressSpace.LOCAL ? TileWalk.Bound.GLOBAL : TileWalk.Bound.NONE;
    Set<RankName> own = roles.rankVariables(tensor.name());
    TileWalk tile =
        new TileWalk(tensor.name(), roles, List.of(), false, false, loops.isExact(), place.lane());
    return sum(
        place,
        isShared(tensor.name(), place),
        iteration ->
            iteration.spans().keySet().stream().anyMatch(own::contains)
                ? tile.places(iteration, bound)
                : 1);
  }
}
