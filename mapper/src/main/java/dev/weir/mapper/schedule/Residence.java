package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.MemoryLevel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** How much of a tensor a keep holds, and in which instances of its level. */
public final class Residence {

  private final Problem problem;
  private final CascadeFacts facts;
  private final Map<Site, Map<TensorName, List<Site>>> uses = new HashMap<>();

  /** In this problem, whose names all exist. */
  public Residence(Problem problem, CascadeFacts facts) {
    this.problem = problem;
    this.facts = facts;
  }

  /** Whether the computes below a keep, or below any other site, produce the tensor. */
  public static boolean isProducedIn(Site site, TensorName tensor) {
    if (site.node() instanceof Node.Compute compute) {
      return compute.einsum().equals(tensor);
    }
    for (Site child : site.children()) {
      if (isProducedIn(child, tensor)) {
        return true;
      }
    }
    return false;
  }

  /** Words of the tensor's tile. */
  public long tileWords(TensorName tensor, Ranges ranges) {
    return facts.projection(tensor).words(ranges, problem.shapes());
  }

  /** Coordinates of the tensor's tile along one of its ranks, by position. */
  public Ranges.Range span(TensorName tensor, int at, Ranges ranges) {
    Projection projection = facts.projection(tensor);
    return projection.span(projection.parts().get(at), ranges, problem.shapes());
  }

  /**
   * The loop along which the tile of a tensor slides through a keep: the {@code for} directly
   * around it, with nothing but keeps between, over a rank that changes nothing of the tile but
   * where one of its windows stands.
   */
  public Optional<Site> slidesAlong(Site keep, TensorName tensor) {
    Optional<Site> around = keep.parent();
    while (around.isPresent() && around.get().node() instanceof Node.Keep) {
      around = around.get().parent();
    }
    return around.filter(
        site -> site.node() instanceof Node.For loop && window(tensor, loop.rank()).isPresent());
  }

  private Optional<Projection.Part.Window> window(TensorName tensor, RankName rank) {
    return facts.projection(tensor).slidingPart(rank, problem.cascade());
  }

  /**
   * Words of the tile that are new when it slides.
   *
   * @param rank of the loop along which it slides
   * @param before ranges in the iteration before
   */
  public long newWords(TensorName tensor, RankName rank, Ranges before, Ranges now) {
    return facts
        .projection(tensor)
        .wordsBeyond(window(tensor, rank).orElseThrow(), before, now, problem.shapes());
  }

  /**
   * Words that a keep allocates for a tensor in the instance that holds most of it; none where the
   * tensor takes the room of another.
   */
  public long allocatedWords(Site site, Node.Keep keep, TensorName tensor, Ranges ranges) {
    if (keep.inPlaceOf().isPresent()) {
      return 0;
    }
    long words = fullestWords(site, keep, tensor, ranges);
    long tiles = problem.value(keep.copies()) * (keep.doubleBuffered() ? 2 : 1);
    return Math.multiplyExact(Math.multiplyExact(words, tiles), generationsHeld(site, tensor));
  }

  /** Words of the tile in the fullest instance. */
  long fullestWords(Site site, Node.Keep keep, TensorName tensor, Ranges ranges) {
    List<Site> uses = uses(site, tensor);
    boolean isDistributed =
        !uses.isEmpty() && !selecting(site, uses.getFirst(), level(keep)).isEmpty();
    List<Loop> loops = isDistributed ? loops(site, uses.getFirst()) : List.of();
    return facts.projection(tensor).parts().stream()
        .mapToLong(
            part ->
                isDistributed
                    ? fullest(tensor, part, loops, level(keep), ranges)
                    : facts.projection(tensor).room(part, ranges, problem.shapes()))
        .reduce(1, Math::multiplyExact);
  }

  /** Computes and inner keeps that take the tensor directly from the keep at this site. */
  public List<Site> uses(Site keep, TensorName tensor) {
    return uses.computeIfAbsent(keep, _ -> new HashMap<>())
        .computeIfAbsent(
            tensor,
            _ -> {
              List<Site> found = new ArrayList<>();
              collectUses(keep.body(), tensor, found);
              return found;
            });
  }

  private void collectUses(Site site, TensorName tensor, List<Site> found) {
    boolean isUse =
        switch (site.node()) {
          case Node.Keep inner -> inner.tensors().contains(tensor);
          case Node.Compute compute ->
              facts.producer(compute.einsum()).filter(e -> facts.uses(e, tensor)).isPresent();
          case Node.For _,
              Node.Spatial _,
              Node.Iterate _,
              Node.Last _,
              Node.Seq _,
              Node.Par _,
              Node.Pipeline _,
              Node.Stage _,
              Node.Interleave _ ->
              false;
        };
    if (isUse) {
      found.add(site);
    } else {
      site.children().forEach(child -> collectUses(child, tensor, found));
    }
  }

  /** Loops between a keep and a use of it, the outermost first. */
  List<Loop> loops(Site keep, Site use) {
    List<Loop> loops = new ArrayList<>();
    for (Site site : keep.between(use)) {
      Loop.at(site, problem).ifPresent(loops::add);
    }
    return loops;
  }

  /** Those of them that select instances of the level. */
  List<Loop> selecting(Site keep, Site use, MemoryLevel level) {
    List<Loop> selecting = loops(keep, use);
    selecting.removeIf(loop -> !selects(loop, level));
    return selecting;
  }

  boolean selects(Loop loop, MemoryLevel level) {
    return loop.spatial()
        .filter(spatial -> problem.architecture().selectsInstance(spatial.axis(), level))
        .isPresent();
  }

  MemoryLevel level(Node.Keep keep) {
    return problem.architecture().level(keep.level()).orElseThrow();
  }

  /** The instance at position 0 of every selecting loop holds most, as tails come last. */
  private long fullest(
      TensorName tensor, Projection.Part part, List<Loop> loops, MemoryLevel level, Ranges ranges) {
    return switch (part) {
      case Projection.Part.Plain plain ->
          covered(on(loops, plain.rank()), level, ranges.of(plain.rank()));
      case Projection.Part.Joined joined -> {
        List<Loop> outer = on(loops, joined.outer());
        List<Loop> inner = on(loops, joined.inner());
        yield coordinates(outer, level, ranges.of(joined.outer()))
            .map(
                at -> {
                  Ranges step = ranges.with(joined.outer(), new Ranges.Range(at, at + 1));
                  return covered(inner, level, step.of(joined.inner()));
                })
            .sum();
      }
      case Projection.Part.Generation _,
          Projection.Part.HeadMap _,
          Projection.Part.Window _,
          Projection.Part.Whole _ ->
          facts.projection(tensor).room(part, ranges, problem.shapes());
    };
  }

  private static List<Loop> on(List<Loop> loops, RankName rank) {
    return loops.stream().filter(loop -> loop.rank().equals(rank)).toList();
  }

  /** How many coordinates of a range the instance at position 0 gets. */
  private long covered(List<Loop> loops, MemoryLevel level, Ranges.Range range) {
    if (loops.isEmpty() || range.extent() == 0) {
      return range.extent();
    }
    Loop loop = loops.getFirst();
    List<Loop> rest = loops.subList(1, loops.size());
    Ranges.Range first = range.tile(0, loop.tile());
    if (selects(loop, level)) {
      return covered(rest, level, first);
    }
    long tiles = range.tiles(loop.tile());
    return (tiles - 1) * covered(rest, level, first)
        + covered(rest, level, range.tile(tiles - 1, loop.tile()));
  }

  private LongStream coordinates(List<Loop> loops, MemoryLevel level, Ranges.Range range) {
    if (loops.isEmpty()) {
      return LongStream.range(range.from(), range.to());
    }
    Loop loop = loops.getFirst();
    List<Loop> rest = loops.subList(1, loops.size());
    long tiles = selects(loop, level) ? 1 : range.tiles(loop.tile());
    return LongStream.range(0, tiles)
        .flatMap(number -> coordinates(rest, level, range.tile(number, loop.tile())));
  }

  /** Generations of a tensor that a keep holds at a time: 1 or 2; 1 for a tensor without any. */
  public long generationsHeld(Site keep, TensorName tensor) {
    return facts.generations(tensor).isPresent() && oldIsReadAfterNewIsWritten(keep, tensor)
        ? 2
        : 1;
  }

  private boolean oldIsReadAfterNewIsWritten(Site keep, TensorName tensor) {
    List<Site> computes =
        keep.all().stream().filter(site -> site.node() instanceof Node.Compute).toList();
    return computes.stream()
        .filter(site -> einsum(site).output().tensor().equals(tensor))
        .anyMatch(
            writer ->
                computes.stream()
                    .filter(site -> facts.readsOldGeneration(einsum(site), tensor))
                    .anyMatch(reader -> readsAfter(reader, writer, tensor)));
  }

  private Einsum einsum(Site compute) {
    return facts.producer(((Node.Compute) compute.node()).einsum()).orElseThrow();
  }

  /** Whether, within a step, an element is read at one site after it is written at the other. */
  private boolean readsAfter(Site reader, Site writer, TensorName tensor) {
    RankName iterated = facts.generations(tensor).orElseThrow();
    boolean repeats =
        reader
            .commonWith(writer)
            .ancestors()
            .takeWhile(s -> !isIterate(s, iterated))
            .anyMatch(
                site ->
                    Loop.at(site, problem)
                        .filter(loop -> comesBack(tensor, loop.rank()))
                        .isPresent());
    int stages = Stages.offsetOf(reader) - Stages.offsetOf(writer);
    return repeats || stages > 0 || (stages == 0 && writer.precedes(reader));
  }

  /** Whether later iterations of a loop may read an element that an earlier one writes. */
  private boolean comesBack(TensorName tensor, RankName rank) {
    Projection projection = facts.projection(tensor);
    boolean isWhole = projection.whole().findAny().isPresent();
    return !facts.has(tensor, rank)
        || (isWhole
            && (!projection.isCutBy(rank) || projection.isCutWholeBy(rank, problem.cascade())));
  }

  private static boolean isIterate(Site site, RankName rank) {
    return site.node() instanceof Node.Iterate iterate && iterate.rank().equals(rank);
  }
}
