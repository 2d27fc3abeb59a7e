package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A schedule's tree with what the rules of legality ask of it. All its names exist. */
final class Placement {

  final Problem problem;
  final CascadeFacts facts;
  final Residence residence;
  final Site root;
  final List<Site> sites;

  /** The compute of each Einsum that has one. */
  final Map<TensorName, Site> computes = new LinkedHashMap<>();

  private final Map<Site, Ranges> first = new HashMap<>();

  Placement(Problem problem, CascadeFacts facts, Site root) {
    this.problem = problem;
    this.facts = facts;
    this.residence = new Residence(problem, facts);
    this.root = root;
    this.sites = root.all();
    for (Site site : sites) {
      if (site.node() instanceof Node.Compute compute) {
        computes.putIfAbsent(compute.einsum(), site);
      }
    }
    narrow(root, Ranges.whole(problem.cascade(), problem.shapes()));
  }

  private void narrow(Site site, Ranges ranges) {
    first.put(site, ranges);
    Ranges inside =
        loop(site)
            .map(l -> ranges.with(l.rank(), ranges.of(l.rank()).tile(0, l.tile())))
            .orElse(ranges);
    site.children().forEach(child -> narrow(child, inside));
  }

  /** Ranges around a site in the first iteration of every loop, where they are largest. */
  Ranges firstRanges(Site site) {
    return first.get(site);
  }

  Optional<Loop> loop(Site site) {
    return Loop.at(site, problem);
  }

  /** Loops around a site, the innermost first. */
  Stream<Loop> loopsAround(Site site) {
    return site.ancestors().flatMap(s -> loop(s).stream());
  }

  Einsum einsum(Site compute) {
    return facts.producer(((Node.Compute) compute.node()).einsum()).orElseThrow();
  }

  /** Computes that read or write the tensor. */
  List<Site> users(TensorName tensor) {
    return computes.values().stream().filter(s -> facts.uses(einsum(s), tensor)).toList();
  }

  /** Keeps of tensors whose generation 0 is read from the tensor. */
  List<Site> beginners(TensorName tensor) {
    return sites.stream()
        .filter(
            site ->
                site.node() instanceof Node.Keep keep
                    && keep.tensors().stream()
                        .flatMap(state -> facts.initialRead(state).stream())
                        .anyMatch(access -> access.tensor().equals(tensor)))
        .toList();
  }

  /** Keeps that name the tensor around a site, the innermost first. */
  List<Site> homes(Site site, TensorName tensor) {
    return site.ancestors().filter(s -> names(s, tensor)).toList();
  }

  static boolean names(Site site, TensorName tensor) {
    return site.node() instanceof Node.Keep keep && keep.tensors().contains(tensor);
  }

  /** The level of the innermost home. */
  LevelName homeLevel(Site site, TensorName tensor) {
    return homes(site, tensor).stream()
        .findFirst()
        .map(home -> ((Node.Keep) home.node()).level())
        .orElse(problem.architecture().top().name());
  }

  /** Fewest and most tiles that a loop has, over all iterations of those around it. */
  long fewestTiles(Loop loop) {
    return extents(loop).stream()
        .mapToLong(extent -> Math.ceilDiv(extent, loop.tile()))
        .min()
        .orElseThrow();
  }

  long mostTiles(Loop loop) {
    return firstRanges(loop.site()).of(loop.rank()).tiles(loop.tile());
  }

  /** Fewest tiles that a pipeline runs in one step, or one entry, of what stands around it. */
  long tilesBelow(Site around, Site pipeline) {
    return Stream.concat(around.between(pipeline).stream(), Stream.of(pipeline))
        .flatMap(site -> loop(site).stream())
        .mapToLong(this::fewestTiles)
        .reduce(1, Math::multiplyExact);
  }

  /** Extents that the rank of a loop can have when it begins. */
  private Set<Long> extents(Loop loop) {
    Set<Long> extents = new HashSet<>();
    extents.add(problem.shapes().of(loop.rank()));
    for (Partition split : problem.cascade().partitions()) {
      if (split.inner().equals(loop.rank())) {
        long steps = problem.shapes().of(split.outer());
        extents.add(problem.shapes().innerShape(split, steps - 1));
      }
    }
    List<Loop> around = loopsAround(loop.site()).filter(l -> l.rank().equals(loop.rank())).toList();
    for (Loop outer : around.reversed()) {
      Set<Long> inside = new HashSet<>();
      for (long extent : extents) {
        long tiles = Math.ceilDiv(extent, outer.tile());
        inside.add(Math.min(extent, outer.tile()));
        inside.add(extent - (tiles - 1) * outer.tile());
      }
      extents = inside;
    }
    return extents;
  }

  /** Whether the site only runs in the last step of the loop over this rank. */
  static boolean isInLast(Site site, RankName rank) {
    return site.ancestors()
        .takeWhile(s -> !(s.node() instanceof Node.Iterate i && i.rank().equals(rank)))
        .anyMatch(s -> s.node() instanceof Node.Last last && last.rank().equals(rank));
  }
}
