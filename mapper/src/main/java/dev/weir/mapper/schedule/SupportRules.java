package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Stop;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.stream.Stream;

/** What the readers of schedules cannot do yet is refused, never guessed. */
final class SupportRules {

  /** In each other, which the cost model tells apart. */
  private static final int MOST_LOOPS = 64;

  private final Placement placement;
  private final Violations violations;

  private SupportRules(Placement placement, Violations violations) {
    this.placement = placement;
    this.violations = violations;
  }

  static void check(Placement placement, Violations violations) {
    SupportRules rules = new SupportRules(placement, violations);
    for (Partition split : placement.problem.cascade().partitions()) {
      rules.partition(split);
    }
    for (Tensor tensor : placement.problem.cascade().tensors()) {
      rules.tensor(tensor);
    }
    for (Stop stop : placement.problem.cascade().stops()) {
      rules.refuse(
          placement.root,
          "how many steps %s takes depends on values (got a stop, expected all of them)"
              .formatted(stop.rank().variable()));
    }
    rules.loops();
    for (Site site : placement.sites) {
      if (site.node() instanceof Node.Keep keep) {
        keep.tensors().forEach(tensor -> rules.whole(site, tensor));
      }
      if (site.node() instanceof Node.Compute) {
        rules.compute(site, placement.einsum(site));
      }
    }
  }

  private void refuse(Site site, String message) {
    violations.add(Violation.Reason.NOT_SUPPORTED_YET, site, message);
  }

  private void loops() {
    long loops =
        placement.sites.stream()
            .mapToLong(
                site ->
                    Stream.concat(Stream.of(site), site.ancestors())
                        .filter(SupportRules::isLoopAroundNests)
                        .count())
            .max()
            .orElse(0);
    if (loops > MOST_LOOPS) {
      refuse(
          placement.root,
          "it has %d loops around keeps and blocks in each other (expected at most %d)"
              .formatted(loops, MOST_LOOPS));
    }
  }

  private static boolean isLoopAroundNests(Site site) {
    return switch (site.node()) {
      case Node.Iterate _, Node.Pipeline _ -> true;
      case Node.For _, Node.Spatial _ -> !isNest(site);
      case Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Stage _,
          Node.Interleave _,
          Node.Compute _ ->
          false;
    };
  }

  private static boolean isNest(Site site) {
    return switch (site.node()) {
      case Node.Compute _ -> true;
      case Node.For _, Node.Spatial _ -> isNest(site.body());
      case Node.Iterate _,
          Node.Pipeline _,
          Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Stage _,
          Node.Interleave _ ->
          false;
    };
  }

  private void partition(Partition split) {
    boolean nested =
        placement.problem.cascade().partitions().stream()
            .map(Partition::parent)
            .anyMatch(parent -> parent.equals(split.outer()) || parent.equals(split.inner()));
    if (nested) {
      refuse(placement.root, "a part of rank " + split.parent() + " is partitioned again");
    }
  }

  private void tensor(Tensor tensor) {
    TensorName name = tensor.name();
    if (tensor.generations().isPresent() && tensor.role() != Tensor.Role.INTERMEDIATE) {
      refuse(placement.root, name + " has generations and is no intermediate");
    }
  }

  private void compute(Site site, Einsum einsum) {
    for (RankName rank : placement.facts.space(einsum)) {
      if (placement.firstRanges(site).found(rank).isEmpty()) {
        refuse(site, "it goes over the partitioned rank " + rank + " as a whole");
      }
    }
    for (Access access : einsum.reads()) {
      if (placement.facts.generationIndices(einsum, access.tensor()).stream()
          .anyMatch(Index.Fixed.class::isInstance)) {
        refuse(site, access.tensor() + " is read at a generation that is fixed");
      }
    }
  }

  /** A keep holds all that an index may ask for: no loop around it takes a part of that. */
  private void whole(Site keep, TensorName tensor) {
    for (Loop loop : placement.loopsAround(keep).toList()) {
      placement
          .facts
          .projection(tensor)
          .whole()
          .filter(part -> Projection.isOfOne(loop.rank(), part.own(), placement.problem.cascade()))
          .forEach(
              part ->
                  violations.add(
                      Violation.Reason.NOT_SUPPORTED_YET,
                      keep,
                      "%s is used through %s along %s and kept inside '%s', so that its tile would lack what that may ask for"
                          .formatted(tensor, part.through(), part.own(), loop.site()),
                      "put the keep outside that loop"));
    }
  }
}
