package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import java.util.List;

/** Spatial loops fit their axes, and say truly what is shared along them. */
final class SpatialRules {

  private final Placement placement;
  private final Violations violations;

  private SpatialRules(Placement placement, Violations violations) {
    this.placement = placement;
    this.violations = violations;
  }

  static void check(Placement placement, Violations violations) {
    SpatialRules rules = new SpatialRules(placement, violations);
    for (Site site : placement.sites) {
      if (site.node() instanceof Node.Spatial loop) {
        rules.width(site, loop);
        rules.multicast(site, loop);
        rules.reduce(site, loop);
      }
    }
  }

  private void width(Site site, Node.Spatial loop) {
    long tiles = placement.mostTiles(placement.loop(site).orElseThrow());
    long width = placement.problem.architecture().axis(loop.axis()).orElseThrow().width();
    if (tiles > width) {
      long extent = placement.firstRanges(site).extent(loop.rank());
      violations.add(
          Violation.Reason.TOO_WIDE,
          site,
          loop.axis() + " is " + width + " wide (got " + tiles + " tiles of " + loop.rank() + ")",
          "use tiles of at least " + Math.ceilDiv(extent, width));
    }
    site.ancestors()
        .filter(s -> s.node() instanceof Node.Spatial outer && outer.axis().equals(loop.axis()))
        .findFirst()
        .ifPresent(
            outer ->
                violations.add(
                    Violation.Reason.TOO_WIDE,
                    site,
                    "'" + outer + "' already uses " + loop.axis(),
                    "use another axis or a for"));
  }

  private void multicast(Site site, Node.Spatial loop) {
    for (TensorName tensor : loop.multicast()) {
      if (placement.facts.has(tensor, loop.rank())) {
        violations.add(
            Violation.Reason.MULTICAST_OF_A_DEPENDENT_TENSOR,
            site,
            tensor + " differs along " + loop.rank() + ", so its words cannot be shared",
            "leave " + tensor + " out of multicast");
      }
    }
    List<Einsum> below = einsumsBelow(site);
    for (TensorName tensor : loop.reduce()) {
      boolean isOutput = below.stream().anyMatch(e -> e.output().tensor().equals(tensor));
      if (!isOutput || placement.facts.has(tensor, loop.rank())) {
        violations.add(
            Violation.Reason.MULTICAST_OF_A_DEPENDENT_TENSOR,
            site,
            isOutput
                ? tensor + " differs along " + loop.rank() + ", so nothing is merged"
                : "no compute below produces " + tensor,
            "leave " + tensor + " out of reduce");
      }
    }
  }

  private void reduce(Site site, Node.Spatial loop) {
    RankName rank = loop.rank();
    for (Einsum einsum : einsumsBelow(site)) {
      TensorName output = einsum.output().tensor();
      if (einsum.reducedRanks().contains(rank) && !loop.reduce().contains(output)) {
        violations.add(
            Violation.Reason.SPATIAL_REDUCTION_WITHOUT_REDUCE,
            site,
            output
                + " is reduced over "
                + rank
                + " across instances (expected reduce "
                + output
                + ")",
            "add reduce " + output);
      }
    }
  }

  private List<Einsum> einsumsBelow(Site site) {
    return site.all().stream()
        .filter(s -> s.node() instanceof Node.Compute)
        .map(placement::einsum)
        .toList();
  }
}
