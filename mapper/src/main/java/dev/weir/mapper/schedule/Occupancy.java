package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongBinaryOperator;

/**
 * The most words that a schedule allocates in one instance of each level ({@code docs/schedule.md},
 * rule 9). Of a loop only the first and the last iteration can be the largest: the first has the
 * fullest tiles, and in the last one {@code last} runs. Only where heads are mapped, a later tile
 * can touch one head more, and where affine indices of one rank differ in more than their offsets,
 * they can lie further apart.
 */
public final class Occupancy {

  private final Problem problem;
  private final Residence residence;
  private final Set<Site> aroundKeeps = new HashSet<>();
  private final Set<RankName> mapped = new HashSet<>();

  private Occupancy(Problem problem, CascadeFacts facts, Residence residence) {
    this.problem = problem;
    this.residence = residence;
    for (Tensor tensor : problem.cascade().tensors()) {
      for (Projection.Part part : facts.projection(tensor.name()).parts()) {
        if (part instanceof Projection.Part.HeadMap map) {
          mapped.add(map.rank());
        }
        if (part instanceof Projection.Part.Window window
            && window.indices().stream().map(Index.Affine::terms).distinct().count() > 1) {
          window.indices().stream().flatMap(Index::ranks).forEach(mapped::add);
        }
      }
    }
  }

  /** Words by level; the top level, which holds everything, is left out. */
  public static SortedMap<LevelName, Long> peak(Problem problem) {
    CascadeFacts facts = new CascadeFacts(problem.cascade());
    Ranges whole = Ranges.whole(problem.cascade(), problem.shapes());
    return peak(
        problem, facts, new Residence(problem, facts), Site.root(problem.schedule().root()), whole);
  }

  /** The same for a reader that has sites and facts of the problem already. */
  static SortedMap<LevelName, Long> peak(
      Problem problem, CascadeFacts facts, Residence residence, Site root, Ranges whole) {
    Occupancy occupancy = new Occupancy(problem, facts, residence);
    occupancy.findKeeps(root);
    return occupancy.peak(root, whole);
  }

  private boolean findKeeps(Site site) {
    boolean found = site.node() instanceof Node.Keep;
    for (Site child : site.children()) {
      found |= findKeeps(child);
    }
    if (found) {
      aroundKeeps.add(site);
    }
    return found;
  }

  private SortedMap<LevelName, Long> peak(Site site, Ranges ranges) {
    if (!aroundKeeps.contains(site)) {
      return new TreeMap<>();
    }
    return switch (site.node()) {
      case Node.For _, Node.Spatial _, Node.Iterate _, Node.Pipeline _ ->
          loop(Loop.at(site, problem).orElseThrow(), ranges);
      case Node.Last last -> {
        boolean runs = ranges.of(last.rank()).to() == problem.shapes().of(last.rank());
        yield runs ? peak(site.body(), ranges) : new TreeMap<>();
      }
      case Node.Keep keep ->
          merge(List.of(own(site, keep, ranges), peak(site.body(), ranges)), Math::addExact);
      case Node.Seq _, Node.Interleave _, Node.Stage _ -> merge(parts(site, ranges), Math::max);
      case Node.Par _ -> merge(parts(site, ranges), Math::addExact);
      case Node.Compute _ -> new TreeMap<>();
    };
  }

  private List<SortedMap<LevelName, Long>> parts(Site site, Ranges ranges) {
    return site.children().stream().map(child -> peak(child, ranges)).toList();
  }

  private SortedMap<LevelName, Long> loop(Loop loop, Ranges ranges) {
    Ranges.Range whole = ranges.of(loop.rank());
    long tiles = whole.tiles(loop.tile());
    SortedMap<LevelName, Long> first =
        peak(loop.site().body(), ranges.with(loop.rank(), whole.tile(0, loop.tile())));
    SortedMap<LevelName, Long> most = first;
    for (long number = mapped.contains(loop.rank()) ? 1 : Math.max(1, tiles - 1);
        number < tiles;
        number++) {
      Ranges inside = ranges.with(loop.rank(), whole.tile(number, loop.tile()));
      most = merge(List.of(most, peak(loop.site().body(), inside)), Math::max);
    }
    return most;
  }

  private SortedMap<LevelName, Long> own(Site site, Node.Keep keep, Ranges ranges) {
    SortedMap<LevelName, Long> words = new TreeMap<>();
    if (!keep.level().equals(problem.architecture().top().name())) {
      for (TensorName tensor : keep.tensors()) {
        long allocated = residence.allocatedWords(site, keep, tensor, ranges);
        words.merge(keep.level(), allocated, Math::addExact);
      }
    }
    return words;
  }

  private static SortedMap<LevelName, Long> merge(
      List<SortedMap<LevelName, Long>> parts, LongBinaryOperator operator) {
    SortedMap<LevelName, Long> merged = new TreeMap<>();
    parts.forEach(
        part -> part.forEach((level, words) -> merged.merge(level, words, operator::applyAsLong)));
    return merged;
  }
}
