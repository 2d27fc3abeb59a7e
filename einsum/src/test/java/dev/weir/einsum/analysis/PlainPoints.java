package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.Populate;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.ir.UnaryOperator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Runs a cascade point by point on random inputs and counts what is done, element by element from
 * those that are asked for. An element is there if a point wrote it, whatever the value.
 */
final class PlainPoints {

  /** A value, or the empty one of what is absent. */
  private record Value(boolean isPresent, double number) {}

  private record Element(TensorName tensor, List<Long> at) {}

  private final Cascade cascade;
  private final Shapes shapes;
  private final Map<TensorName, Tensor> tensors;
  private final Random random;
  private final Map<Element, Value> values = new HashMap<>();
  private final Set<Element> read = new HashSet<>();
  private Map<RankName, Long> point = new HashMap<>();
  private boolean isMarking;
  private boolean isComplete;

  /** Points at which each Einsum is computed, in the order of the cascade. */
  final List<Long> computed = new ArrayList<>();

  /** Those of them at which all operands are there. */
  final List<Long> complete = new ArrayList<>();

  /** Points at which conditions hold. */
  final List<Long> iterated = new ArrayList<>();

  PlainPoints(Cascade cascade, Shapes shapes, long seed) {
    this.cascade = cascade;
    this.shapes = shapes;
    this.tensors = cascade.tensorsByName();
    this.random = new Random(seed);
    for (Einsum einsum : cascade.einsums()) {
      count(einsum);
    }
  }

  /** Elements of an input that some point reads. */
  long read(TensorName tensor) {
    return read.stream().filter(element -> element.tensor().equals(tensor)).count();
  }

  /** Elements of a tensor that some point writes. */
  long written(Tensor tensor) {
    List<Long> sizes = tensor.ranks().stream().map(rank -> size(tensor, rank)).toList();
    List<List<Long>> all = new ArrayList<>();
    enumerate(sizes, new ArrayList<>(), all);
    return all.stream().filter(at -> value(new Element(tensor.name(), at)).isPresent()).count();
  }

  private static void enumerate(List<Long> sizes, List<Long> prefix, List<List<Long>> all) {
    if (prefix.size() == sizes.size()) {
      all.add(List.copyOf(prefix));
      return;
    }
    for (long at = 0; at < sizes.get(prefix.size()); at++) {
      prefix.add(at);
      enumerate(sizes, prefix, all);
      prefix.removeLast();
    }
  }

  private long size(Tensor tensor, RankName rank) {
    boolean isIterative = tensor.generations().filter(rank::equals).isPresent();
    return shapes.of(rank) + (isIterative ? 1 : 0);
  }

  private void count(Einsum einsum) {
    long[] counts = new long[3];
    visit(
        List.copyOf(einsum.iterationSpace()),
        new HashMap<>(),
        () -> {
          isMarking = true;
          boolean holds = einsum.condition().map(this::holds).orElse(true);
          isMarking = false;
          if (holds) {
            counts[0]++;
            isComplete = true;
            boolean isComputed = value(einsum.value()).isPresent();
            counts[1] += isComputed ? 1 : 0;
            counts[2] += isComputed && isComplete ? 1 : 0;
            isMarking = isComputed;
            value(einsum.value());
            isMarking = false;
          }
        });
    iterated.add(counts[0]);
    computed.add(counts[1]);
    complete.add(counts[2]);
  }

  /** All points of some ranks, of which some may be given. */
  private void visit(List<RankName> ranks, Map<RankName, Long> given, Runnable action) {
    Map<RankName, Long> outside = point;
    point = new HashMap<>(given);
    visit(ranks, 0, action);
    point = outside;
  }

  private void visit(List<RankName> ranks, int depth, Runnable action) {
    if (depth == ranks.size()) {
      if (exists()) {
        action.run();
      }
      return;
    }
    RankName rank = ranks.get(depth);
    if (point.containsKey(rank)) {
      visit(ranks, depth + 1, action);
      return;
    }
    for (long at = 0; at < shapes.of(rank); at++) {
      point.put(rank, at);
      visit(ranks, depth + 1, action);
    }
    point.remove(rank);
  }

  private boolean exists() {
    for (Partition split : cascade.partitions()) {
      Long outer = point.get(split.outer());
      Long inner = point.get(split.inner());
      if (outer != null
          && inner != null
          && outer * shapes.of(split.inner()) + inner >= shapes.of(split.parent())) {
        return false;
      }
    }
    return true;
  }

  private Value value(Element element) {
    Value before = values.get(element);
    if (before != null) {
      return before;
    }
    Tensor tensor = tensors.get(element.tensor());
    boolean wasMarking = isMarking;
    boolean wasComplete = isComplete;
    isMarking = false;
    Value value =
        tensor.role() == Tensor.Role.INPUT
            ? new Value(true, tensor.ranks().size() > 1 ? random.nextDouble() : random.nextInt(4))
            : computed(element, tensor);
    isMarking = wasMarking;
    isComplete = wasComplete;
    values.put(element, value);
    return value;
  }

  private Value computed(Element element, Tensor tensor) {
    Value[] value = {new Value(false, tensor.empty())};
    for (Einsum einsum : cascade.einsums()) {
      if (!einsum.output().tensor().equals(tensor.name())) {
        continue;
      }
      Map<RankName, Long> given = new HashMap<>();
      if (!solve(einsum, element.at(), given)) {
        continue;
      }
      if (einsum.populate().isPresent()) {
        return populated(einsum, einsum.populate().get(), given, tensor);
      }
      visit(
          List.copyOf(einsum.iterationSpace()),
          given,
          () -> {
            if (einsum.condition().map(this::holds).orElse(true)) {
              Value one = value(einsum.value());
              if (one.isPresent()) {
                double before = value[0].number();
                value[0] =
                    new Value(
                        true,
                        value[0].isPresent()
                            ? einsum.reduction().combine(before, one.number())
                            : one.number());
              }
            }
          });
    }
    return value[0];
  }

  private Value populated(
      Einsum einsum, Populate populate, Map<RankName, Long> given, Tensor tensor) {
    long slot = given.remove(populate.slot());
    List<long[]> order = new ArrayList<>();
    List<Double> numbers = new ArrayList<>();
    double[] mass = {Double.NaN};
    visit(
        List.copyOf(einsum.iterationSpace()),
        given,
        () -> {
          populate.mass().ifPresent(quantity -> mass[0] = quantity(quantity));
          if (einsum.condition().map(this::holds).orElse(true)) {
            Value one = value(einsum.value());
            if (one.isPresent()) {
              order.add(new long[] {order.size(), point.get(populate.from())});
              numbers.add(one.number());
            }
          }
        });
    Comparator<long[]> rising = Comparator.comparingDouble(entry -> numbers.get((int) entry[0]));
    order.sort(populate.order() == Populate.Order.LARGEST_FIRST ? rising.reversed() : rising);
    double sum = 0;
    for (long[] entry : order.subList(0, (int) Math.min(slot, order.size()))) {
      sum += numbers.get((int) entry[0]);
    }
    boolean isPast = slot >= order.size() || (populate.mass().isPresent() && sum >= mass[0]);
    return isPast
        ? new Value(false, tensor.empty())
        : new Value(true, (double) order.get((int) slot)[1]);
  }

  /** Rank variables of a left side at an element; whether it writes the element at all. */
  private boolean solve(Einsum einsum, List<Long> at, Map<RankName, Long> given) {
    for (int axis = 0; axis < at.size(); axis++) {
      long coordinate = at.get(axis);
      switch (einsum.output().indices().get(axis)) {
        case Index.Coordinate(RankName rank) -> given.put(rank, coordinate);
        case Index.Next(RankName rank) -> given.put(rank, coordinate - 1);
        case Index.Joined joined -> {
          given.put(joined.outer(), coordinate / shapes.of(joined.inner()));
          given.put(joined.inner(), coordinate % shapes.of(joined.inner()));
        }
        case Index.Fixed(long fixed) -> {
          if (fixed != coordinate) {
            return false;
          }
        }
        case Index.Last _, Index.Affine _, Index.HeadMap _, Index.Computed _, Index.Gathered _ ->
            throw new AssertionError(einsum.output());
      }
    }
    return given.values().stream().allMatch(coordinate -> coordinate >= 0);
  }

  private boolean holds(Condition condition) {
    return switch (condition) {
      case Condition.Compare c -> c.comparison().holds(quantity(c.left()), quantity(c.right()));
      case Condition.All all ->
          all.parts().stream()
              .sorted(Comparator.comparingInt(part -> part.isWhole() ? 0 : 1))
              .allMatch(this::holds);
      case Condition.Any any -> any.parts().stream().anyMatch(this::holds);
      case Condition.Not not -> !holds(not.part());
    };
  }

  private Value value(Expression expression) {
    return switch (expression) {
      case Expression.Literal(double number) -> new Value(true, number);
      case Expression.ShapeValue(RankName rank) -> new Value(true, (double) shapes.of(rank));
      case Expression.Position(Index index) -> new Value(true, index(index));
      case Expression.ScalarRead(TensorName scalar) -> value(cascade.scalars().get(scalar));
      case Expression.Read(Access access) -> {
        Value value = read(access);
        isComplete &= value.isPresent();
        yield value;
      }
      case Expression.Unary(UnaryOperator operator, Expression operand) ->
          new Value(true, operator.apply(value(operand).number()));
      case Expression.Binary binary -> binary(binary);
      case Expression.Apply apply -> value(apply.inlined());
      case Expression.Select select ->
          value(holds(select.condition()) ? select.then() : select.otherwise());
      case Expression.Parameter parameter -> throw new AssertionError(parameter);
    };
  }

  /** Operands of a map that does not touch the point are not needed. */
  private Value binary(Expression.Binary binary) {
    boolean wasMarking = isMarking;
    isMarking = false;
    Value left = value(binary.left());
    Value right = value(binary.right());
    boolean touches =
        switch (binary.merge()) {
          case INTERSECTION -> left.isPresent() && right.isPresent();
          case UNION -> left.isPresent() || right.isPresent();
          case TAKE_LEFT -> left.isPresent();
          case TAKE_RIGHT -> right.isPresent();
          case PASS_THROUGH -> true;
        };
    isMarking = wasMarking;
    if (wasMarking && touches) {
      value(binary.left());
      value(binary.right());
    }
    return touches
        ? new Value(true, binary.operator().apply(left.number(), right.number()))
        : new Value(false, 0);
  }

  private Value read(Access access) {
    Tensor tensor = tensors.get(access.tensor());
    List<Long> at = new ArrayList<>();
    boolean isInside = true;
    for (int axis = 0; axis < tensor.ranks().size(); axis++) {
      long coordinate = (long) Math.floor(index(access.indices().get(axis)));
      isInside &= coordinate >= 0 && coordinate < size(tensor, tensor.ranks().get(axis));
      at.add(coordinate);
    }
    if (!isInside) {
      return new Value(false, tensor.empty());
    }
    Element element = new Element(access.tensor(), List.copyOf(at));
    Value value = value(element);
    if (isMarking && value.isPresent() && tensor.role() == Tensor.Role.INPUT) {
      read.add(element);
    }
    return value;
  }

  private double quantity(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex(Index index) -> index(index);
      case Quantity.OfShape(RankName rank) -> shapes.of(rank);
      case Quantity.OfNumber(double number) -> number;
      case Quantity.OfScalar(TensorName scalar) -> value(cascade.scalars().get(scalar)).number();
      case Quantity.Combined c -> {
        double left = quantity(c.left());
        double right = quantity(c.right());
        yield switch (c.operator()) {
          case ADD -> left + right;
          case SUBTRACT -> left - right;
          case MULTIPLY -> left * right;
          case DIVIDE -> Math.floor(left / right);
          case REMAINDER -> left - right * Math.floor(left / right);
          case MINIMUM -> Math.min(left, right);
          case MAXIMUM -> Math.max(left, right);
        };
      }
    };
  }

  private double index(Index index) {
    return switch (index) {
      case Index.Coordinate(RankName rank) -> point.get(rank);
      case Index.Joined j -> point.get(j.outer()) * shapes.of(j.inner()) + point.get(j.inner());
      case Index.Next(RankName rank) -> point.get(rank) + 1;
      case Index.Last(RankName rank) -> shapes.of(rank);
      case Index.Fixed(long coordinate) -> coordinate;
      case Index.Affine a -> {
        double sum = a.offset();
        for (Index.Term term : a.terms()) {
          sum += term.coefficient() * point.get(term.rank());
        }
        yield sum;
      }
      case Index.HeadMap h ->
          Math.floor(point.get(h.rank()) * (double) shapes.of(h.target()) / shapes.of(h.rank()));
      case Index.Computed c -> quantity(c.quantity());
      case Index.Gathered(Access access) -> read(access).number();
    };
  }
}
