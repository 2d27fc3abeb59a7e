package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Populate;
import dev.weir.einsum.ir.TensorName;
import java.util.Optional;

/** A populate action has all values of an order in one place before it writes the slots. */
final class PopulateRules {

  private final Placement placement;
  private final Violations violations;

  private PopulateRules(Placement placement, Violations violations) {
    this.placement = placement;
    this.violations = violations;
  }

  static void check(Placement placement, Violations violations) {
    PopulateRules rules = new PopulateRules(placement, violations);
    for (Site site : placement.sites) {
      if (site.node() instanceof Node.Compute) {
        placement.einsum(site).populate().ifPresent(populate -> rules.compute(site, populate));
      }
    }
  }

  private void compute(Site site, Populate populate) {
    TensorName output = ((Node.Compute) site.node()).einsum();
    Optional<Site> home = placement.homes(site, output).stream().findFirst();
    placement
        .loopsAround(site)
        .filter(loop -> loop.rank().equals(populate.slot()))
        .forEach(
            loop ->
                violations.add(
                    Violation.Reason.POPULATE,
                    loop.site(),
                    "it cuts the slots %s of %s, which one order fills"
                        .formatted(populate.slot(), output),
                    "end the loop before compute " + output));
    placement
        .loopsAround(site)
        .filter(loop -> loop.rank().equals(populate.from()))
        .filter(loop -> placement.mostTiles(loop) > 1)
        .forEach(
            loop -> {
              if (loop.spatial().isPresent()) {
                violations.add(
                    Violation.Reason.POPULATE,
                    loop.site(),
                    "it orders %s for %s in several instances, whose orders nothing merges"
                        .formatted(populate.from(), output),
                    "use for");
              } else if (home.isPresent() && !home.get().contains(loop.site())) {
                violations.add(
                    Violation.Reason.POPULATE,
                    loop.site(),
                    "it cuts the order of %s, which ends with each entry of '%s'"
                        .formatted(output, home.get()),
                    "put the loop inside that keep");
              }
            });
  }
}
