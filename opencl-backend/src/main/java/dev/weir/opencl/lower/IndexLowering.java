package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.List;

/** From indices to coordinates. */
final class IndexLowering {

  private final Facts facts;
  private final AccessLowering accesses;

  IndexLowering(Facts facts, AccessLowering accesses) {
    this.facts = facts;
    this.accesses = accesses;
  }

  Place place(Index index, Scope scope, NodePath where) {
    return switch (index) {
      case Index.Coordinate c -> {
        AffineForm form = single(c.rank(), scope, where);
        yield reached(form, scope.range(c.rank()).limits(), scope.range(c.rank()).hard());
      }
      case Index.Joined j -> joined(j, scope, where);
      case Index.Next n -> {
        AffineForm form = single(n.rank(), scope, where).plus(1);
        List<AffineForm> limits = scope.range(n.rank()).limits();
        yield reached(form, limits.stream().map(end -> end.plus(1)).toList(), List.of());
      }
      case Index.Last l -> Place.inside(AffineForm.of(facts.shape(l.rank())));
      case Index.Fixed f ->
          new Place.Affine(AffineForm.of(f.coordinate()), List.of(), List.of(), true);
      case Index.Affine a -> affine(a, scope, where);
      case Index.HeadMap h -> headMap(h, scope, where);
      case Index.Computed c ->
          new Place.Computed(
              Arithmetic.whole(quantity(c.quantity(), scope, where)), List.of(), true);
      case Index.Gathered g ->
          new Place.Computed(
              Arithmetic.whole(accesses.look(g.access(), scope, where)), List.of(), true);
    };
  }

  /**
   * A number, one a lane where a lane decides it: whole when coordinates, shapes and tables alone
   * decide it.
   */
  Value quantity(Quantity quantity, Scope scope, NodePath where) {
    return switch (quantity) {
      case Quantity.OfIndex(Index.Gathered g) -> accesses.look(g.access(), scope, where);
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
    List<AffineForm> tileEnds = new ArrayList<>();
    for (Index.Term term : index.terms()) {
      AffineForm form = single(term.rank(), scope, where);
      sum = sum.plus(form.times(term.coefficient()));
      Range range = scope.range(term.rank());
      tileEnds.addAll(form.hasLane() ? range.limits() : range.hard());
    }
    return new Place.Affine(sum, List.of(), tileEnds, true);
  }

  private Place headMap(Index.HeadMap index, Scope scope, NodePath where) {
    Value heads = single(index.rank(), scope, where).value(scope.lanes());
    Value scaled = Arithmetic.multiply(heads, new Value.Whole(facts.shape(index.target())));
    Value divisor = new Value.Whole(facts.shape(index.rank()));
    Value mapped = Arithmetic.infix(Value.Operator.DIVIDE, scaled, divisor);
    List<AffineForm> ends =
        scope.range(index.rank()).isLimited()
            ? List.of(AffineForm.of(facts.shape(index.target())))
            : List.of();
    return new Place.Computed(mapped, ends, false);
  }

  private static Place reached(AffineForm form, List<AffineForm> ends, List<AffineForm> hard) {
    return new Place.Affine(form, ends, form.hasLane() ? ends : hard, false);
  }

  /** A coordinate put together from its parts, with their ends. */
  private Place joined(Index.Joined index, Scope scope, NodePath where) {
    long inner = facts.shape(index.inner());
    AffineForm outer = single(index.outer(), scope, where).times(inner);
    AffineForm form = outer.plus(single(index.inner(), scope, where));
    Range outerRange = scope.range(index.outer());
    Range innerRange = scope.range(index.inner());
    return reached(
        form,
        ends(outer, innerRange.limits(), inner, outerRange.limits()),
        ends(outer, innerRange.hard(), inner, outerRange.hard()));
  }

  private static List<AffineForm> ends(
      AffineForm outer, List<AffineForm> ofInner, long inner, List<AffineForm> ofOuter) {
    List<AffineForm> ends = new ArrayList<>();
    ofInner.forEach(end -> ends.add(outer.plus(end)));
    ofOuter.forEach(end -> ends.add(end.times(inner)));
    return ends;
  }

  /** The one coordinate where a rank stands. */
  static AffineForm single(RankName rank, Scope scope, NodePath where) {
    Range range = scope.range(rank);
    if (!range.isSingle()) {
      throw new RefusedException(
          where,
          "rank " + rank + " still spans " + range.extent() + " coordinates here",
          "split it down with `for " + rank.variable() + " by 1` above");
    }
    return range.base();
  }
}
