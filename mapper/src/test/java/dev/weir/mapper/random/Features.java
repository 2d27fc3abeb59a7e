package dev.weir.mapper.random;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.schedule.CascadeFacts;
import dev.weir.mapper.schedule.Loop;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Projection;
import dev.weir.mapper.schedule.Residence;
import dev.weir.mapper.schedule.Site;
import dev.weir.mapper.schedule.Size;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which features a legal problem has. */
public final class Features {

  private final Problem problem;
  private final CascadeFacts facts;
  private final Set<Feature> found = EnumSet.noneOf(Feature.class);

  /** Extents that the range of a loop's rank can have when the loop begins. */
  private final Map<Site, Set<Long>> extents = new HashMap<>();

  private Features(Problem problem) {
    this.problem = problem;
    this.facts = new CascadeFacts(problem.cascade());
  }

  /** The features of a problem. */
  public static Set<Feature> of(Problem problem) {
    Features features = new Features(problem);
    features.conditions();
    Site root = Site.root(problem.schedule().root());
    features.extents(root, new HashMap<>());
    root.all().forEach(features::site);
    features.facts.placed().forEach(einsum -> features.fusion(root, einsum));
    return features.found;
  }

  private void conditions() {
    List<Condition> conditions =
        problem.cascade().einsums().stream().flatMap(e -> e.condition().stream()).toList();
    if (!conditions.isEmpty()) {
      found.add(Feature.PREDICATE);
    }
    if (conditions.size() > 1) {
      found.add(Feature.SEVERAL_PREDICATES);
    }
    boolean isWindowed =
        problem.cascade().einsums().stream()
            .flatMap(e -> e.value().reads())
            .map(Access::indices)
            .flatMap(List::stream)
            .anyMatch(index -> index instanceof Index.Affine a && a.terms().size() > 1);
    for (Tensor tensor : problem.cascade().tensors()) {
      add(hasWindow(tensor.name()), Feature.AFFINE_WINDOW);
      add(hasHeadMap(tensor.name()), Feature.HEAD_MAP);
    }
    if (isWindowed || conditions.stream().anyMatch(Features::isBand)) {
      found.add(Feature.WINDOW);
    }
  }

  /** Two comparisons of the same two coordinates, both of which must hold. */
  private static boolean isBand(Condition condition) {
    if (!(condition instanceof Condition.All all)) {
      return false;
    }
    List<Set<RankName>> compared =
        all.parts().stream()
            .filter(Condition.Compare.class::isInstance)
            .<Set<RankName>>map(part -> new TreeSet<>(part.ranks().toList()))
            .filter(ranks -> ranks.size() > 1)
            .toList();
    return compared.size() > new HashSet<>(compared).size();
  }

  /** Follows ranges down the tree, by all extents that they may have. */
  private void extents(Site site, Map<RankName, Set<Long>> around) {
    Map<RankName, Set<Long>> inside = new HashMap<>(around);
    Loop.at(site, problem)
        .ifPresent(
            loop -> {
              Set<Long> before = inside.getOrDefault(loop.rank(), whole(loop.rank()));
              extents.put(site, before);
              Set<Long> tiles = new HashSet<>();
              for (long extent : before) {
                tiles.add(Math.min(extent, loop.tile()));
                tiles.add(extent - (Math.ceilDiv(extent, loop.tile()) - 1) * loop.tile());
              }
              inside.put(loop.rank(), tiles);
            });
    site.children().forEach(child -> extents(child, inside));
  }

  private Set<Long> whole(RankName rank) {
    Set<Long> extents = new HashSet<>(Set.of(problem.shapes().of(rank)));
    for (Partition split : problem.cascade().partitions()) {
      if (split.inner().equals(rank)) {
        long last = problem.shapes().of(split.outer()) - 1;
        extents.add(problem.shapes().innerShape(split, last));
      }
    }
    return extents;
  }

  private boolean hasSeveralTiles(Site loop, long tile) {
    return extents.get(loop).stream().anyMatch(extent -> extent > tile);
  }

  private void site(Site site) {
    Loop.at(site, problem)
        .ifPresent(
            loop -> {
              tail(site, loop);
              add(
                  !loop.recompute().isEmpty() && hasSeveralTiles(site, loop.tile()),
                  Feature.RECOMPUTE);
            });
    switch (site.node()) {
      case Node.For loop -> add(loop.flow(), Feature.FLOW);
      case Node.Iterate loop -> {
        found.add(Feature.ITERATE);
        add(loop.flow(), Feature.FLOW);
      }
      case Node.Spatial loop -> {
        boolean several = hasSeveralTiles(site, problem.value(loop.tile()));
        add(several && !loop.multicast().isEmpty(), Feature.MULTICAST);
        add(several && !loop.reduce().isEmpty(), Feature.SPATIAL_REDUCE);
      }
      case Node.Stage stage -> add(stage.offset() > 0, Feature.PIPELINE);
      case Node.Keep keep -> keep(site, keep);
      case Node.Compute compute -> bypass(site, compute);
      case Node.Last _ -> found.add(Feature.LAST);
      case Node.Interleave _ -> found.add(Feature.INTERLEAVE);
      case Node.Par _ -> found.add(Feature.PAR);
      case Node.Seq _, Node.Pipeline _ -> {}
    }
  }

  private void add(boolean has, Feature feature) {
    if (has) {
      found.add(feature);
    }
  }

  private void tail(Site site, Loop loop) {
    boolean hasTail =
        extents.get(site).stream().anyMatch(e -> e > loop.tile() && e % loop.tile() != 0);
    add(hasTail, Feature.IMPERFECT_FACTOR);
    add(hasTail && loop.spatial().isPresent(), Feature.SPATIAL_TAIL);
  }

  private void keep(Site site, Node.Keep keep) {
    add(keep.doubleBuffered(), Feature.DOUBLE);
    add(!keep.copies().equals(Size.of(1)), Feature.COPIES);
    add(keep.tensors().size() > 1, Feature.SHARED_KEEP);
    add(keep.inPlaceOf().isPresent(), Feature.IN_PLACE);
    add(keep.refetch(), Feature.REFETCH);
    keep.tensors().forEach(tensor -> mapped(site, keep, tensor));
    for (TensorName tensor : keep.tensors()) {
      Optional<Einsum> producer = facts.producer(tensor);
      if (producer.isPresent() && Residence.isProducedIn(site, tensor)) {
        Set<RankName> reduced = producer.get().reducedRanks();
        boolean returns =
            site.ancestors()
                .takeWhile(s -> !names(s, tensor))
                .flatMap(s -> Loop.at(s, problem).stream())
                .anyMatch(l -> reduced.contains(l.rank()) && hasSeveralTiles(l.site(), l.tile()));
        add(returns, Feature.PARTIAL_SUMS);
      }
    }
  }

  private void mapped(Site site, Node.Keep keep, TensorName tensor) {
    add(hasWindow(tensor), Feature.KEPT_WINDOW);
    add(hasHeadMap(tensor), Feature.KEPT_HEAD_MAP);
    boolean slides =
        new Residence(problem, facts)
            .slidesAlong(site, tensor)
            .flatMap(loop -> Loop.at(loop, problem))
            .filter(loop -> hasSeveralTiles(loop.site(), loop.tile()))
            .isPresent();
    add(slides && !keep.refetch(), Feature.SLIDING);
  }

  private boolean hasWindow(TensorName tensor) {
    return facts.projection(tensor).parts().stream()
        .anyMatch(
            part ->
                part instanceof Projection.Part.Window window
                    && (window.indices().size() > 1
                        || window.indices().getFirst().terms().size() > 1));
  }

  private boolean hasHeadMap(TensorName tensor) {
    return facts.projection(tensor).parts().stream()
        .anyMatch(Projection.Part.HeadMap.class::isInstance);
  }

  private static boolean names(Site site, TensorName tensor) {
    return site.node() instanceof Node.Keep keep && keep.tensors().contains(tensor);
  }

  private void bypass(Site site, Node.Compute compute) {
    List<LevelName> levels =
        problem.architecture().levels().stream().map(MemoryLevel::name).toList();
    Einsum einsum = facts.producer(compute.einsum()).orElseThrow();
    Set<LevelName> reached = problem.architecture().unit(compute.unit()).orElseThrow().reads();
    List<TensorName> operands = CascadeFacts.operands(einsum);
    for (TensorName tensor : operands) {
      int home = homes(site, tensor).findFirst().map(k -> levels.indexOf(k.level())).orElse(0);
      boolean passes =
          Stream.concat(operands.stream(), Stream.of(compute.einsum()))
              .filter(other -> !other.equals(tensor))
              .flatMap(other -> homes(site, other))
              .anyMatch(k -> reached.contains(k.level()) && levels.indexOf(k.level()) > home);
      add(passes, Feature.BYPASS);
    }
  }

  /** Keeps that name the tensor around a site, the innermost first. */
  private static Stream<Node.Keep> homes(Site site, TensorName tensor) {
    return site.ancestors().filter(s -> names(s, tensor)).map(s -> (Node.Keep) s.node());
  }

  private void fusion(Site root, Einsum producer) {
    TensorName tensor = producer.output().tensor();
    for (Site keep : root.all()) {
      if (names(keep, tensor)
          && Residence.isProducedIn(keep, tensor)
          && keep.all().stream().anyMatch(s -> reads(s, tensor))) {
        boolean below =
            keep.ancestors()
                .flatMap(s -> Loop.at(s, problem).stream())
                .anyMatch(l -> hasSeveralTiles(l.site(), l.tile()));
        add(below, Feature.FUSION);
      }
    }
  }

  private boolean reads(Site site, TensorName tensor) {
    return site.node() instanceof Node.Compute compute
        && !compute.einsum().equals(tensor)
        && facts.producer(compute.einsum()).filter(e -> facts.reads(e, tensor)).isPresent();
  }
}
