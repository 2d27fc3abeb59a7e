package dev.weir.simulator.pe;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import dev.weir.simulator.component.Memory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Builds keeps: where their tiles come from and go to, and in which order. */
final class KeepBuilder {

  /** A keep, and what nodes inside see of it. */
  record Built(Keep keep, Map<TensorName, Place.Home> homes) {}

  private final Parts parts;
  private final FullestTiles fullest;
  private final IdentityHashMap<Node.Keep, Memory> regions;
  private final List<Keep> all = new ArrayList<>();

  KeepBuilder(Parts parts, IdentityHashMap<Node.Keep, Memory> regions) {
    this.parts = parts;
    this.regions = new IdentityHashMap<>(regions);
    this.fullest = new FullestTiles(parts);
  }

  List<Keep> all() {
    return List.copyOf(all);
  }

  int count() {
    return all.size();
  }

  /**
   * Builds one.
   *
   * @param unitSet units that wait with it
   * @param stepsAreWhole whether a step lasts until what moves beside it has moved
   * @param stages those that it holds tiles for, if it stands among the loops of a pipeline
   * @param leastRoom tiles that there is room for at least
   */
  Built build(
      Node.Keep node,
      Place place,
      long unitSet,
      boolean stepsAreWhole,
      Optional<Stages> stages,
      long leastRoom) {
    List<KeptTensor> tensors = node.tensors().stream().map(t -> tensor(node, t, place)).toList();
    KeptTiles tiles = new KeptTiles(tensors, parts.clock());
    boolean isQuiet = tensors.stream().allMatch(KeptTensor::isQuiet);
    Keep keep;
    if (node.doubleBuffered() && !isQuiet) {
      long room = Math.max(Math.multiplyExact(parts.problem().value(node.copies()), 2), leastRoom);
      LookAhead lookAhead = new LookAhead(place.path(), place.phaseDepth(), place.onlyLast());
      DoubleKeep.Role role =
          new DoubleKeep.Role(
              unitSet,
              upstream(node, place),
              room,
              stepsAreWhole,
              isOnDemand(node, place),
              producedDepth(node, place),
              handsOver(node, place),
              storeDepth(node, place));
      keep = new DoubleKeep(tiles, parts.clock(), lookAhead, role);
    } else {
      keep = new SingleKeep(tiles, parts.clock(), unitSet);
    }
    int number = all.size();
    all.add(keep);
    place.phase().add(keep);
    Map<TensorName, Place.Home> homes = new HashMap<>();
    for (KeptTensor tensor : tensors) {
      homes.put(
          tensor.here().layout().name(),
          new Place.Home(
              number,
              keep,
              tensor.here(),
              tensor.mayLoad(),
              tensor.next(),
              stages.map(Stages::first).orElse(0)));
    }
    return new Built(keep, homes);
  }

  private KeptTensor tensor(Node.Keep node, TensorName tensor, Place place) {
    Memory memory = regions.getOrDefault(node, parts.memory(node.level()));
    TensorLayout layout = parts.layout(tensor);
    long empty = parts.arithmetic().of(layout.empty());
    TileStore here = new TileStore(layout, memory, place.path(), empty);
    Optional<TileStore> next =
        place.home(tensor).map(Place.Home::store).or(() -> parts.top(tensor));
    int nextDepth = place.home(tensor).map(home -> home.store().depth()).orElse(0);
    boolean isProduced = Tree.produces(node.body(), tensor);
    List<Loop> loops = place.path().loops();
    List<Integer> unfinished =
        isProduced
            ? IntStream.range(0, loops.size())
                .filter(depth -> parts.reduced(tensor).contains(loops.get(depth).rank()))
                .boxed()
                .toList()
            : List.of();
    List<Boolean> merged = new ArrayList<>();
    List<Boolean> selectsNext = new ArrayList<>();
    for (int depth = 0; depth < loops.size(); depth++) {
      Loop loop = loops.get(depth);
      merged.add(depth >= nextDepth && loop.multicasts(tensor));
      selectsNext.add(next.isPresent() && parts.selects(loop, next.get().level()));
    }
    return new KeptTensor(
        here,
        next,
        isProduced,
        initial(tensor),
        unfinished,
        merged,
        selectsNext,
        fullest.of(node, tensor),
        parts.tally());
  }

  private Optional<Long> initial(TensorName tensor) {
    if (!parts.layout(tensor).isGenerational()) {
      return Optional.empty();
    }
    Optional<Einsum> initial = parts.initial(tensor);
    if (initial.isEmpty() || !(initial.get().value() instanceof Expression.Literal literal)) {
      throw new IllegalArgumentException("generation 0 of " + tensor + " is not a literal");
    }
    return Optional.of(parts.arithmetic().of(literal.value()));
  }

  private Stream<TensorName> comingIn(Node.Keep node) {
    return node.tensors().stream().filter(tensor -> !Tree.produces(node.body(), tensor));
  }

  private Stream<TensorName> goingOut(Node.Keep node) {
    return node.tensors().stream().filter(tensor -> Tree.produces(node.body(), tensor));
  }

  private List<DoubleKeep.Upstream> upstream(Node.Keep node, Place place) {
    return node.tensors().stream()
        .flatMap(tensor -> place.home(tensor).stream())
        .filter(Place.Home::loads)
        .map(
            home ->
                new DoubleKeep.Upstream(
                    home.keep(), home.store().depth(), firstSureDepth(home, place)))
        .toList();
  }

  /**
   * In the loops of a pipeline a stage finds the next tile of a keep outside it there if an earlier
   * stage has come to it and waited for it.
   */
  private static int firstSureDepth(Place.Home home, Place place) {
    return place.pipelines().stream()
        .filter(p -> p.stage() > home.firstStage() && home.number() < p.keepsBefore())
        .mapToInt(pipeline -> pipeline.epochs().from())
        .min()
        .orElse(Integer.MAX_VALUE);
  }

  private boolean isOnDemand(Node.Keep node, Place place) {
    return comingIn(node)
        .anyMatch(
            tensor ->
                place.pipelines().stream()
                    .anyMatch(pipeline -> Tree.produces(pipeline.node().body(), tensor)));
  }

  private boolean handsOver(Node.Keep node, Place place) {
    return goingOut(node)
        .anyMatch(
            tensor ->
                place.pipelines().stream()
                    .anyMatch(pipeline -> isReadBeside(pipeline.node().body(), node, tensor)));
  }

  private boolean isReadBeside(Node around, Node.Keep keep, TensorName tensor) {
    return readers(around, tensor) > readers(keep.body(), tensor);
  }

  private long readers(Node node, TensorName tensor) {
    return Tree.computes(node).stream()
        .filter(staged -> parts.reads(staged.compute().einsum(), tensor))
        .count();
  }

  /** What a part beside produces is not there ahead of it. */
  private int producedDepth(Node.Keep node, Place place) {
    return place.forks().stream()
        .filter(fork -> comingIn(node).anyMatch(tensor -> Tree.produces(fork.node(), tensor)))
        .mapToInt(Place.Fork::depth)
        .max()
        .orElse(0);
  }

  /** What goes to a home, or is read in a part beside, must be out before that goes on. */
  private int storeDepth(Node.Keep node, Place place) {
    IntStream homes =
        goingOut(node)
            .mapToInt(tensor -> place.home(tensor).map(home -> home.store().depth()).orElse(0));
    IntStream readers =
        place.forks().stream()
            .filter(
                fork -> goingOut(node).anyMatch(tensor -> isReadBeside(fork.node(), node, tensor)))
            .mapToInt(Place.Fork::depth);
    return IntStream.concat(homes, readers).max().orElse(0);
  }
}
