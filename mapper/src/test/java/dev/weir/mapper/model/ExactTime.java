package dev.weir.mapper.model;

import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.schedule.CascadeFacts;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Projection;

/** Of which problems the model's latency is exact, and not only a lower bound. */
public final class ExactTime {

  private final Problem problem;
  private final CascadeFacts facts;
  private final boolean takesTimeToMove;

  private ExactTime(Problem problem) {
    this.problem = problem;
    this.facts = new CascadeFacts(problem.cascade());
    this.takesTimeToMove =
        problem.architecture().levels().stream().anyMatch(l -> l.bandwidth().isPresent());
  }

  /** Whether the cycles of a problem are those of all iterations. */
  public static boolean of(Problem problem) {
    boolean isMapped =
        Projection.all(problem.cascade()).values().stream().anyMatch(Projection::isMapped);
    return !isMapped && new ExactTime(problem).of(problem.schedule().root(), false, false);
  }

  /**
   * Whether positions and sizes decide the time of a node.
   *
   * @param skipped whether a loop around it skips
   * @param apart whether it is in a pipeline, or instances around it may visit different iterations
   */
  private boolean of(Node node, boolean skipped, boolean apart) {
    boolean isNest = isNest(node);
    boolean skips = WalkedVisits.skips(node);
    boolean fills = node instanceof Node.Spatial spatial && fillsAsUsed(spatial);
    if ((skips && apart)
        || (skipped && takesTimeToMove && node instanceof Node.Keep keep && !isPlain(keep))
        || (skipped && isNest && fills)) {
      return false;
    }
    boolean parts = node instanceof Node.Pipeline || (node instanceof Node.Spatial && !isNest);
    return node.children().stream().allMatch(child -> of(child, skipped || skips, apart || parts));
  }

  private boolean fillsAsUsed(Node.Spatial loop) {
    Axis axis = problem.architecture().axis(loop.axis()).orElseThrow();
    return axis.fill() == Axis.Fill.USED || axis.fill() == Axis.Fill.SKEWED;
  }

  private static boolean isNest(Node node) {
    return switch (node) {
      case Node.For loop -> isNest(loop.body());
      case Node.Spatial loop -> isNest(loop.body());
      case Node.Compute _ -> true;
      case Node.Iterate _, Node.Last _, Node.Keep _, Node.Seq _, Node.Par _ -> false;
      case Node.Pipeline _, Node.Stage _, Node.Interleave _ -> false;
    };
  }

  /** Nothing of it overlaps with the work, and no sums come back to it. */
  private boolean isPlain(Node.Keep keep) {
    return !keep.doubleBuffered()
        && keep.tensors().stream()
            .filter(tensor -> Walk.isProducedIn(keep, tensor))
            .flatMap(tensor -> facts.producer(tensor).stream())
            .allMatch(einsum -> einsum.reducedRanks().isEmpty());
  }
}
