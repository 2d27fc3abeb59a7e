package dev.weir.mapper.model;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Distribution;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Table entries that conditions and indices read, where the cascade says which whole numbers they
 * can be, and mostly that each is as likely as any other. Such an entry is counted as a coordinate
 * of a rank of its own, whose points are its values: the points of both together, divided by the
 * number of values, are the expected number of points.
 */
final class Draws {

  /**
   * An entry.
   *
   * @param access which
   * @param rank its values by number
   * @param count how many values there are
   * @param value the value at a coordinate of the rank
   * @param chance how likely each is
   */
  record Draw(Access access, RankName rank, Quantity count, Quantity value, Chance chance) {

    /** Whether each value is as likely as any other. */
    boolean isEven() {
      return chance != Chance.UNKNOWN;
    }

    /**
     * Whether two points that differ in its ranks read entries of which neither tells the other.
     */
    boolean isDrawnApart() {
      return chance == Chance.APART
          && access.indices().stream()
              .allMatch(i -> i instanceof Index.Coordinate || i instanceof Index.Joined);
    }
  }

  /** How likely the values of an entry are. */
  enum Chance {
    /** Each as likely as any other, whatever other entries are. */
    APART,
    /** Each as likely as any other. */
    EVEN,
    /** Nothing is known but that there are no others. */
    UNKNOWN
  }

  private static final Quantity ONE = Quantity.constant(1);

  private final Cascade cascade;
  private final Map<TensorName, Tensor> tensors;
  private final Inside inside;
  private final List<Draw> draws = new ArrayList<>();

  Draws(Cascade cascade) {
    this.cascade = cascade;
    this.tensors = cascade.tensorsByName();
    this.inside = new Inside(cascade);
    Set<RankName> taken = RankTable.all(cascade);
    cascade.einsums().stream()
        .flatMap(einsum -> einsum.tables().stream())
        .distinct()
        .forEach(entry -> draw(entry, taken).ifPresent(draws::add));
  }

  /** All of them. */
  List<Draw> all() {
    return List.copyOf(draws);
  }

  private Optional<Draw> draw(Access entry, Set<RankName> taken) {
    Distribution said = cascade.distributions().get(entry.tensor());
    if (said == null) {
      return Optional.empty();
    }
    String name = "Value" + draws.size();
    while (taken.contains(new RankName(name))) {
      name += "_";
    }
    RankName rank = new RankName(name);
    Quantity number = new Index.Coordinate(rank).quantity();
    return switch (said) {
      case Distribution.Integers integers ->
          Optional.of(between(entry, rank, integers.least(), integers.most(), Chance.APART));
      case Distribution.Rising rising ->
          Optional.of(between(entry, rank, rising.first(), rising.last(), Chance.UNKNOWN));
      case Distribution.Signs _ -> {
        Index sign = new Index.Affine(List.of(new Index.Term(2, rank)), -1);
        yield Optional.of(
            new Draw(entry, rank, Quantity.constant(2), sign.quantity(), Chance.APART));
      }
      case Distribution.Permutation _ -> {
        RankName along = tensors.get(entry.tensor()).ranks().getLast();
        yield Optional.of(new Draw(entry, rank, new Quantity.OfShape(along), number, Chance.EVEN));
      }
      case Distribution.Uniform _, Distribution.Normal _ -> Optional.empty();
    };
  }

  private static Draw between(
      Access entry, RankName rank, Quantity first, Quantity last, Chance chance) {
    Quantity least = whole(first);
    Quantity range = combined(whole(last), Quantity.Arithmetic.SUBTRACT, least);
    Quantity number = new Index.Coordinate(rank).quantity();
    return new Draw(
        entry,
        rank,
        combined(range, Quantity.Arithmetic.ADD, ONE),
        combined(number, Quantity.Arithmetic.ADD, least),
        chance);
  }

  private static Quantity combined(Quantity left, Quantity.Arithmetic operator, Quantity right) {
    return new Quantity.Combined(left, operator, right);
  }

  /** Bounds that are not whole are rounded down, as division does. */
  private static Quantity whole(Quantity bound) {
    return bound.isWhole() ? bound : combined(bound, Quantity.Arithmetic.DIVIDE, ONE);
  }

  /** Entries that a condition reads, each once. */
  static List<Access> entries(Condition condition) {
    return condition.indices().flatMap(Index::tables).distinct().toList();
  }

  /** The entries of a condition that {@link #decided} counts. */
  List<Draw> of(Condition condition) {
    List<Access> entries = entries(condition);
    return draws.stream().filter(draw -> entries.contains(draw.access())).toList();
  }

  /**
   * The condition over coordinates, those of the values of its entries among them; empty where that
   * does not say how likely it is.
   */
  Optional<Condition> decided(Condition condition) {
    List<Access> entries = entries(condition);
    boolean isSaid =
        of(condition).size() == entries.size()
            && !readsScalar(condition)
            && entries.stream().allMatch(Draws::isPlain);
    return isSaid ? apart(condition, entries) : Optional.empty();
  }

  /** Whether coordinates and shapes alone say which entry it is. */
  private static boolean isPlain(Access entry) {
    return entry.indices().stream().map(Index::quantity).allMatch(Quantity::isWhole);
  }

  /** Two entries of one table are drawn apart, unless they are one. */
  private Optional<Condition> apart(Condition condition, List<Access> entries) {
    Map<TensorName, Access> first = new HashMap<>();
    Condition result = condition;
    Optional<Condition> same = Optional.empty();
    for (Access entry : entries) {
      Access before = first.putIfAbsent(entry.tensor(), entry);
      if (before != null) {
        boolean isApart =
            switch (cascade.distributions().get(entry.tensor())) {
              case Distribution.Integers _, Distribution.Signs _ -> true;
              case Distribution.Permutation _,
                  Distribution.Rising _,
                  Distribution.Uniform _,
                  Distribution.Normal _ ->
                  false;
            };
        if (same.isPresent() || !isApart) {
          return Optional.empty();
        }
        same = Optional.of(areOne(before, entry));
        Condition asOne = replaced(condition, entry, entry(before));
        result = either(same.get(), asOne, condition);
      }
    }
    for (Access entry : entries) {
      result = drawn(result, entry);
    }
    return Optional.of(result);
  }

  private static Condition areOne(Access entry, Access other) {
    List<Condition> equal = new ArrayList<>();
    for (int at = 0; at < entry.indices().size(); at++) {
      equal.add(
          new Condition.Compare(
              entry.indices().get(at).quantity(),
              Condition.Comparison.EQUAL,
              other.indices().get(at).quantity()));
    }
    return new Condition.All(equal);
  }

  private static Condition either(Condition which, Condition then, Condition otherwise) {
    return new Condition.Any(
        List.of(
            new Condition.All(List.of(which, then)),
            new Condition.All(List.of(new Condition.Not(which), otherwise))));
  }

  /** With the value of an entry; outside its table it is the empty value. */
  private Condition drawn(Condition condition, Access entry) {
    Quantity value =
        draws.stream()
            .filter(draw -> draw.access().equals(entry))
            .map(Draw::value)
            .findFirst()
            .orElseThrow();
    Condition result = replaced(condition, entry, value);
    List<Condition> bounds = inside.bounds(entry);
    if (bounds.isEmpty()) {
      return result;
    }
    double empty = tensors.get(entry.tensor()).empty();
    Quantity absent =
        empty == Math.rint(empty) && Math.abs(empty) <= 1L << 53
            ? Quantity.constant((long) empty)
            : new Quantity.OfNumber(empty);
    return either(new Condition.All(bounds), result, replaced(condition, entry, absent));
  }

  private static Quantity entry(Access access) {
    return new Index.Gathered(access).quantity();
  }

  private static Condition replaced(Condition condition, Access entry, Quantity value) {
    return switch (condition) {
      case Condition.Compare c ->
          new Condition.Compare(
              replaced(c.left(), entry, value), c.comparison(), replaced(c.right(), entry, value));
      case Condition.All all -> new Condition.All(replaced(all.parts(), entry, value));
      case Condition.Any any -> new Condition.Any(replaced(any.parts(), entry, value));
      case Condition.Not not -> new Condition.Not(replaced(not.part(), entry, value));
    };
  }

  private static List<Condition> replaced(List<Condition> parts, Access entry, Quantity value) {
    return parts.stream().map(part -> replaced(part, entry, value)).toList();
  }

  private static Quantity replaced(Quantity quantity, Access entry, Quantity value) {
    return switch (quantity) {
      case Quantity.OfIndex of -> of.equals(entry(entry)) ? value : of;
      case Quantity.OfShape _, Quantity.OfNumber _, Quantity.OfScalar _ -> quantity;
      case Quantity.Combined c ->
          combined(
              replaced(c.left(), entry, value), c.operator(), replaced(c.right(), entry, value));
    };
  }

  private static boolean readsScalar(Condition condition) {
    return switch (condition) {
      case Condition.Compare c -> readsScalar(c.left()) || readsScalar(c.right());
      case Condition.All all -> all.parts().stream().anyMatch(Draws::readsScalar);
      case Condition.Any any -> any.parts().stream().anyMatch(Draws::readsScalar);
      case Condition.Not not -> readsScalar(not.part());
    };
  }

  private static boolean readsScalar(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfScalar _ -> true;
      case Quantity.OfIndex _, Quantity.OfShape _, Quantity.OfNumber _ -> false;
      case Quantity.Combined c -> readsScalar(c.left()) || readsScalar(c.right());
    };
  }

  /**
   * How many values an entry can have.
   *
   * @param shapes by rank
   * @throws IllegalArgumentException if there are none
   */
  static long count(Draw draw, ToLongFunction<RankName> shapes) {
    long count = (long) number(draw.count(), shapes);
    if (count < 1) {
      throw new IllegalArgumentException(
          "input "
              + draw.access().tensor()
              + " has no values: the first bound of its distribution is larger than the second");
    }
    return count;
  }

  private static double number(Quantity quantity, ToLongFunction<RankName> shapes) {
    return switch (quantity) {
      case Quantity.OfIndex(Index.Fixed fixed) -> (double) fixed.coordinate();
      case Quantity.OfShape of -> (double) shapes.applyAsLong(of.rank());
      case Quantity.OfNumber of -> of.value();
      case Quantity.Combined c ->
          c.operator().apply(number(c.left(), shapes), number(c.right(), shapes));
      case Quantity.OfIndex _, Quantity.OfScalar _ ->
          throw new IllegalArgumentException("not a bound over shapes: " + quantity);
    };
  }

  /**
   * What some tables are like, with all bounds known.
   *
   * @param ranks values of their entries
   */
  List<Accuracy.Drawn> described(Set<RankName> ranks, ToLongFunction<RankName> shapes) {
    Set<TensorName> tables =
        draws.stream()
            .filter(draw -> ranks.contains(draw.rank()))
            .map(draw -> draw.access().tensor())
            .collect(Collectors.toSet());
    List<Accuracy.Drawn> described = new ArrayList<>();
    for (Tensor tensor : cascade.tensors()) {
      if (tables.contains(tensor.name())) {
        Distribution said = cascade.distributions().get(tensor.name());
        described.add(new Accuracy.Drawn(tensor.name(), words(said, shapes)));
      }
    }
    return described;
  }

  private static String words(Distribution distribution, ToLongFunction<RankName> shapes) {
    return switch (distribution) {
      case Distribution.Integers integers ->
          "integers from %d to %d"
              .formatted(
                  (long) number(whole(integers.least()), shapes),
                  (long) number(whole(integers.most()), shapes));
      case Distribution.Signs _ -> "signs";
      case Distribution.Permutation _ -> "a permutation";
      case Distribution.Uniform _, Distribution.Normal _, Distribution.Rising _ ->
          throw new IllegalArgumentException("not drawn: " + distribution);
    };
  }
}
