package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.TensorName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A tensor in the room of another takes words of it that nobody needs any more, one by one. */
final class InPlaceRules {

  private final Placement placement;
  private final Violations violations;

  private InPlaceRules(Placement placement, Violations violations) {
    this.placement = placement;
    this.violations = violations;
  }

  static void check(Placement placement, Violations violations) {
    InPlaceRules rules = new InPlaceRules(placement, violations);
    for (Site site : placement.sites) {
      if (site.node() instanceof Node.Keep keep) {
        keep.inPlaceOf().ifPresent(old -> rules.keep(site, keep, old));
      }
    }
  }

  private void wrong(Site site, TensorName word, String message, String fix) {
    violations.add(
        Violation.Reason.IN_PLACE,
        site,
        new Violation.Subject.Word(word.text(), true),
        message,
        Optional.of(fix));
  }

  private static String leaveOut(TensorName old) {
    return "leave out in place of " + old;
  }

  private void keep(Site site, Node.Keep keep, TensorName old) {
    TensorName tensor = keep.tensors().getFirst();
    if (keep.tensors().size() > 1) {
      wrong(
          site,
          old,
          "one tensor takes the room of another (got %d tensors, expected 1)"
              .formatted(keep.tensors().size()),
          "give each a keep of its own");
      return;
    }
    if (isInHead(site)) {
      wrong(
          site,
          old,
          "a pipeline's head hands tiles over, so each has room of its own",
          leaveOut(old));
      return;
    }
    Site producer = placement.computes.get(tensor);
    if (producer == null || !site.contains(producer) || homeOf(producer, tensor) != site) {
      wrong(
          site, old, "%s is not produced directly into this keep".formatted(tensor), leaveOut(old));
      return;
    }
    Optional<Site> room = placement.homes(producer, old).stream().findFirst();
    if (room.isEmpty() || !isSameRoom(site, room.get())) {
      wrong(
          site,
          old,
          "%s takes %s's room at %s, but '%s' finds %s %s"
              .formatted(
                  tensor,
                  old,
                  keep.level(),
                  producer,
                  old,
                  room.map(home -> "by '" + home + "'").orElse("at the top level")),
          room.map(home -> otherRoom(site, tensor, old, home))
              .orElse("keep %s at %s around this keep".formatted(old, keep.level())));
      return;
    }
    beginners(site, old);
    rooms(site, keep, room.get(), old);
    pointwise(site, tensor, old, producer);
    if (isWrittenBack(room.get(), old)) {
      wrong(
          site,
          old,
          "'%s' writes %s back when it ends, so its words are still needed"
              .formatted(room.get(), old),
          leaveOut(old));
    }
    for (Site use : placement.residence.uses(room.get(), old)) {
      lateReads(site, old, producer, use);
    }
  }

  /** A room around can be shared at its own level, one inside this keep not at all. */
  private static String otherRoom(Site site, TensorName tensor, TensorName old, Site room) {
    return room.contains(site)
        ? "keep %s at %s, or %s".formatted(tensor, ((Node.Keep) room.node()).level(), leaveOut(old))
        : leaveOut(old);
  }

  private void beginners(Site site, TensorName old) {
    placement
        .beginners(old)
        .forEach(
            beginner ->
                wrong(
                    site,
                    old,
                    "'%s' reads a generation 0 from %s".formatted(beginner, old),
                    leaveOut(old)));
  }

  private boolean isInHead(Site site) {
    return placement.sites.stream()
        .filter(s -> s.node() instanceof Node.Pipeline)
        .anyMatch(pipeline -> Stages.head(pipeline).contains(site));
  }

  private Site homeOf(Site compute, TensorName tensor) {
    return placement.homes(compute, tensor).stream().findFirst().orElse(compute);
  }

  /** Around the keep, or in it with nothing but keeps between, which is the same block. */
  private static boolean isSameRoom(Site site, Site room) {
    boolean sameBlock =
        site.contains(room)
            && site.between(room).stream().allMatch(s -> s.node() instanceof Node.Keep);
    return ((Node.Keep) room.node()).level().equals(((Node.Keep) site.node()).level())
        && room != site
        && (room.contains(site) || sameBlock);
  }

  private void rooms(Site site, Node.Keep keep, Site room, TensorName old) {
    TensorName tensor = keep.tensors().getFirst();
    if (isMany(keep) || isMany((Node.Keep) room.node())) {
      wrong(
          site,
          old,
          "rooms for several tiles are not shared (got copies or double, expected one tile of %s and %s)"
              .formatted(tensor, old),
          "leave out copies and double in both keeps");
    }
    if (placement.facts.generations(tensor).isPresent()
        || placement.facts.generations(old).isPresent()) {
      wrong(site, old, "rooms of generations are not shared", leaveOut(old));
      return;
    }
    long needed = placement.residence.tileWords(tensor, placement.firstRanges(site));
    long got = placement.residence.tileWords(old, placement.firstRanges(room));
    boolean alike =
        placement.facts.projection(tensor).parts().equals(placement.facts.projection(old).parts())
            && placement.facts.projection(old).whole().findAny().isEmpty();
    if (!alike) {
      wrong(
          site,
          old,
          "%s and %s do not follow the same ranks in the same order".formatted(tensor, old),
          leaveOut(old));
    } else if (needed != got) {
      wrong(
          site,
          old,
          "the tiles differ (got %s %d words, expected the %d of %s)"
              .formatted(tensor, needed, got, old),
          "keep " + tensor + " directly inside the keep of " + old);
    }
  }

  private boolean isMany(Node.Keep keep) {
    return keep.doubleBuffered() || placement.problem.value(keep.copies()) > 1;
  }

  /** Each word is read for the last time by the point that writes over it. */
  private void pointwise(Site site, TensorName tensor, TensorName old, Site producer) {
    Einsum einsum = placement.einsum(producer);
    List<Access> reads =
        einsum.value().reads().filter(access -> access.tensor().equals(old)).toList();
    boolean samePoint =
        !reads.isEmpty()
            && reads.stream()
                .allMatch(access -> access.indices().equals(einsum.output().indices()));
    if (!samePoint) {
      wrong(
          site,
          old,
          "%s does not read %s at the point that it writes, with the same indices in the same order"
              .formatted(tensor, old),
          leaveOut(old));
    } else if (!placement.facts.reduced(einsum).isEmpty()) {
      wrong(
          site,
          old,
          "%s reduces, so its first contribution would destroy what the others read"
              .formatted(tensor),
          leaveOut(old));
    } else if (einsum.condition().isPresent()) {
      wrong(
          site,
          old,
          "%s has a condition, and where it fails the words of %s would stay"
              .formatted(tensor, old),
          leaveOut(old));
    }
  }

  private boolean isWrittenBack(Site room, TensorName old) {
    boolean hasNext = placement.facts.livesAtTop(old) || !placement.homes(room, old).isEmpty();
    return hasNext && Residence.isProducedIn(room, old);
  }

  /** No use of the old tensor comes after the write of the same element. */
  private void lateReads(Site site, TensorName old, Site producer, Site use) {
    Site common = use.commonWith(producer);
    Optional<Loop> repeating =
        Stream.concat(Stream.of(common), common.ancestors())
            .takeWhile(s -> !Placement.names(s, old))
            .flatMap(s -> placement.loop(s).stream())
            .filter(loop -> !placement.facts.has(old, loop.rank()))
            .filter(loop -> placement.mostTiles(loop) > 1)
            .findFirst();
    if (repeating.isPresent()) {
      wrong(
          site,
          old,
          "'%s' reads %s again in the next iteration of '%s'"
              .formatted(use, old, repeating.get().site()),
          leaveOut(old));
      return;
    }
    int stages =
        DependenceRules.pipelineOf(use, producer)
            .map(
                pipeline ->
                    DependenceRules.stageIn(pipeline, use)
                        - DependenceRules.stageIn(pipeline, producer))
            .orElse(0);
    boolean isLate =
        common.node() instanceof Node.Par
            || stages > 0
            || (stages == 0 && use != producer && producer.precedes(use));
    if (isLate) {
      wrong(
          site,
          old,
          "'%s' needs %s after '%s' has written over it".formatted(use, old, producer),
          "put '%s' before it".formatted(use));
    }
  }
}
