package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Turns indices and conditions into functions of a point, which is one array with a place for every
 * rank of the cascade, so that nothing is looked up by name while a loop runs.
 */
final class PointCompiler {

  /** An integer at a point. */
  @FunctionalInterface
  interface IntegerAt {
    long at(long[] point);
  }

  /** A number at a point. */
  @FunctionalInterface
  interface NumberAt {
    double at(long[] point);
  }

  /** A truth value at a point. */
  @FunctionalInterface
  interface HoldsAt {
    boolean at(long[] point);
  }

  /** Where in its array an access lies at a point; negative outside the tensor. */
  @FunctionalInterface
  interface PlaceAt {
    int at(long[] point);
  }

  private final Cascade cascade;
  private final Shapes shapes;
  private final Map<TensorName, DenseTensor> tensors;
  private final Map<RankName, Integer> slots = new HashMap<>();

  PointCompiler(
      Cascade cascade, List<Einsum> einsums, Shapes shapes, Map<TensorName, DenseTensor> tensors) {
    this.cascade = cascade;
    this.shapes = shapes;
    this.tensors = tensors;
    for (Einsum einsum : einsums) {
      Stream.concat(einsum.iterationSpace().stream(), einsum.output().ranks())
          .forEach(rank -> slots.putIfAbsent(rank, slots.size()));
    }
  }

  long[] newPoint() {
    return new long[slots.size()];
  }

  int slot(RankName rank) {
    Integer slot = slots.get(rank);
    if (slot == null) {
      throw new IllegalArgumentException("rank variable " + rank.variable() + " is not bound here");
    }
    return slot;
  }

  Shapes shapes() {
    return shapes;
  }

  Cascade cascade() {
    return cascade;
  }

  /** How a rank is the inner part of another whose outer part is iterated too. */
  Optional<Partition> splitAround(RankName rank, Set<RankName> space) {
    return cascade.partitions().stream()
        .filter(split -> split.inner().equals(rank) && space.contains(split.outer()))
        .findFirst();
  }

  DenseTensor tensor(TensorName name) {
    DenseTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("tensor " + name + " has no values");
    }
    return tensor;
  }

  /** Sums of coordinates times strides where no index can leave the tensor. */
  PlaceAt place(Access access) {
    DenseTensor tensor = tensor(access.tensor());
    if (access.indices().size() != tensor.ranks()) {
      throw new IllegalArgumentException(
          access.indices().size()
              + " coordinates for "
              + tensor.ranks()
              + " ranks of "
              + access.tensor());
    }
    return AffinePlace.of(access, tensor, this)
        .<PlaceAt>map(affine -> affine::at)
        .orElseGet(() -> checkedPlace(access, tensor));
  }

  private PlaceAt checkedPlace(Access access, DenseTensor tensor) {
    IntegerAt[] indices = access.indices().stream().map(this::index).toArray(IntegerAt[]::new);
    long[] shape = tensor.shape();
    return point -> {
      long place = 0;
      for (int i = 0; i < indices.length; i++) {
        long coordinate = indices[i].at(point);
        if (coordinate < 0 || coordinate >= shape[i]) {
          return -1;
        }
        place = place * shape[i] + coordinate;
      }
      return (int) place;
    };
  }

  IntegerAt index(Index index) {
    return switch (index) {
      case Index.Coordinate c -> coordinate(c.rank());
      case Index.Joined j -> {
        int outer = slot(j.outer());
        int inner = slot(j.inner());
        long size = shapes.of(j.inner());
        yield point -> point[outer] * size + point[inner];
      }
      case Index.Next n -> {
        int slot = slot(n.rank());
        yield point -> point[slot] + 1;
      }
      case Index.Last l -> constant(shapes.of(l.rank()));
      case Index.Fixed f -> constant(f.coordinate());
      case Index.Affine a -> affine(a);
      case Index.HeadMap h -> {
        int slot = slot(h.rank());
        long target = shapes.of(h.target());
        long heads = shapes.of(h.rank());
        yield point -> point[slot] * target / heads;
      }
      case Index.Computed c -> quantity(c.quantity());
      case Index.Gathered g -> gathered(g.access());
    };
  }

  private IntegerAt coordinate(RankName rank) {
    int slot = slot(rank);
    return point -> point[slot];
  }

  private static IntegerAt constant(long value) {
    return _ -> value;
  }

  private IntegerAt affine(Index.Affine affine) {
    int[] places = affine.terms().stream().mapToInt(term -> slot(term.rank())).toArray();
    long[] coefficients = affine.terms().stream().mapToLong(Index.Term::coefficient).toArray();
    long offset = affine.offset();
    return point -> {
      long sum = offset;
      for (int i = 0; i < places.length; i++) {
        sum += coefficients[i] * point[places[i]];
      }
      return sum;
    };
  }

  private IntegerAt gathered(Access access) {
    NumberAt value = value(access);
    return point -> Quantity.coordinate(value.at(point));
  }

  HoldsAt condition(Condition condition) {
    return switch (condition) {
      case Condition.Compare c -> compare(c);
      case Condition.All all -> {
        HoldsAt[] parts = all.parts().stream().map(this::condition).toArray(HoldsAt[]::new);
        yield point -> {
          for (HoldsAt part : parts) {
            if (!part.at(point)) {
              return false;
            }
          }
          return true;
        };
      }
      case Condition.Any any -> {
        HoldsAt[] parts = any.parts().stream().map(this::condition).toArray(HoldsAt[]::new);
        yield point -> {
          for (HoldsAt part : parts) {
            if (part.at(point)) {
              return true;
            }
          }
          return false;
        };
      }
      case Condition.Not not -> {
        HoldsAt part = condition(not.part());
        yield point -> !part.at(point);
      }
    };
  }

  private HoldsAt compare(Condition.Compare compare) {
    if (!compare.left().isWhole() || !compare.right().isWhole()) {
      NumberAt left = number(compare.left());
      NumberAt right = number(compare.right());
      Condition.Comparison comparison = compare.comparison();
      return point -> comparison.holds(left.at(point), right.at(point));
    }
    IntegerAt left = quantity(compare.left());
    IntegerAt right = quantity(compare.right());
    return switch (compare.comparison()) {
      case LESS -> point -> left.at(point) < right.at(point);
      case LESS_OR_EQUAL -> point -> left.at(point) <= right.at(point);
      case GREATER -> point -> left.at(point) > right.at(point);
      case GREATER_OR_EQUAL -> point -> left.at(point) >= right.at(point);
      case EQUAL -> point -> left.at(point) == right.at(point);
      case NOT_EQUAL -> point -> left.at(point) != right.at(point);
    };
  }

  private IntegerAt quantity(Quantity quantity) {
    if (!quantity.isWhole()) {
      NumberAt number = number(quantity);
      return point -> Quantity.coordinate(number.at(point));
    }
    return switch (quantity) {
      case Quantity.OfIndex of -> index(of.index());
      case Quantity.OfShape of -> constant(shapes.of(of.rank()));
      case Quantity.Combined c -> {
        IntegerAt left = quantity(c.left());
        IntegerAt right = quantity(c.right());
        yield point -> c.operator().apply(left.at(point), right.at(point));
      }
      case Quantity.OfNumber _, Quantity.OfScalar _ ->
          throw new IllegalStateException("not whole: " + quantity);
    };
  }

  NumberAt number(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex(Index.Gathered gathered) -> value(gathered.access());
      case Quantity.OfIndex of -> {
        IntegerAt index = index(of.index());
        yield point -> (double) index.at(point);
      }
      case Quantity.OfShape of -> constant((double) shapes.of(of.rank()));
      case Quantity.OfNumber of -> constant(of.value());
      case Quantity.OfScalar of -> constant(new ValueCompiler(this).scalar(of.scalar()));
      case Quantity.Combined c -> {
        NumberAt left = number(c.left());
        NumberAt right = number(c.right());
        yield point -> c.operator().apply(left.at(point), right.at(point));
      }
    };
  }

  private static NumberAt constant(double value) {
    return _ -> value;
  }

  private NumberAt value(Access access) {
    DenseTensor table = tensor(access.tensor());
    double[] values = table.array();
    PlaceAt place = place(access);
    return point -> {
      int at = place.at(point);
      return at < 0 ? table.empty() : values[at];
    };
  }
}
