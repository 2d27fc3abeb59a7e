package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Every tensor has a home, in the instance where it is used. */
final class HomeRules {

  private final Placement placement;
  private final Violations violations;

  private HomeRules(Placement placement, Violations violations) {
    this.placement = placement;
    this.violations = violations;
  }

  static void check(Placement placement, Violations violations) {
    HomeRules rules = new HomeRules(placement, violations);
    for (Einsum einsum : placement.facts.placed()) {
      if (!placement.facts.livesAtTop(einsum.output().tensor())) {
        rules.lives(einsum);
      }
    }
    for (Site site : placement.sites) {
      if (site.node() instanceof Node.Keep keep) {
        rules.aroundKeep(site, keep);
        keep.tensors().forEach(tensor -> rules.belowKeep(site, keep, tensor));
      }
    }
  }

  private void lives(Einsum einsum) {
    TensorName tensor = einsum.output().tensor();
    Site producer = placement.computes.get(tensor);
    List<Site> users =
        Stream.concat(placement.users(tensor).stream(), placement.beginners(tensor).stream())
            .toList();
    List<Site> homes = placement.homes(producer, tensor);
    if (homes.isEmpty() || !users.stream().allMatch(homes.getLast()::contains)) {
      violations.add(
          Violation.Reason.NOWHERE_TO_LIVE,
          producer,
          "no keep of " + tensor + " is around " + String.join(" and ", texts(users)),
          missingKeep(tensor, einsum, users));
      return;
    }
    Set<RankName> reduced = placement.facts.reduced(einsum);
    placement
        .loopsAround(homes.getLast())
        .filter(loop -> reduced.contains(loop.rank()))
        .filter(loop -> placement.mostTiles(loop) > 1)
        .forEach(
            loop ->
                violations.add(
                    Violation.Reason.NOWHERE_TO_LIVE,
                    homes.getLast(),
                    "'"
                        + loop.site()
                        + "' cuts the reduction of "
                        + tensor
                        + ", and no other keep takes the unfinished sums",
                    "move the keep of " + tensor + " out of that loop"));
  }

  /**
   * The innermost place of a keep that has all users inside, the loops that cut the sum, and the
   * iteration over generations. A seq has no text of its own: there the keep stands first in what
   * is around it.
   */
  private String missingKeep(TensorName tensor, Einsum einsum, List<Site> users) {
    Set<RankName> cutting = new HashSet<>(placement.facts.reduced(einsum));
    placement.facts.generations(tensor).ifPresent(cutting::add);
    Site common = common(users);
    Site inside =
        Stream.concat(Stream.of(common), common.ancestors())
            .filter(
                site -> placement.loop(site).filter(l -> cutting.contains(l.rank())).isPresent())
            .reduce((_, outer) -> outer)
            .orElse(common);
    String keep = "keep " + tensor + " at " + levelBeside(inside);
    if (!(inside.node() instanceof Node.Seq)) {
      return "add " + keep + " around '" + inside + "'";
    }
    return inside
        .parent()
        .map(parent -> "add " + keep + " as the first thing inside '" + parent + "'")
        .orElse("add " + keep + " as the first thing of the schedule");
  }

  /** Where the keeps around have their tiles, the innermost first; else the top level. */
  private LevelName levelBeside(Site site) {
    return Stream.concat(Stream.of(site), site.ancestors())
        .flatMap(s -> s.node() instanceof Node.Keep keep ? Stream.of(keep.level()) : Stream.of())
        .findFirst()
        .orElse(placement.problem.architecture().top().name());
  }

  private static List<String> texts(List<Site> sites) {
    return sites.stream().map(site -> "'" + site + "'").toList();
  }

  private static Site common(List<Site> sites) {
    return sites.stream().reduce(Site::commonWith).orElseThrow();
  }

  private void aroundKeep(Site site, Node.Keep keep) {
    MemoryLevel level = placement.residence.level(keep);
    for (Loop loop : placement.loopsAround(site).filter(l -> l.spatial().isPresent()).toList()) {
      if (!placement.residence.selects(loop, level)) {
        violations.add(
            Violation.Reason.WRONG_INSTANCE,
            site,
            "'"
                + loop.site()
                + "' is around it, but "
                + level.name()
                + " has one instance along "
                + loop.spatial().orElseThrow().axis(),
            "put the keep outside that loop");
      }
      for (TensorName tensor : keep.tensors()) {
        boolean reduces =
            placement
                .facts
                .producer(tensor)
                .filter(e -> placement.facts.reduced(e).contains(loop.rank()))
                .isPresent();
        if (reduces && Residence.isProducedIn(site, tensor)) {
          violations.add(
              Violation.Reason.WRONG_INSTANCE,
              site,
              "'"
                  + loop.site()
                  + "' is around it, so the sums of "
                  + tensor
                  + " would end in different instances",
              "put the keep outside that loop");
        }
      }
    }
  }

  private void belowKeep(Site site, Node.Keep keep, TensorName tensor) {
    MemoryLevel level = placement.residence.level(keep);
    List<Site> uses = placement.residence.uses(site, tensor);
    for (Site use : uses) {
      for (Loop loop : placement.residence.selecting(site, use, level)) {
        if (!placement.facts.has(tensor, loop.rank())) {
          violations.add(
              Violation.Reason.WRONG_INSTANCE,
              loop.site(),
              tensor
                  + " lies in one instance of "
                  + level.name()
                  + ", as it does not have "
                  + loop.rank()
                  + ", but this loop reaches for several",
              "keep " + tensor + " inside this loop or at another level");
        } else if (placement.facts.projection(tensor).isMappedBy(loop.rank())) {
          violations.add(
              Violation.Reason.WRONG_INSTANCE,
              loop.site(),
              "%s is read through %s of %s, so several instances of %s would share its words"
                  .formatted(
                      tensor,
                      placement.facts.projection(tensor).through(),
                      loop.rank(),
                      level.name()),
              "keep " + tensor + " inside this loop or at another level");
        }
      }
    }
    Optional<Site> reference =
        uses.stream()
            .filter(use -> produces(use, tensor))
            .findFirst()
            .or(() -> uses.stream().findFirst());
    for (Site use : uses) {
      String expected = mapping(site, reference.orElseThrow(), level);
      String got = mapping(site, use, level);
      if (!got.equals(expected)) {
        violations.add(
            Violation.Reason.MAPPED_DIFFERENTLY,
            use,
            "%s at %s is mapped by %s (expected %s, as for '%s')"
                .formatted(tensor, level.name(), got, expected, reference.orElseThrow()),
            "use the same loops over these ranks, or keep " + tensor + " at another level");
      }
    }
    boolean hasSource =
        placement.facts.livesAtTop(tensor)
            || Residence.isProducedIn(site, tensor)
            || !placement.homes(site, tensor).isEmpty();
    if (!hasSource && placement.facts.generations(tensor).isEmpty()) {
      violations.add(
          Violation.Reason.NOWHERE_TO_LIVE,
          site,
          tensor + " is not produced inside, and no keep around it has it",
          "keep " + tensor + " around its producer and this keep");
    }
  }

  private boolean produces(Site use, TensorName tensor) {
    return switch (use.node()) {
      case Node.Compute compute -> compute.einsum().equals(tensor);
      case Node.Keep _ -> Residence.isProducedIn(use, tensor);
      case Node.For _,
          Node.Spatial _,
          Node.Iterate _,
          Node.Last _,
          Node.Seq _,
          Node.Par _,
          Node.Pipeline _,
          Node.Stage _,
          Node.Interleave _ ->
          false;
    };
  }

  /** The loops that decide in which instance a word lies, as text: rank by rank, tile by tile. */
  private String mapping(Site keep, Site use, MemoryLevel level) {
    List<Loop> selecting = placement.residence.selecting(keep, use, level);
    Map<RankName, String> byRank = new TreeMap<>();
    for (Loop last : selecting) {
      List<String> steps = new ArrayList<>();
      for (Loop loop : placement.residence.loops(keep, use)) {
        if (!loop.rank().equals(last.rank())) {
          continue;
        }
        if (placement.residence.selects(loop, level)) {
          steps.add("tiles of " + loop.tile() + " on " + axisOf(loop, level));
        } else if (placement.mostTiles(loop) > 1 && isAround(loop, last)) {
          steps.add("tiles of " + loop.tile() + " in turn");
        }
      }
      byRank.put(last.rank(), last.rank().variable() + ": " + String.join(", ", steps));
    }
    return byRank.isEmpty() ? "no loop" : String.join("; ", byRank.values());
  }

  private static boolean isAround(Loop outer, Loop inner) {
    return outer.site().contains(inner.site());
  }

  /** The axis of the level itself, where the loop's axis is only linked to it. */
  private AxisName axisOf(Loop loop, MemoryLevel level) {
    AxisName axis = loop.spatial().orElseThrow().axis();
    if (level.instanceAxes().contains(axis)) {
      return axis;
    }
    return placement.problem.architecture().links().stream()
        .filter(link -> link.from().equals(axis) && level.instanceAxes().contains(link.to()))
        .map(Architecture.Link::to)
        .findFirst()
        .orElseThrow();
  }
}
