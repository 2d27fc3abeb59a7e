package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import java.util.Optional;
import java.util.Set;

/**
 * What the four kinds of loops have in common.
 *
 * @param site where it stands
 * @param rank the rank that it splits
 * @param tile elements of a tile
 */
public record Loop(Site site, RankName rank, long tile) {

  /** The loop that this site is, if it is one. */
  public static Optional<Loop> at(Site site, Problem problem) {
    return switch (site.node()) {
      case Node.For loop -> Optional.of(new Loop(site, loop.rank(), problem.value(loop.tile())));
      case Node.Spatial loop ->
          Optional.of(new Loop(site, loop.rank(), problem.value(loop.tile())));
      case Node.Iterate loop -> Optional.of(new Loop(site, loop.rank(), 1));
      case Node.Pipeline loop ->
          Optional.of(new Loop(site, loop.rank(), problem.value(loop.tile())));
      case Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Stage _,
          Node.Interleave _,
          Node.Compute _ ->
          Optional.empty();
    };
  }

  /** Einsums that it says to produce again in each of its iterations. */
  public Set<TensorName> recompute() {
    return switch (site.node()) {
      case Node.For loop -> loop.recompute();
      case Node.Spatial loop -> loop.recompute();
      case Node.Iterate _,
          Node.Pipeline _,
          Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Stage _,
          Node.Interleave _,
          Node.Compute _ ->
          Set.of();
    };
  }

  /** The spatial loop that it is, if it is one. */
  public Optional<Node.Spatial> spatial() {
    return site.node() instanceof Node.Spatial loop ? Optional.of(loop) : Optional.empty();
  }
}
