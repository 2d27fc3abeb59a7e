package dev.weir.einsum.ir;

import java.util.List;
import java.util.stream.Stream;

/** Coordinate of one rank of a tensor, as an expression over rank variables. */
public sealed interface Index {

  /** The rank variable itself: {@code m}. */
  record Coordinate(RankName rank) implements Index {}

  /**
   * A coordinate of a partitioned rank put together from its parts: {@code m1*M0 + m0}. Points at
   * or beyond the shape of {@code parent} do not exist.
   */
  record Joined(RankName parent, RankName outer, RankName inner) implements Index {}

  /** The next generation of an iterative rank: {@code m1+1}. */
  record Next(RankName rank) implements Index {}

  /** The last generation of an iterative rank, written as its shape: {@code M1}. */
  record Last(RankName rank) implements Index {}

  /** A fixed coordinate; {@code 0} on the left of an initial Einsum is generation 0. */
  record Fixed(long coordinate) implements Index {}

  /** {@code 2*p + w - 3}: windows, strides, convolution. Points outside the tensor are absent. */
  record Affine(List<Term> terms, long offset) implements Index {
    public Affine {
      terms = List.copyOf(terms);
    }
  }

  /** One summand {@code coefficient * rank} of an affine index. */
  record Term(long coefficient, RankName rank) {}

  /** {@code h*Hk/H}, rounded down: several query heads share a key head (GQA, MQA). */
  record HeadMap(RankName rank, RankName target) implements Index {}

  /**
   * Any other whole number: {@code max(p-2, 0)}, {@code p/2}, {@code Bnd[c]+r}. Points outside the
   * tensor are absent.
   */
  record Computed(Quantity quantity) implements Index {
    public Computed {
      if (quantity instanceof Quantity.OfIndex) {
        throw new IllegalArgumentException("an index that needs no arithmetic: " + quantity);
      }
    }
  }

  /** {@code J[p,t]}: the coordinate is read from an integer tensor (gather). */
  record Gathered(Access access) implements Index {}

  /** The index as a number. */
  default Quantity quantity() {
    return switch (this) {
      case Computed computed -> computed.quantity();
      case Coordinate _, Joined _, Next _, Last _, Fixed _, Affine _, HeadMap _, Gathered _ ->
          new Quantity.OfIndex(this);
    };
  }

  /** Rank variables that this index reads, in order of appearance. */
  default Stream<RankName> ranks() {
    return switch (this) {
      case Coordinate c -> Stream.of(c.rank());
      case Joined j -> Stream.of(j.outer(), j.inner());
      case Next n -> Stream.of(n.rank());
      case Last _, Fixed _ -> Stream.empty();
      case Affine a -> a.terms().stream().map(Term::rank);
      case HeadMap h -> Stream.of(h.rank());
      case Computed c -> c.quantity().ranks();
      case Gathered g -> g.access().ranks();
    };
  }

  /** Whether it is {@code a * variable + b} with a and b that do not depend on the variable. */
  default boolean isAffineIn(RankName rank) {
    return switch (this) {
      case Coordinate _, Joined _, Next _, Last _, Fixed _, Affine _ -> true;
      case HeadMap _, Gathered _ -> !reads(rank);
      case Computed c -> c.quantity().isAffineIn(rank);
    };
  }

  /** Whether it changes with a rank variable; a joined coordinate changes with its parent too. */
  default boolean reads(RankName rank) {
    return ranks().anyMatch(rank::equals)
        || (this instanceof Joined joined && joined.parent().equals(rank))
        || (this instanceof Computed computed && computed.quantity().reads(rank));
  }

  /** Accesses whose values it needs, those inside them too. */
  default Stream<Access> tables() {
    return switch (this) {
      case Gathered gathered ->
          Stream.concat(
              Stream.of(gathered.access()),
              gathered.access().indices().stream().flatMap(Index::tables));
      case Computed c -> c.quantity().indices().flatMap(Index::tables);
      case Coordinate _, Joined _, Next _, Last _, Fixed _, Affine _, HeadMap _ -> Stream.empty();
    };
  }
}
