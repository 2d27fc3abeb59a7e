package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import java.util.List;
import java.util.Optional;

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
    Loop own = placement.loop(site).orElseThrow();
    long tiles = placement.mostTiles(own);
    long width = placement.problem.architecture().axis(loop.axis()).orElseThrow().width();
    if (tiles > width) {
      violations.addAt(
          Violation.Reason.TOO_WIDE,
          site,
          loop.axis(),
          "%s is %d wide (got %d tiles of %s, expected at most %d)"
              .formatted(loop.axis(), width, tiles, loop.rank(), width),
          fewerTiles(own, width));
    }
    site.ancestors()
        .filter(s -> s.node() instanceof Node.Spatial outer && outer.axis().equals(loop.axis()))
        .findFirst()
        .ifPresent(
            outer ->
                violations.addAt(
                    Violation.Reason.TOO_WIDE,
                    site,
                    loop.axis(),
                    "'%s' already uses %s (got it a second time, expected another axis)"
                        .formatted(outer, loop.axis()),
                    "use another axis or a for"));
  }

  /** Larger tiles only help where a loop below splits them on; else less must come in. */
  private String fewerTiles(Loop loop, long width) {
    if (isSplitFurtherBelow(loop)) {
      long extent = placement.firstRanges(loop.site()).extent(loop.rank());
      return "use tiles of at least " + Math.ceilDiv(extent, width);
    }
    long most = Math.multiplyExact(width, loop.tile());
    Optional<Loop> around =
        placement.loopsAround(loop.site()).filter(l -> l.rank().equals(loop.rank())).findFirst();
    if (around.isPresent()) {
      return "use tiles of at most %d in '%s'".formatted(most, around.get().site());
    }
    return placement.problem.schedule().shapes().containsKey(loop.rank())
        ? "bind a shape of at most %d: shape %s = %d".formatted(most, loop.rank(), most)
        : "put for %s by %d around it".formatted(loop.rank().variable(), most);
  }

  private boolean isSplitFurtherBelow(Loop loop) {
    return loop.site().all().stream()
        .filter(s -> s.node() instanceof Node.Compute)
        .filter(s -> placement.facts.space(placement.einsum(s)).contains(loop.rank()))
        .allMatch(
            compute ->
                loop.site().between(compute).stream()
                    .flatMap(s -> placement.loop(s).stream())
                    .anyMatch(inner -> inner.rank().equals(loop.rank())));
  }

  private void multicast(Site site, Node.Spatial loop) {
    for (TensorName tensor : loop.multicast()) {
      if (placement.facts.has(tensor, loop.rank())) {
        violations.addAt(
            Violation.Reason.MULTICAST_OF_A_DEPENDENT_TENSOR,
            site,
            tensor,
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
            new Violation.Subject.Word(tensor.text(), true),
            isOutput
                ? tensor + " differs along " + loop.rank() + ", so nothing is merged"
                : "no compute below produces " + tensor,
            Optional.of("leave " + tensor + " out of reduce"));
      }
    }
  }

  private void reduce(Site site, Node.Spatial loop) {
    RankName rank = loop.rank();
    for (Einsum einsum : einsumsBelow(site)) {
      TensorName output = einsum.output().tensor();
      if (placement.facts.reduced(einsum).contains(rank) && !loop.reduce().contains(output)) {
        violations.addAt(
            Violation.Reason.SPATIAL_REDUCTION_WITHOUT_REDUCE,
            site,
            rank.variable(),
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
