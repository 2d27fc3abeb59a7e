package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.Projection;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a tile holds of each rank (docs/schedule.md, section 2, "Tile"). */
final class TileRanges {

  private final KernelState state;
  private final Facts facts;

  TileRanges(KernelState state) {
    this.state = state;
    this.facts = state.facts();
  }

  /**
   * The range of a rank of a tensor.
   *
   * @param at position of the rank
   * @param out takes what must be worked out first
   */
  TileRange of(Tensor tensor, int at, Scope scope, NodePath where, List<Statement> out) {
    return switch (facts.projection(tensor.name()).parts().get(at)) {
      case Projection.Part.Generation _ -> new TileRange(Range.whole(1), true);
      case Projection.Part.Plain plain -> new TileRange(scope.range(plain.rank()), true);
      case Projection.Part.Joined joined ->
          new TileRange(joined(tensor, joined, scope, where), true);
      case Projection.Part.HeadMap map ->
          scope.range(map.rank()).base().hasLane()
              ? new TileRange(Range.whole(facts.shape(map.target())), false)
              : new TileRange(mapped(map, scope, out), true);
      case Projection.Part.Window window -> window(window, scope);
      case Projection.Part.Whole whole ->
          new TileRange(Range.whole(facts.shape(whole.own())), false);
    };
  }

  /** Whether the tile of each lane is its own along a rank. */
  boolean hasLane(Tensor tensor, int at, Scope scope) {
    Stream<RankName> ranks =
        switch (facts.projection(tensor.name()).parts().get(at)) {
          case Projection.Part.Generation _, Projection.Part.Whole _ -> Stream.empty();
          case Projection.Part.Plain plain -> Stream.of(plain.rank());
          case Projection.Part.Joined joined -> Stream.of(joined.outer(), joined.inner());
          case Projection.Part.HeadMap _ -> Stream.empty();
          case Projection.Part.Window window -> window.indices().stream().flatMap(Index::ranks);
        };
    return ranks.anyMatch(rank -> scope.range(rank).base().hasLane());
  }

  private Range joined(Tensor tensor, Projection.Part.Joined joined, Scope scope, NodePath where) {
    Range outer = scope.range(joined.outer());
    Range inner = scope.range(joined.inner());
    long innerShape = facts.shape(joined.inner());
    AffineForm origin = outer.base().times(innerShape);
    long parent = facts.shape(joined.parent());
    if (outer.isSingle()) {
      Range within =
          new Range(
              origin.plus(inner.base()),
              inner.extent(),
              inner.soft().stream().map(origin::plus).toList(),
              inner.hard().stream().map(origin::plus).toList());
      return parent % innerShape == 0 ? within : within.withSoft(AffineForm.of(parent));
    }
    if (inner.extent() != innerShape) {
      throw new RefusedException(
          where,
          tensor.name()
              + " is kept where "
              + joined.inner()
              + " is narrowed and "
              + joined.outer()
              + " is not",
          "loop over " + joined.outer() + " outside");
    }
    Range whole = new Range(origin, outer.extent() * innerShape, List.of(), List.of());
    return whole.withSoft(AffineForm.of(parent));
  }

  /** Heads of keys that a range of heads of queries shares. */
  private Range mapped(Projection.Part.HeadMap map, Scope scope, List<Statement> out) {
    Range heads = scope.range(map.rank());
    long target = facts.shape(map.target());
    long all = facts.shape(map.rank());
    Value first =
        Arithmetic.infix(
            Value.Operator.DIVIDE, heads.base().times(target).value(1), new Value.Whole(all));
    Value.Variable base = state.freshVariable(map.target().variable(), Type.INT);
    out.add(new Statement.Declare(base, first));
    long extent = Math.min(target, ((heads.extent() - 1) * target + all - 1) / all + 1);
    Range range = new Range(AffineForm.of(base), extent, List.of(), List.of());
    return range.withSoft(AffineForm.of(target));
  }

  /** From the least coordinate that an index reaches to the greatest; all if that is unknown. */
  private TileRange window(Projection.Part.Window window, Scope scope) {
    long shape = facts.shape(window.own());
    Optional<AffineForm> low = Optional.empty();
    long below = 0;
    long above = 0;
    for (Index.Affine index : window.indices()) {
      AffineForm least = AffineForm.of(index.offset());
      long reach = 0;
      for (Index.Term term : index.terms()) {
        Range range = scope.range(term.rank());
        long span = term.coefficient() * (range.extent() - 1);
        least = least.plus(range.base().times(term.coefficient())).plus(Math.min(0, span));
        reach += Math.abs(span);
      }
      AffineForm first = low.orElse(least);
      AffineForm apart = least.minus(first);
      if (!apart.terms().isEmpty()) {
        return new TileRange(Range.whole(shape), false);
      }
      low = Optional.of(first);
      below = Math.min(below, apart.constant());
      above = Math.max(above, apart.constant() + reach);
    }
    long extent = above - below + 1;
    if (extent >= shape) {
      return new TileRange(Range.whole(shape), false);
    }
    AffineForm base = low.orElseThrow().plus(below);
    return new TileRange(new Range(base, extent, List.of(), List.of()), true);
  }
}
