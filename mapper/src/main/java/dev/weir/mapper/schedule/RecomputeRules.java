package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An Einsum is produced once, or again where a loop says so and each time has a home of its own.
 */
final class RecomputeRules {

  private final Placement placement;
  private final Violations violations;

  private RecomputeRules(Placement placement, Violations violations) {
    this.placement = placement;
    this.violations = violations;
  }

  static void check(Placement placement, Violations violations) {
    RecomputeRules rules = new RecomputeRules(placement, violations);
    for (Site site : placement.sites) {
      if (site.node() instanceof Node.Compute) {
        rules.notAgain(site);
      }
      placement.loop(site).ifPresent(loop -> loop.recompute().forEach(e -> rules.clause(loop, e)));
    }
  }

  private void notAgain(Site site) {
    Einsum einsum = placement.einsum(site);
    TensorName output = einsum.output().tensor();
    Set<RankName> space = placement.facts.space(einsum);
    placement
        .loopsAround(site)
        .filter(loop -> !space.contains(loop.rank()))
        .filter(loop -> !loop.recompute().contains(output))
        .filter(
            loop ->
                !(loop.site().node() instanceof Node.Iterate
                    && Placement.isInLast(site, loop.rank())))
        .forEach(
            loop ->
                violations.add(
                    Violation.Reason.RECOMPUTED,
                    site,
                    "'%s' repeats it, but %s does not have %s"
                        .formatted(loop.site(), output, loop.rank()),
                    fix(loop, site, output)));
  }

  private String fix(Loop loop, Site compute, TensorName output) {
    boolean isForNone =
        loop.site().all().stream()
            .filter(site -> site.node() instanceof Node.Compute)
            .noneMatch(site -> placement.facts.space(placement.einsum(site)).contains(loop.rank()));
    String others =
        loop.site().between(compute).stream()
            .flatMap(site -> placement.loop(site).stream())
            .map(inner -> inner.rank().variable())
            .distinct()
            .collect(Collectors.joining(" or "));
    if (isForNone && !others.isEmpty()) {
      return "loop over " + others + " there, as nothing inside has " + loop.rank();
    }
    return mayHaveClause(loop, output)
        ? "move it out of that loop, or write recompute " + output + " there"
        : "move it out of that loop";
  }

  /** Whether the clause would be legal but for the place of keeps. */
  private boolean mayHaveClause(Loop loop, TensorName output) {
    boolean takesIt =
        switch (loop.site().node()) {
          case Node.For temporal -> !temporal.flow();
          case Node.Spatial _ -> true;
          case Node.Iterate _,
              Node.Pipeline _,
              Node.Last _,
              Node.Keep _,
              Node.Seq _,
              Node.Par _,
              Node.Stage _,
              Node.Interleave _,
              Node.Compute _ ->
              false;
        };
    return takesIt && everyTimeAlike(loop, output).isEmpty();
  }

  private void clause(Loop loop, TensorName output) {
    Einsum einsum = placement.facts.producer(output).orElseThrow();
    if (!Residence.isProducedIn(loop.site(), output)) {
      wrong(loop, output, "no compute of " + output + " is below", leaveOut(output));
    } else if (placement.facts.space(einsum).contains(loop.rank())) {
      wrong(
          loop,
          output,
          output + " has " + loop.rank() + ", so no iteration repeats it",
          leaveOut(output));
    } else {
      everyTimeAlike(loop, output).ifPresent(why -> wrong(loop, output, why, leaveOut(output)));
      if (loop.site().node() instanceof Node.For temporal && temporal.flow()) {
        wrong(
            loop,
            output,
            "the loop does not drain, so two productions of " + output + " would overlap",
            "leave out flow");
      }
      homes(loop, output);
    }
  }

  private static String leaveOut(TensorName output) {
    return "leave " + output + " out of recompute";
  }

  /** Why an iteration would produce something else than the one before, if so. */
  private Optional<String> everyTimeAlike(Loop loop, TensorName output) {
    if (placement.facts.livesAtTop(output)) {
      return Optional.of(
          output + " is an output and lives at the top level, where it is written once");
    }
    if (placement.facts.generations(output).isPresent()) {
      return Optional.of(output + " has generations, which would begin anew");
    }
    Set<RankName> space = placement.facts.space(placement.facts.producer(output).orElseThrow());
    return placement.problem.cascade().partitions().stream()
        .filter(split -> split.outer().equals(loop.rank()) && space.contains(split.inner()))
        .findFirst()
        .map(
            split ->
                "%s has %s, whose range changes with %s"
                    .formatted(output, split.inner(), split.outer()));
  }

  /** A keep around the loop would get the same tile again while it is still in use. */
  private void homes(Loop loop, TensorName output) {
    Site compute = placement.computes.get(output);
    placement.homes(compute, output).stream()
        .filter(home -> home.contains(loop.site()))
        .forEach(
            home ->
                violations.addAt(
                    Violation.Reason.RECOMPUTED,
                    home,
                    output,
                    "'%s' produces %s again and again in this one keep (expected a keep inside)"
                        .formatted(loop.site(), output),
                    "move the keep of " + output + " into that loop"));
  }

  private void wrong(Loop loop, TensorName output, String message, String fix) {
    violations.add(
        Violation.Reason.RECOMPUTED,
        loop.site(),
        new Violation.Subject.Word(output.text(), true),
        message,
        Optional.of(fix));
  }
}
