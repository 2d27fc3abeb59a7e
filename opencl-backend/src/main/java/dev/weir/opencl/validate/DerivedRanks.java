package dev.weir.opencl.validate;

import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** From which ranks the shape of another follows. */
final class DerivedRanks {

  private DerivedRanks() {}

  /**
   * Ranks that decide the shape of one and follow from none.
   *
   * @param derived shapes that follow from others
   */
  static Set<RankName> origins(RankName rank, Map<RankName, Quantity> derived) {
    Set<RankName> origins = new TreeSet<>();
    collect(rank, derived, origins);
    return origins;
  }

  private static void collect(
      RankName rank, Map<RankName, Quantity> derived, Set<RankName> origins) {
    Quantity quantity = derived.get(rank);
    if (quantity == null) {
      origins.add(rank);
    } else {
      collect(quantity, derived, origins);
    }
  }

  private static void collect(
      Quantity quantity, Map<RankName, Quantity> derived, Set<RankName> origins) {
    switch (quantity) {
      case Quantity.OfShape of -> collect(of.rank(), derived, origins);
      case Quantity.Combined c -> {
        collect(c.left(), derived, origins);
        collect(c.right(), derived, origins);
      }
      case Quantity.OfIndex _, Quantity.OfNumber _, Quantity.OfScalar _ -> {}
    }
  }

  /** Whether a rank has at least one coordinate more for each one more of another. */
  static boolean growsWith(RankName rank, RankName other, Map<RankName, Quantity> derived) {
    Quantity quantity = derived.get(rank);
    return quantity == null ? rank.equals(other) : growsWith(quantity, other, derived);
  }

  private static boolean growsWith(
      Quantity quantity, RankName other, Map<RankName, Quantity> derived) {
    return switch (quantity) {
      case Quantity.OfShape of -> growsWith(of.rank(), other, derived);
      case Quantity.Combined c ->
          switch (c.operator()) {
            case ADD, MULTIPLY ->
                growsWith(c.left(), other, derived) || growsWith(c.right(), other, derived);
            case SUBTRACT -> growsWith(c.left(), other, derived);
            case MINIMUM, MAXIMUM, DIVIDE, REMAINDER -> false;
          };
      case Quantity.OfIndex _, Quantity.OfNumber _, Quantity.OfScalar _ -> false;
    };
  }
}
