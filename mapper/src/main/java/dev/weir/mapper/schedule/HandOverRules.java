package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Keeps around the stages of a pipeline have room for all tiles that are under way. */
final class HandOverRules {

  private final Placement placement;
  private final Violations violations;

  private HandOverRules(Placement placement, Violations violations) {
    this.placement = placement;
    this.violations = violations;
  }

  static void check(Placement placement, Violations violations) {
    HandOverRules rules = new HandOverRules(placement, violations);
    for (Site site : placement.sites) {
      if (site.node() instanceof Node.Pipeline) {
        Stages.head(site).forEach(keep -> rules.head(site, keep));
        rules.keepsBetweenFlowLoops(site);
      }
    }
  }

  private void head(Site pipeline, Site site) {
    Node.Keep keep = (Node.Keep) site.node();
    long copies = placement.problem.value(keep.copies());
    for (TensorName tensor : keep.tensors()) {
      long needed = copiesNeeded(pipeline, usersBelow(site, tensor), tensor);
      if (copies < needed) {
        violations.addAt(
            Violation.Reason.HAND_OVER,
            site,
            tensor,
            "%s needs %d copies between its stages (got %d)".formatted(tensor, needed, copies),
            "write copies " + needed);
      }
    }
  }

  private List<Site> usersBelow(Site site, TensorName tensor) {
    return placement.users(tensor).stream().filter(site::contains).toList();
  }

  private long copiesNeeded(Site pipeline, List<Site> users, TensorName tensor) {
    Optional<Site> producer =
        Optional.ofNullable(placement.computes.get(tensor)).filter(users::contains);
    long needed = 1;
    for (Site user : users) {
      int reads = DependenceRules.stageIn(pipeline, user);
      if (producer.isEmpty()) {
        needed = Math.max(needed, 1L + reads - firstStage(pipeline, users));
        continue;
      }
      int writes = DependenceRules.stageIn(pipeline, producer.get());
      boolean consumerFirst =
          !(user.commonWith(producer.get()).node() instanceof Node.Par)
              && user.precedes(producer.get());
      needed = Math.max(needed, (long) reads - writes + (consumerFirst ? 0 : 1));
    }
    return needed;
  }

  private static int firstStage(Site pipeline, List<Site> users) {
    return users.stream().mapToInt(user -> DependenceRules.stageIn(pipeline, user)).min().orElse(0);
  }

  private static int lastStage(Site pipeline, List<Site> users) {
    return users.stream().mapToInt(user -> DependenceRules.stageIn(pipeline, user)).max().orElse(0);
  }

  /** They are entered for the next outer step while late stages still work on the one before. */
  private void keepsBetweenFlowLoops(Site pipeline) {
    List<Site> flows = Stages.flowAround(pipeline);
    for (Site site : pipeline.ancestors().toList()) {
      List<Site> outer =
          flows.stream().filter(flow -> flow.contains(site) && flow != site).toList();
      boolean isEnteredAgain =
          outer.stream().anyMatch(f -> placement.mostTiles(placement.loop(f).orElseThrow()) > 1);
      if (site.node() instanceof Node.Keep keep && isEnteredAgain) {
        if (keep.doubleBuffered()) {
          doubled(pipeline, site, keep);
        } else {
          keep.tensors().forEach(tensor -> single(pipeline, site, tensor));
        }
      }
    }
  }

  /** Its two tiles are those of two outer steps: the one before the last must have been left. */
  private void doubled(Site pipeline, Site site, Node.Keep keep) {
    List<Site> users =
        keep.tensors().stream().flatMap(tensor -> usersBelow(site, tensor).stream()).toList();
    int first = firstStage(pipeline, users);
    int last = lastStage(pipeline, users);
    long tiles = placement.tilesBelow(site, pipeline);
    if (tiles < last - first) {
      violations.add(
          Violation.Reason.HAND_OVER,
          site,
          "stages %d to %d use %s, but the fewest tiles of an outer step are %d (expected at least %d)"
              .formatted(first, last, list(keep.tensors()), tiles, last - first),
          longEnoughSteps(pipeline, site, keep, last - first));
    }
  }

  /** Ways to more tiles an outer step; smaller tiles only where they make enough of them. */
  private String longEnoughSteps(Site pipeline, Site site, Node.Keep keep, long needed) {
    List<String> ways = new ArrayList<>();
    if (keep.tensors().size() > 1) {
      ways.add("keep what one stage uses apart from the rest");
    }
    Loop loop = placement.loop(pipeline).orElseThrow();
    long largest = largestTile(loop, site, needed);
    if (largest > 0) {
      ways.add("use tiles of at most %d in '%s'".formatted(largest, pipeline));
    }
    ways.add("leave out flow");
    return String.join(", or ", ways);
  }

  /** The largest tile of a pipeline that makes enough tiles an outer step; 0 if none does. */
  private long largestTile(Loop pipeline, Site around, long needed) {
    long enough = 0;
    long tooLarge = Math.min(pipeline.tile(), placement.problem.shapes().of(pipeline.rank()));
    while (tooLarge - enough > 1) {
      long middle = (enough + tooLarge) / 2;
      if (tilesWith(middle, around, pipeline) >= needed) {
        enough = middle;
      } else {
        tooLarge = middle;
      }
    }
    return enough;
  }

  private long tilesWith(long tile, Site around, Loop pipeline) {
    long others = placement.tilesBelow(around, pipeline.site()) / placement.fewestTiles(pipeline);
    return others * placement.fewestTiles(new Loop(pipeline.site(), pipeline.rank(), tile));
  }

  private static String list(List<TensorName> tensors) {
    return tensors.stream().map(TensorName::toString).collect(Collectors.joining(", "));
  }

  private void single(Site pipeline, Site site, TensorName tensor) {
    List<Site> users = usersBelow(site, tensor);
    int last = lastStage(pipeline, users);
    if (last == 0) {
      return;
    }
    int span = last - firstStage(pipeline, users);
    long tiles = placement.fewestTiles(placement.loop(pipeline).orElseThrow());
    boolean isReplacedTileByTile =
        placement.facts.projection(tensor).isCutBy(((Node.Pipeline) pipeline.node()).rank());
    if (!isReplacedTileByTile || tiles <= span) {
      violations.addAt(
          Violation.Reason.HAND_OVER,
          site,
          tensor,
          isReplacedTileByTile
              ? "the tiles of %s in stages %d to %d need more than %d tiles an outer step (got %d)"
                  .formatted(tensor, last - span, last, span, tiles)
              : "stage %d still uses %s of the outer step before".formatted(last, tensor),
          "write double");
    }
  }
}
