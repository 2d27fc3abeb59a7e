package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import java.util.HashSet;
import java.util.Set;

/** Every point of every iteration space runs. */
final class CoverageRules {

  private final Placement placement;
  private final Violations violations;

  private CoverageRules(Placement placement, Violations violations) {
    this.placement = placement;
    this.violations = violations;
  }

  static void check(Placement placement, Violations violations) {
    CoverageRules rules = new CoverageRules(placement, violations);
    rules.once();
    for (Site site : placement.sites) {
      if (site.node() instanceof Node.Compute) {
        rules.whole(site);
      }
      placement.loop(site).ifPresent(rules::outerFirst);
    }
  }

  private void once() {
    for (Einsum einsum : placement.facts.placed()) {
      TensorName name = einsum.output().tensor();
      if (!placement.computes.containsKey(name)) {
        violations.add(
            Violation.Reason.NOT_COVERED,
            placement.root,
            "no compute of " + name + " (got 0, expected 1)",
            "add a nest that ends in compute " + name);
      }
    }
    Set<TensorName> seen = new HashSet<>();
    for (Site site : placement.sites) {
      if (site.node() instanceof Node.Compute compute && !seen.add(compute.einsum())) {
        violations.add(
            Violation.Reason.NOT_COVERED,
            site,
            "another compute of " + compute.einsum() + " (got 2, expected 1)",
            "leave out one of them");
      }
    }
  }

  private void whole(Site site) {
    for (RankName rank : placement.facts.space(placement.einsum(site))) {
      long extent = placement.firstRanges(site).found(rank).map(Ranges.Range::extent).orElse(1L);
      if (extent != 1) {
        violations.add(
            Violation.Reason.NOT_COVERED,
            site,
            "rank " + rank + " has " + extent + " coordinates here (expected 1)",
            "put for " + rank.variable() + " by 1 around it");
      }
      if (Placement.isInLast(site, rank)) {
        violations.add(
            Violation.Reason.NOT_COVERED,
            site,
            "it runs in the last step of " + rank.variable() + " only, but has all of " + rank,
            "move it out of last " + rank.variable());
      }
    }
  }

  private void outerFirst(Loop loop) {
    for (Partition split : placement.problem.cascade().partitions()) {
      if (!split.inner().equals(loop.rank())) {
        continue;
      }
      long outer = placement.firstRanges(loop.site()).extent(split.outer());
      if (outer != 1) {
        violations.add(
            Violation.Reason.INNER_BEFORE_OUTER,
            loop.site(),
            split.outer() + " has " + outer + " coordinates here (expected 1)",
            "put a loop over " + split.outer().variable() + " by 1 around it");
      }
    }
  }
}
