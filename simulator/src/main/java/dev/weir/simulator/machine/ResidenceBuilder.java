package dev.weir.simulator.machine;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.count.Movement;
import dev.weir.mapper.schedule.Node;
import dev.weir.simulator.component.Memory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Prepares one keep: where its tiles come from and go to, and how instances count. */
final class ResidenceBuilder {

  private final Preparation given;
  private final Place place;
  private final Node.Keep keep;
  private final Memory memory;

  ResidenceBuilder(Preparation given, Place place, Node.Keep keep) {
    this.given = given;
    this.place = place;
    this.keep = keep;
    this.memory = given.region(keep);
  }

  Residence residence(int id) {
    List<Residence.Part> parts = new ArrayList<>();
    List<Integer> ranks = new ArrayList<>();
    List<Loop> marks = new ArrayList<>();
    for (TensorName tensor : keep.tensors()) {
      Residence.Part part = part(tensor);
      parts.add(part);
      ranks.addAll(part.shape().rankNumbers());
      marks.addAll(part.unfinished());
    }
    Memo<Residence.Tiles> memo = new Memo<>(given.ranks(), ranks, List.of(), marks, place.loops());
    return new Residence(
        id, memory, keep.doubleBuffered(), new Instances(place.loops()), parts, memo);
  }

  /**
   * What nodes inside see of the keep.
   *
   * @param firstStage the stage that it is entered for, among the loops of a pipeline; else 0
   */
  Place.Home home(int id, int firstStage, TensorName tensor) {
    return new Place.Home(
        id, memory, place.depth(), loads(tensor), next(tensor).isPresent(), firstStage);
  }

  /** Whether tiles come from the next home, at least in some entries. */
  private boolean loads(TensorName tensor) {
    boolean comes = !Trees.produces(keep.body(), tensor) || !unfinished(tensor).isEmpty();
    return comes && next(tensor).isPresent() && !given.tensors().isGenerational(tensor);
  }

  /** Words that the keep allocates in the fullest instance, all its tensors together. */
  Allocation allocation() {
    List<Allocation.Part> parts = new ArrayList<>();
    if (keep.inPlaceOf().isPresent()) {
      return new Allocation(given.machine().memory(keep.level()), parts);
    }
    long tiles = Math.multiplyExact(given.value(keep.copies()), keep.doubleBuffered() ? 2L : 1L);
    for (TensorName tensor : keep.tensors()) {
      long generations = Generations.held(keep, tensor, given.tensors());
      parts.add(new Allocation.Part(fullest(tensor), Math.multiplyExact(tiles, generations)));
    }
    return new Allocation(given.machine().memory(keep.level()), parts);
  }

  private Optional<Memory> next(TensorName tensor) {
    Optional<Memory> around = place.home(tensor).map(Place.Home::memory);
    return around.isPresent() || !given.tensors().livesAtTop(tensor)
        ? around
        : Optional.of(given.machine().top());
  }

  private int nextDepth(TensorName tensor) {
    return place.home(tensor).map(Place.Home::depth).orElse(0);
  }

  private Residence.Part part(TensorName tensor) {
    boolean produced = Trees.produces(keep.body(), tensor);
    Optional<Memory> next = next(tensor);
    Memory there = next.orElse(memory);
    List<Instances.Mode> read = new ArrayList<>();
    List<Instances.Mode> port = new ArrayList<>();
    List<Instances.Mode> portWrite = new ArrayList<>();
    for (int i = 0; i < place.depth(); i++) {
      Optional<SpatialBinding> binding = place.loops().get(i).spatial();
      boolean once =
          i >= nextDepth(tensor) && binding.filter(b -> b.multicast().contains(tensor)).isPresent();
      boolean selects = binding.filter(b -> given.machine().selects(b.axis(), there)).isPresent();
      read.add(once ? Instances.Mode.ONCE : Instances.Mode.EACH);
      port.add(once || selects ? Instances.Mode.BUSIEST : Instances.Mode.EACH);
      portWrite.add(selects ? Instances.Mode.BUSIEST : Instances.Mode.EACH);
    }
    return new Residence.Part(
        tensor,
        given.tensors().shape(tensor),
        fullest(tensor),
        next,
        produced,
        given.tensors().isGenerational(tensor),
        produced ? unfinished(tensor) : List.of(),
        read,
        port,
        portWrite,
        moves(tensor, there));
  }

  private List<Loop> unfinished(TensorName tensor) {
    Set<Integer> reduced = new HashSet<>();
    for (RankName rank : given.tensors().producer(tensor).reducedRanks()) {
      reduced.add(given.rank(rank));
    }
    return place.loops().stream().filter(loop -> reduced.contains(loop.rank())).toList();
  }

  private Residence.Moves moves(TensorName tensor, Memory there) {
    Counters counters = given.counters();
    LevelName here = memory.name();
    LevelName next = there.name();
    return new Residence.Moves(
        counters.traffic(tensor, here, Movement.READ),
        counters.traffic(tensor, here, Movement.WRITE),
        counters.traffic(tensor, next, Movement.READ),
        counters.traffic(tensor, next, Movement.WRITE),
        new Residence.Partial(
            counters.traffic(tensor, here, Movement.PARTIAL_READ),
            counters.traffic(tensor, here, Movement.PARTIAL_WRITE),
            counters.traffic(tensor, next, Movement.PARTIAL_READ),
            counters.traffic(tensor, next, Movement.PARTIAL_WRITE)));
  }

  /**
   * Any compute that uses the tensor says how it is spread: a legal schedule has them all alike.
   */
  private FullestTile fullest(TensorName tensor) {
    Set<Integer> ranks = given.tensors().ranksOf(tensor);
    List<FullestTile.Spread> spread = new ArrayList<>();
    collect(keep.body(), tensor, ranks, spread);
    return new FullestTile(given.ranks(), given.tensors().shape(tensor), spread);
  }

  /** Whether a compute that uses the tensor stands below, or a keep that takes tiles of it on. */
  private boolean collect(
      Node node, TensorName tensor, Set<Integer> ranks, List<FullestTile.Spread> spread) {
    int before = spread.size();
    switch (node) {
      case Node.For loop -> add(spread, ranks, loop.rank(), given.value(loop.tile()), false);
      case Node.Iterate loop -> add(spread, ranks, loop.rank(), 1, false);
      case Node.Pipeline loop -> add(spread, ranks, loop.rank(), given.value(loop.tile()), false);
      case Node.Spatial loop ->
          add(
              spread,
              ranks,
              loop.rank(),
              given.value(loop.tile()),
              given.machine().selects(loop.axis(), memory));
      case Node.Compute compute -> {
        return uses(compute, tensor);
      }
      case Node.Keep inner -> {
        if (inner.tensors().contains(tensor)) {
          return true;
        }
      }
      case Node.Last _, Node.Seq _, Node.Par _, Node.Stage _, Node.Interleave _ -> {}
    }
    for (Node child : node.children()) {
      if (collect(child, tensor, ranks, spread)) {
        return true;
      }
    }
    spread.subList(before, spread.size()).clear();
    return false;
  }

  private void add(
      List<FullestTile.Spread> spread,
      Set<Integer> ranks,
      RankName rank,
      long tile,
      boolean selects) {
    if (ranks.contains(given.rank(rank))) {
      spread.add(new FullestTile.Spread(given.rank(rank), tile, selects));
    }
  }

  private boolean uses(Node.Compute compute, TensorName tensor) {
    Einsum einsum = given.tensors().producer(compute.einsum());
    return einsum.output().tensor().equals(tensor)
        || einsum.value().reads().anyMatch(access -> access.tensor().equals(tensor));
  }
}
