package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Sums that go on from tile to tile of a pipeline leave a keep among its loops before they come
 * back to it, and a keep inside it has stored them before.
 */
final class PipelineSumRules {

  /**
   * A keep between the outermost flow loop of a pipeline and its stages.
   *
   * @param around loops of the pipeline that have it entered again
   * @param first stage that it is entered for
   * @param last stage after which it is left
   */
  private record ChainedKeep(Site site, List<Loop> around, int first, int last) {

    boolean produces(TensorName tensor) {
      return Placement.names(site, tensor) && Residence.isProducedIn(site, tensor);
    }
  }

  private final Placement placement;
  private final Violations violations;

  private PipelineSumRules(Placement placement, Violations violations) {
    this.placement = placement;
    this.violations = violations;
  }

  static void check(Placement placement, Violations violations) {
    PipelineSumRules rules = new PipelineSumRules(placement, violations);
    for (Site site : placement.sites) {
      if (site.node() instanceof Node.Pipeline) {
        List<ChainedKeep> keeps = rules.keeps(site);
        for (Einsum einsum : placement.facts.placed()) {
          boolean leaves = placement.facts.generations(name(einsum)).isEmpty();
          rules.check(
              einsum,
              keeps.stream().filter(keep -> leaves && keep.produces(name(einsum))).toList());
        }
      }
    }
  }

  private static TensorName name(Einsum einsum) {
    return einsum.output().tensor();
  }

  private List<ChainedKeep> keeps(Site pipeline) {
    List<Site> flows = Stages.flowAround(pipeline);
    List<ChainedKeep> keeps = new ArrayList<>();
    if (!flows.isEmpty()) {
      flows.getFirst().between(pipeline).stream()
          .filter(site -> site.node() instanceof Node.Keep)
          .forEach(
              site ->
                  keeps.add(
                      keep(pipeline, site, flows.stream().filter(f -> f.contains(site)).toList())));
    }
    List<Site> all = new ArrayList<>(flows);
    all.add(pipeline);
    Stages.head(pipeline).forEach(site -> keeps.add(keep(pipeline, site, all)));
    return keeps;
  }

  private ChainedKeep keep(Site pipeline, Site site, List<Site> loops) {
    Node.Keep keep = (Node.Keep) site.node();
    List<Integer> stages =
        keep.tensors().stream()
            .flatMap(tensor -> placement.users(tensor).stream())
            .filter(site::contains)
            .map(user -> DependenceRules.stageIn(pipeline, user))
            .sorted()
            .toList();
    boolean waits = keep.doubleBuffered() || loops.contains(pipeline);
    return new ChainedKeep(
        site,
        loops.stream().flatMap(loop -> placement.loop(loop).stream()).toList(),
        stages.isEmpty() || !waits ? 0 : stages.getFirst(),
        stages.isEmpty() ? 0 : stages.getLast());
  }

  /**
   * Checks the keeps of one tensor.
   *
   * @param keeps those that contain its producer, outermost first
   */
  private void check(Einsum einsum, List<ChainedKeep> keeps) {
    for (int i = 0; i < keeps.size(); i++) {
      comesBackTooEarly(einsum, keeps.get(i));
      if (i > 0 && keeps.get(i - 1).last() < keeps.get(i).last()) {
        violations.addAt(
            Violation.Reason.HAND_OVER,
            keeps.get(i - 1).site(),
            name(einsum),
            "it is left after stage %d, but '%s' stores %s to it after stage %d"
                .formatted(
                    keeps.get(i - 1).last(),
                    keeps.get(i).site(),
                    name(einsum),
                    keeps.get(i).last()),
            "keep " + name(einsum) + " apart from what later stages use");
      }
    }
  }

  private void comesBackTooEarly(Einsum einsum, ChainedKeep keep) {
    Set<RankName> reduced = placement.facts.reduced(einsum);
    boolean goesOn =
        keep.around().stream()
            .anyMatch(loop -> reduced.contains(loop.rank()) && placement.mostTiles(loop) > 1);
    if (goesOn && keep.first() < keep.last()) {
      violations.addAt(
          Violation.Reason.HAND_OVER,
          keep.site(),
          name(einsum),
          "the sums of %s would come back for stage %d before they have left after stage %d"
              .formatted(name(einsum), keep.first(), keep.last()),
          isShared(keep)
              ? "keep " + name(einsum) + " apart from what other stages use"
              : "write double");
    }
  }

  private static boolean isShared(ChainedKeep keep) {
    Node.Keep node = (Node.Keep) keep.site().node();
    return node.tensors().size() > 1;
  }
}
