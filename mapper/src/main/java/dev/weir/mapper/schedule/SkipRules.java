package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import java.util.Optional;

/** Iterations are left out only where conditions on coordinates say which. */
final class SkipRules {

  private final Placement placement;
  private final Violations violations;

  private SkipRules(Placement placement, Violations violations) {
    this.placement = placement;
    this.violations = violations;
  }

  static void check(Placement placement, Violations violations) {
    SkipRules rules = new SkipRules(placement, violations);
    for (Site site : placement.sites) {
      if (site.node() instanceof Node.For loop && loop.skip()) {
        rules.loop(site, loop);
      }
    }
  }

  private void loop(Site site, Node.For loop) {
    if (loop.flow()) {
      wrong(
          site,
          "tiles of a pipeline are numbered through all iterations of a loop that flows into it",
          "leave out skip or flow");
    }
    for (Site below : site.all()) {
      if (below.node() instanceof Node.Compute compute) {
        condition(site, loop.rank(), compute.einsum());
      }
    }
  }

  private void condition(Site site, RankName rank, TensorName einsum) {
    Einsum producer = placement.facts.producer(einsum).orElseThrow();
    Optional<Condition> condition = producer.condition();
    if (producer.populate().isPresent()) {
      wrong(
          site,
          "the slots of %s are written whatever points there are".formatted(einsum),
          "leave out skip, or move compute " + einsum + " out of the loop");
    } else if (condition.isEmpty()) {
      wrong(
          site,
          einsum + " has no condition, so no iteration is without its points",
          "leave out skip, or move compute " + einsum + " out of the loop");
    } else if (!condition.get().isWhole()) {
      wrong(
          site,
          "the condition of %s is not decided by coordinates and shapes alone".formatted(einsum),
          "leave out skip");
    } else if (condition.get().ranks().noneMatch(rank::equals)) {
      wrong(
          site,
          "the condition of %s does not depend on %s".formatted(einsum, rank),
          "leave out skip");
    }
  }

  private void wrong(Site site, String message, String fix) {
    violations.addAt(Violation.Reason.SKIP, site, "skip", message, fix);
  }
}
