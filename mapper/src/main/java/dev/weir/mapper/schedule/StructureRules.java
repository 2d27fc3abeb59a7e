package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.UnitName;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Every node stands where it means something. */
final class StructureRules {

  private final Placement placement;
  private final Violations violations;

  private StructureRules(Placement placement, Violations violations) {
    this.placement = placement;
    this.violations = violations;
  }

  static void check(Placement placement, Violations violations) {
    StructureRules rules = new StructureRules(placement, violations);
    placement.sites.forEach(rules::site);
  }

  private void site(Site site) {
    switch (site.node()) {
      case Node.For loop -> flow(site, loop.flow());
      case Node.Iterate loop -> {
        flow(site, loop.flow());
        if (!placement.problem.cascade().iterativeRanks().contains(loop.rank())) {
          misplaced(
              site,
              "no tensor has generations along " + loop.rank(),
              "write for " + loop.rank().variable() + " by 1");
        }
      }
      case Node.Spatial loop -> axis(site, loop);
      case Node.Last last -> last(site, last);
      case Node.Keep keep -> keep(site, keep);
      case Node.Pipeline _ -> pipeline(site);
      case Node.Stage _ -> stage(site);
      case Node.Interleave interleave -> interleave(site, interleave.unit());
      case Node.Seq _, Node.Par _, Node.Compute _ -> {}
    }
  }

  private void misplaced(Site site, String message, String fix) {
    violations.add(Violation.Reason.MISPLACED, site, message, fix);
  }

  private void flow(Site site, boolean flows) {
    if (flows && Stages.flowsInto(site).isEmpty()) {
      misplaced(
          site,
          "flow needs a pipeline below, with nothing but keeps and other flow loops between",
          "leave out flow");
    }
  }

  private void axis(Site site, Node.Spatial loop) {
    for (Site below : site.all()) {
      if (below.node() instanceof Node.Compute compute
          && placement
              .problem
              .architecture()
              .unit(compute.unit())
              .orElseThrow()
              .axis(loop.axis())
              .isEmpty()) {
        misplaced(
            site,
            compute.einsum() + " runs on " + compute.unit() + ", which has no axis " + loop.axis(),
            "use one of its axes");
      }
    }
  }

  private void last(Site site, Node.Last last) {
    boolean inside =
        site.ancestors()
            .anyMatch(s -> s.node() instanceof Node.Iterate i && i.rank().equals(last.rank()));
    if (!inside) {
      misplaced(
          site,
          "no iterate " + last.rank().variable() + " is around it",
          "put it inside iterate " + last.rank().variable());
    }
  }

  private void keep(Site site, Node.Keep keep) {
    if (keep.refetch()
        && keep.tensors().stream()
            .allMatch(tensor -> placement.residence.slidesAlong(site, tensor).isEmpty())) {
      violations.addAt(
          Violation.Reason.MISPLACED,
          site,
          "refetch",
          "no tile slides along a for directly around it, so all are loaded whole anyway",
          "leave out refetch");
    }
    Set<TensorName> seen = new HashSet<>();
    for (TensorName tensor : keep.tensors()) {
      if (!seen.add(tensor)) {
        misplaced(site, tensor + " is named twice", "name it once");
      }
      if (placement.facts.livesAtTop(tensor)
          && keep.level().equals(placement.problem.architecture().top().name())) {
        misplaced(site, tensor + " lives at " + keep.level() + " anyway", "leave out " + tensor);
      }
    }
  }

  private void pipeline(Site site) {
    Site body = site.body();
    while (body.node() instanceof Node.Keep) {
      body = body.body();
    }
    stages(body);
  }

  private void stages(Site site) {
    switch (site.node()) {
      case Node.Stage _ -> {}
      case Node.Seq _, Node.Par _, Node.Interleave _ -> site.children().forEach(this::stages);
      case Node.Keep _ ->
          misplaced(
              site,
              "a keep around stages stands in the pipeline's head",
              "put it directly after the pipeline, or inside a stage");
      case Node.For _,
          Node.Spatial _,
          Node.Iterate _,
          Node.Last _,
          Node.Pipeline _,
          Node.Compute _ ->
          misplaced(
              site, "every part of a pipeline's body is in a stage", "write stage 0 before it");
    }
  }

  private void stage(Site site) {
    List<Site> around = site.ancestors().toList();
    Optional<Site> nearest =
        around.stream()
            .filter(s -> s.node() instanceof Node.Stage || s.node() instanceof Node.Pipeline)
            .findFirst();
    if (nearest.filter(s -> s.node() instanceof Node.Pipeline).isEmpty()) {
      misplaced(site, "a stage is part of a pipeline's body", "put it inside a pipeline");
    }
  }

  private void interleave(Site site, UnitName unit) {
    Stream<Node.Compute> computes =
        site.all().stream()
            .filter(s -> s.node() instanceof Node.Compute)
            .map(s -> (Node.Compute) s.node());
    computes
        .filter(compute -> !compute.unit().equals(unit))
        .forEach(
            compute ->
                misplaced(
                    site,
                    compute.einsum() + " runs on " + compute.unit() + ", not on " + unit,
                    "interleave computes of one unit"));
  }
}
