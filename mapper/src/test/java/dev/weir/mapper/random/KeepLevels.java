package dev.weir.mapper.random;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.schedule.CascadeFacts;
import dev.weir.mapper.schedule.Loop;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Ranges;
import dev.weir.mapper.schedule.Residence;
import dev.weir.mapper.schedule.Site;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Chooses the level of every keep once the tree stands: one whose instances the loops around select
 * and to which all uses map the tensor alike. A keep for which there is none, and which its tensor
 * can do without, goes.
 */
final class KeepLevels {

  private final Random random;
  private final Problem problem;
  private final CascadeFacts facts;
  private final Map<TensorName, Placed> einsums = new HashMap<>();
  private final Residence residence;
  private boolean isHomeless;

  private KeepLevels(Random random, Problem problem, CascadeFacts facts, List<Placed> einsums) {
    this.random = random;
    this.problem = problem;
    this.facts = facts;
    this.residence = new Residence(problem, facts);
    einsums.forEach(einsum -> this.einsums.put(einsum.output(), einsum));
  }

  /** The tree with other levels; nothing when some tensor finds no home. */
  static Optional<Node> choose(
      Random random, Problem problem, CascadeFacts facts, List<Placed> einsums) {
    KeepLevels levels = new KeepLevels(random, problem, facts, einsums);
    Site root = Site.root(problem.schedule().root());
    Ranges whole = Ranges.whole(problem.cascade(), problem.shapes());
    Subtree all = levels.placed(root, new Above(whole, Set.of(), List.of()));
    return levels.isHomeless ? Optional.empty() : Optional.of(all.node());
  }

  /**
   * What stands around a site.
   *
   * @param ranges largest ranges
   * @param homed tensors that a keep names
   * @param spatial loops over instances
   */
  private record Above(Ranges ranges, Set<TensorName> homed, List<Node.Spatial> spatial) {}

  /** A subtree with the words that its keeps take of each level. */
  private record Subtree(Node node, Map<LevelName, Long> words) {}

  /** From the inside out, as a keep that goes changes what uses the one around it. */
  private Subtree placed(Site site, Above above) {
    if (site.node() instanceof Node.Keep keep) {
      return keep(site, keep, above);
    }
    Ranges inside =
        Loop.at(site, problem)
            .map(l -> above.ranges().with(l.rank(), above.ranges().of(l.rank()).tile(0, l.tile())))
            .orElse(above.ranges());
    List<Node.Spatial> spatial = new ArrayList<>(above.spatial());
    if (site.node() instanceof Node.Spatial loop) {
      spatial.add(loop);
    }
    List<Node> children = new ArrayList<>();
    Map<LevelName, Long> words = new HashMap<>();
    for (Site child : site.children()) {
      Subtree below = placed(child, new Above(inside, above.homed(), spatial));
      children.add(below.node());
      boolean adds = site.node() instanceof Node.Par;
      below.words().forEach((level, n) -> words.merge(level, n, adds ? Long::sum : Math::max));
    }
    return new Subtree(site.node().withChildren(children), words);
  }

  private Subtree keep(Site site, Node.Keep keep, Above above) {
    TensorName tensor = keep.tensors().getFirst();
    Set<TensorName> more = new HashSet<>(above.homed());
    more.add(tensor);
    Subtree below = placed(site.body(), new Above(above.ranges(), more, above.spatial()));
    Node.Keep around = (Node.Keep) keep.withChildren(List.of(below.node()));
    List<Subtree> fitting = new ArrayList<>();
    for (MemoryLevel level : levels(Site.root(around), tensor, above.spatial())) {
      Node.Keep at = at(around, level.name());
      long needed =
          below.words().getOrDefault(level.name(), 0L)
              + residence.allocatedWords(Site.root(at), at, tensor, above.ranges());
      if (level.capacityWords().filter(most -> needed > most).isEmpty()) {
        Map<LevelName, Long> words = new HashMap<>(below.words());
        words.put(level.name(), needed);
        fitting.add(new Subtree(joined(at), words));
      }
    }
    if (fitting.isEmpty()) {
      isHomeless |= !facts.livesAtTop(tensor) && !above.homed().contains(tensor);
      return below;
    }
    // The first is the one that most tensors fit in; the others are rarely possible.
    return fitting.get(random.nextBoolean() ? 0 : random.nextInt(fitting.size()));
  }

  private static Node.Keep at(Node.Keep keep, LevelName level) {
    return new Node.Keep(keep.tensors(), level, keep.copies(), keep.doubleBuffered(), keep.body());
  }

  /** Sometimes one keep of two that are alike and directly in each other. */
  private Node joined(Node.Keep keep) {
    boolean alike =
        keep.body() instanceof Node.Keep inner
            && inner.level().equals(keep.level())
            && inner.copies().equals(keep.copies())
            && inner.doubleBuffered() == keep.doubleBuffered()
            && inner.tensors().stream().noneMatch(keep.tensors()::contains);
    if (!alike || random.nextBoolean()) {
      return keep;
    }
    Node.Keep inner = (Node.Keep) keep.body();
    List<TensorName> both = new ArrayList<>(keep.tensors());
    both.addAll(inner.tensors());
    return new Node.Keep(both, keep.level(), keep.copies(), keep.doubleBuffered(), inner.body());
  }

  /** Levels at which a keep of the tensor is legal here, capacity aside; the top comes last. */
  private List<MemoryLevel> levels(Site site, TensorName tensor, List<Node.Spatial> around) {
    List<MemoryLevel> levels = new ArrayList<>();
    List<Site> uses = residence.uses(site, tensor);
    boolean isProduced = Residence.isProducedIn(site, tensor);
    boolean cuts =
        isProduced
            && around.stream().anyMatch(l -> einsums.get(tensor).reduced().contains(l.rank()));
    if (uses.isEmpty() || cuts) {
      return levels;
    }
    List<MemoryLevel> all = problem.architecture().levels();
    List<MemoryLevel> candidates = new ArrayList<>(all.subList(1, all.size()));
    if (!facts.livesAtTop(tensor)) {
      candidates.add(all.getFirst());
    }
    for (MemoryLevel level : candidates) {
      if (around.stream().allMatch(loop -> selects(loop, level))
          && uses.stream().allMatch(use -> distributes(site, use, level, tensor))
          && uses.stream().map(use -> mapping(site, use, level)).distinct().count() == 1
          && isReached(site, tensor, level.name())) {
        levels.add(level);
      }
    }
    return levels;
  }

  private boolean selects(Node.Spatial loop, MemoryLevel level) {
    return problem.architecture().selectsInstance(loop.axis(), level);
  }

  private static List<Node.Spatial> spatial(List<Site> sites) {
    List<Node.Spatial> loops = new ArrayList<>();
    for (Site site : sites) {
      if (site.node() instanceof Node.Spatial loop) {
        loops.add(loop);
      }
    }
    return loops;
  }

  private boolean distributes(Site keep, Site use, MemoryLevel level, TensorName tensor) {
    return spatial(keep.between(use)).stream()
        .allMatch(
            loop ->
                !selects(loop, level)
                    || (facts.has(tensor, loop.rank())
                        && !facts.projection(tensor).isMappedBy(loop.rank())));
  }

  /** Tiles and axes of all loops over the ranks along which instances are selected. */
  private Map<RankName, List<String>> mapping(Site keep, Site use, MemoryLevel level) {
    Map<RankName, List<String>> all = new TreeMap<>();
    Map<RankName, List<String>> mapping = new TreeMap<>();
    for (Site site : keep.between(use)) {
      Loop.at(site, problem)
          .ifPresent(
              loop -> {
                List<String> steps = all.computeIfAbsent(loop.rank(), _ -> new ArrayList<>());
                Optional<Node.Spatial> selecting = loop.spatial().filter(s -> selects(s, level));
                steps.add(loop.tile() + selecting.map(s -> " " + axis(s, level)).orElse(""));
                if (selecting.isPresent()) {
                  mapping.put(loop.rank(), List.copyOf(steps));
                }
              });
    }
    return mapping;
  }

  /** The axis of the level itself, where the loop's axis is only linked to it. */
  private AxisName axis(Node.Spatial loop, MemoryLevel level) {
    if (level.instanceAxes().contains(loop.axis())) {
      return loop.axis();
    }
    return problem.architecture().links().stream()
        .filter(l -> l.from().equals(loop.axis()) && level.instanceAxes().contains(l.to()))
        .map(Architecture.Link::to)
        .findFirst()
        .orElseThrow();
  }

  /** Whether every unit that uses the tensor below may do so at the level, sums included. */
  private boolean isReached(Site site, TensorName tensor, LevelName level) {
    for (Site below : site.all()) {
      if (below.node() instanceof Node.Compute compute) {
        Placed einsum = einsums.get(compute.einsum());
        ComputeUnit unit = problem.architecture().unit(compute.unit()).orElseThrow();
        boolean writes = einsum.output().equals(tensor);
        boolean reads =
            einsum.operands().contains(tensor) || (writes && !einsum.reduced().isEmpty());
        if ((writes && !unit.writes().contains(level))
            || (reads && !unit.reads().contains(level))) {
          return false;
        }
      }
    }
    return true;
  }
}
