package dev.weir.mapper.random;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Distribution;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Adds to a random problem conditions on tables whose values the cascade says how to draw, and
 * operands that are gathered through such tables.
 */
public final class TableConditions {

  private static final Condition.Comparison[] COMPARISONS = Condition.Comparison.values();

  /** An index of an operand and the rank that it reads: over ranks of the iteration space. */
  private record Place(Index index, RankName rank) {}

  private final Random random;
  private final List<Tensor> tensors;
  private final Map<TensorName, Distribution> distributions = new HashMap<>();

  private TableConditions(Random random, Cascade cascade) {
    this.random = random;
    this.tensors = new ArrayList<>(cascade.tensors());
  }

  /** The same problem, some of whose points tables decide. */
  public static Problem added(Random random, Problem problem) {
    Cascade old = problem.cascade();
    TableConditions tables = new TableConditions(random, old);
    List<Einsum> einsums = new ArrayList<>();
    int chosen = random.nextInt(old.einsums().size());
    for (int i = 0; i < old.einsums().size(); i++) {
      Einsum einsum = old.einsums().get(i);
      boolean isChosen = i == chosen || random.nextInt(4) == 0;
      einsums.add(isChosen && !einsum.isInitial() ? tables.with(einsum, old) : einsum);
    }
    Cascade cascade =
        new Cascade(
            old.name(),
            old.description(),
            old.partitions(),
            tables.tensors,
            old.scalars(),
            old.defaultShapes(),
            old.derivedShapes(),
            tables.distributions,
            old.stops(),
            einsums);
    return new Problem(cascade, problem.schedule(), problem.architecture(), problem.shapes());
  }

  private Einsum with(Einsum einsum, Cascade cascade) {
    List<Place> places = places(einsum, cascade);
    if (places.isEmpty()) {
      return einsum;
    }
    Expression value = random.nextInt(3) == 0 ? gathered(einsum.value(), cascade) : einsum.value();
    if (!value.equals(einsum.value()) && random.nextInt(3) > 0) {
      return new Einsum(einsum.output(), value, einsum.reduction(), einsum.condition());
    }
    Condition condition = condition(places);
    if (random.nextInt(4) == 0) {
      Condition other = condition(places);
      condition =
          random.nextBoolean()
              ? new Condition.All(List.of(condition, new Condition.Not(other)))
              : new Condition.Any(List.of(condition, other));
    }
    Condition all =
        einsum.condition().isPresent() && random.nextBoolean()
            ? new Condition.All(List.of(einsum.condition().get(), condition))
            : condition;
    return new Einsum(einsum.output(), value, einsum.reduction(), Optional.of(all));
  }

  /** The same value, with inputs read through tables in some places. */
  private Expression gathered(Expression value, Cascade cascade) {
    return switch (value) {
      case Expression.Read read -> new Expression.Read(gathered(read.access(), cascade));
      case Expression.Binary b ->
          new Expression.Binary(
              b.operator(), b.merge(), gathered(b.left(), cascade), gathered(b.right(), cascade));
      case Expression.Literal _,
          Expression.ShapeValue _,
          Expression.Position _,
          Expression.ScalarRead _,
          Expression.Unary _,
          Expression.Select _,
          Expression.Apply _,
          Expression.Parameter _ ->
          value;
    };
  }

  private Access gathered(Access access, Cascade cascade) {
    Tensor tensor = cascade.tensorsByName().get(access.tensor());
    boolean isPlain =
        access.indices().stream()
            .allMatch(i -> i instanceof Index.Coordinate || i instanceof Index.Joined);
    if (tensor.role() != Tensor.Role.INPUT || !isPlain || random.nextInt(3) == 0) {
      return access;
    }
    int at = random.nextInt(access.indices().size());
    Index old = access.indices().get(at);
    TensorName name = new TensorName("Table" + distributions.size());
    RankName own = tensor.ranks().get(at);
    tensors.add(new Tensor(name, Tensor.Role.INPUT, List.of(own), Optional.empty(), -1));
    int least = random.nextInt(4) == 0 ? -1 : 0;
    distributions.put(
        name, new Distribution.Integers(Quantity.constant(least), Quantity.constant(least + 1)));
    Index.Gathered through = new Index.Gathered(new Access(name, List.of(old)));
    List<Index> indices = new ArrayList<>(access.indices());
    indices.set(
        at,
        random.nextInt(4) > 0
            ? through
            : new Index.Computed(
                new Quantity.Combined(
                    through.quantity(), Quantity.Arithmetic.ADD, Quantity.constant(1))));
    return new Access(access.tensor(), indices);
  }

  /** Places at which the condition adds no rank to the iteration space. */
  private static List<Place> places(Einsum einsum, Cascade cascade) {
    Map<TensorName, Tensor> byName = cascade.tensorsByName();
    Set<Place> places = new HashSet<>();
    for (Access access : einsum.value().reads().toList()) {
      for (int at = 0; at < access.indices().size(); at++) {
        Index index = access.indices().get(at);
        if (index instanceof Index.Coordinate || index instanceof Index.Joined) {
          places.add(new Place(index, byName.get(access.tensor()).ranks().get(at)));
        }
        if (index instanceof Index.Affine) {
          places.add(new Place(index, byName.get(access.tensor()).ranks().get(at)));
        }
      }
    }
    return places.stream().sorted((a, b) -> a.toString().compareTo(b.toString())).toList();
  }

  private Condition condition(List<Place> places) {
    Quantity left = quantity(places.get(random.nextInt(places.size())).index());
    Quantity right = entry(places);
    if (random.nextInt(5) == 0) {
      right =
          new Quantity.Combined(
              right, Quantity.Arithmetic.ADD, Quantity.constant(random.nextInt(3) - 1));
    }
    if (random.nextInt(8) == 0) {
      left = entry(places);
    }
    Condition.Comparison comparison =
        random.nextInt(3) > 0
            ? Condition.Comparison.LESS
            : COMPARISONS[random.nextInt(COMPARISONS.length)];
    return new Condition.Compare(left, comparison, right);
  }

  private static Quantity quantity(Index index) {
    return index.quantity();
  }

  /** An entry of a new table, of no rank, of one, or sometimes of two, or of one before. */
  private Quantity entry(List<Place> places) {
    List<Index> indices = new ArrayList<>();
    List<RankName> ranks = new ArrayList<>();
    for (int count = (random.nextInt(6) + 3) / 4; count > 0; count--) {
      Place place = places.get(random.nextInt(places.size()));
      if (!ranks.contains(place.rank())) {
        indices.add(place.index());
        ranks.add(place.rank());
      }
    }
    Optional<TensorName> again =
        tensors.stream()
            .filter(t -> distributions.containsKey(t.name()) && t.ranks().equals(ranks))
            .map(Tensor::name)
            .findFirst();
    TensorName name = again.orElse(new TensorName("Table" + distributions.size()));
    if (again.isEmpty()) {
      tensors.add(
          new Tensor(
              name, Tensor.Role.INPUT, List.copyOf(ranks), Optional.empty(), random.nextInt(3)));
      distributions.put(name, distribution(!ranks.isEmpty()));
    }
    return new Index.Gathered(new Access(name, indices)).quantity();
  }

  private Distribution distribution(boolean hasRanks) {
    int kind = random.nextInt(8);
    if (kind == 0) {
      return new Distribution.Signs();
    }
    if (kind == 1 && hasRanks) {
      return new Distribution.Permutation();
    }
    int least = random.nextInt(3) - 1;
    return new Distribution.Integers(
        Quantity.constant(least), Quantity.constant(least + random.nextInt(3)));
  }
}
