package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.Value;
import java.util.stream.Stream;

/** From indices to coordinates. */
final class IndexLowering {

  private final Facts facts;
  private final AccessLowering accesses;

  IndexLowering(Facts facts, AccessLowering accesses) {
    this.facts = facts;
    this.accesses = accesses;
  }

  Place place(Index index, Scope scope, NodePath where) {
    boolean isLimited = isLimited(index.ranks(), scope);
    return switch (index) {
      case Index.Coordinate c -> new Place.Affine(single(c.rank(), scope, where), isLimited, false);
      case Index.Joined j -> {
        AffineForm outer = single(j.outer(), scope, where).times(facts.shape(j.inner()));
        yield new Place.Affine(outer.plus(single(j.inner(), scope, where)), isLimited, false);
      }
      case Index.Next n ->
          new Place.Affine(single(n.rank(), scope, where).plus(1), isLimited, false);
      case Index.Last l -> new Place.Affine(AffineForm.of(facts.shape(l.rank())), false, false);
      case Index.Fixed f -> new Place.Affine(AffineForm.of(f.coordinate()), false, true);
      case Index.Affine a -> affine(a, scope, where);
      case Index.HeadMap h -> headMap(h, isLimited, scope, where);
      case Index.Computed c ->
          new Place.Computed(Arithmetic.whole(quantity(c.quantity(), scope, where)), false, true);
      case Index.Gathered g ->
          new Place.Computed(
              Arithmetic.whole(accesses.load(g.access(), scope, where)), false, true);
    };
  }

  /**
   * A number, one a lane where a lane decides it: whole when coordinates, shapes and tables alone
   * decide it.
   */
  Value quantity(Quantity quantity, Scope scope, NodePath where) {
    return switch (quantity) {
      case Quantity.OfIndex(Index.Gathered g) -> accesses.load(g.access(), scope, where);
      case Quantity.OfIndex of -> place(of.index(), scope, where).value(scope.lanes());
      case Quantity.OfShape of -> new Value.Whole(facts.shape(of.rank()));
      case Quantity.OfNumber of -> new Value.Real(of.value());
      case Quantity.OfScalar of -> new Value.Real(facts.scalar(of.scalar()));
      case Quantity.Combined c ->
          Arithmetic.combined(
              c.operator(), quantity(c.left(), scope, where), quantity(c.right(), scope, where));
    };
  }

  private Place affine(Index.Affine index, Scope scope, NodePath where) {
    AffineForm sum = AffineForm.of(index.offset());
    for (Index.Term term : index.terms()) {
      sum = sum.plus(single(term.rank(), scope, where).times(term.coefficient()));
    }
    return new Place.Affine(sum, false, true);
  }

  private Place headMap(Index.HeadMap index, boolean isLimited, Scope scope, NodePath where) {
    Value heads = single(index.rank(), scope, where).value(scope.lanes());
    Value scaled = Arithmetic.multiply(heads, new Value.Whole(facts.shape(index.target())));
    Value divisor = new Value.Whole(facts.shape(index.rank()));
    Value mapped = Arithmetic.infix(Value.Operator.DIVIDE, scaled, divisor);
    return new Place.Computed(mapped, isLimited, false);
  }

  private static boolean isLimited(Stream<RankName> ranks, Scope scope) {
    return ranks.anyMatch(rank -> scope.range(rank).isLimited());
  }

  /** The one coordinate where a rank stands. */
  static AffineForm single(RankName rank, Scope scope, NodePath where) {
    Range range = scope.range(rank);
    if (!range.isSingle()) {
      throw new RefusedException(
          where,
          "rank "
              + rank
              + " still spans "
              + range.extent()
              + " coordinates here; split it down with `for "
              + rank.variable()
              + " by 1` above");
    }
    return range.base();
  }
}
