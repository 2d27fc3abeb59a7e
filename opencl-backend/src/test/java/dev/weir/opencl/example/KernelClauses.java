package dev.weir.opencl.example;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.schedule.CascadeFacts;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Residence;
import dev.weir.mapper.schedule.Site;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A schedule with the clauses that kernels ask for: what lanes share is multicast to them, what
 * work-items share is not, and tiles that slide are loaded whole (docs/kernels.md, "What is
 * refused"). It need not be legal.
 */
final class KernelClauses {

  private static final LevelName GLOBAL = new LevelName("Global");
  private static final LevelName LOCAL = new LevelName("Local");

  private final Problem problem;
  private final CascadeFacts facts;
  private final Residence residence;
  private final boolean isLocal;
  private final boolean hasGroups;

  private KernelClauses(Problem problem, boolean isLocal, boolean hasGroups) {
    this.problem = problem;
    this.facts = new CascadeFacts(problem.cascade());
    this.residence = new Residence(problem, facts);
    this.isLocal = isLocal;
    this.hasGroups = hasGroups;
  }

  /**
   * The problem with such clauses.
   *
   * @param isLocal whether what is kept in global memory is kept in local memory instead
   * @param hasGroups whether loops over work-groups stay, those that merge sums excepted
   */
  static Problem added(Problem problem, boolean isLocal, boolean hasGroups) {
    KernelClauses clauses = new KernelClauses(problem, isLocal, hasGroups);
    Node root = clauses.node(Site.root(problem.schedule().root()));
    return new Problem(
        problem.cascade(), problem.schedule().with(root), problem.architecture(), problem.shapes());
  }

  private Node node(Site site) {
    Node node = site.node().withChildren(site.children().stream().map(this::node).toList());
    return switch (node) {
      case Node.Spatial loop -> spatial(site, loop);
      case Node.Keep keep -> keep(site, keep);
      case Node.For _, Node.Iterate _, Node.Last _, Node.Seq _, Node.Par _ -> node;
      case Node.Pipeline _, Node.Stage _, Node.Interleave _, Node.Compute _ -> node;
    };
  }

  private Node spatial(Site site, Node.Spatial loop) {
    Axis.Kind kind = problem.architecture().axis(loop.axis()).map(Axis::kind).orElseThrow();
    boolean merges = einsums(site).anyMatch(einsum -> einsum.reducedRanks().contains(loop.rank()));
    if (kind == Axis.Kind.WORK_GROUP && (merges || !hasGroups)) {
      return new Node.For(loop.rank(), loop.tile(), false, loop.recompute(), false, loop.body());
    }
    return new Node.Spatial(
        loop.rank(),
        loop.tile(),
        loop.axis(),
        kind == Axis.Kind.LANE ? lacking(site, loop.rank()) : Set.of(),
        loop.reduce(),
        loop.recompute(),
        loop.body());
  }

  private Node keep(Site site, Node.Keep keep) {
    boolean slides =
        keep.tensors().stream().anyMatch(tensor -> residence.slidesAlong(site, tensor).isPresent());
    return new Node.Keep(
        keep.tensors(),
        isLocal && keep.level().equals(GLOBAL) ? LOCAL : keep.level(),
        keep.copies(),
        keep.doubleBuffered(),
        keep.refetch() || slides,
        keep.inPlaceOf(),
        keep.body());
  }

  /** What is read below and lacks the rank. */
  private Set<TensorName> lacking(Site site, RankName rank) {
    return einsums(site)
        .flatMap(einsum -> CascadeFacts.operands(einsum).stream())
        .filter(tensor -> !facts.has(tensor, rank))
        .collect(Collectors.toSet());
  }

  private Stream<Einsum> einsums(Site site) {
    return site.all().stream()
        .map(Site::node)
        .filter(Node.Compute.class::isInstance)
        .map(compute -> facts.producer(((Node.Compute) compute).einsum()).orElseThrow());
  }
}
