package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Distribution;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.GenerationLoop;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.Populate;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which points of each Einsum, and which elements of each tensor, are there, as far as coordinates
 * tell: a condition leaves points out, a read outside a tensor or of an element that nobody wrote
 * is absent, and merge operators say what that does to a point. An iterative tensor is taken to be
 * whole if that follows from itself.
 */
final class PresentPoints {

  /**
   * Points of one Einsum.
   *
   * @param scope its iteration space
   * @param iterated where its condition holds
   * @param computed where its value is computed, so that {@code may} counts
   * @param complete where all that it reads is there too
   */
  record OfEinsum(CoordinateScope scope, Presence iterated, Presence computed, Presence complete) {}

  private final Cascade cascade;
  private final Shapes shapes;
  private final Map<TensorName, Tensor> tensors;
  private final PointCount.Counter counter = new PointCount.Counter();
  private final List<OfEinsum> einsums = new ArrayList<>();
  private final Map<TensorName, Presence> elements = new HashMap<>();

  /** Iterations that may stop early around each Einsum, and around those that write each tensor. */
  private final Map<Einsum, Set<GenerationLoop>> stopping = new HashMap<>();

  private final Map<TensorName, Set<GenerationLoop>> stopped = new HashMap<>();

  /** Iterative tensors of which some generation is not whole. */
  private final Set<TensorName> partly = new HashSet<>();

  PresentPoints(Cascade cascade, Shapes shapes) {
    this.cascade = cascade;
    this.shapes = shapes;
    this.tensors = cascade.tensorsByName();
    findStopped();
    int known = -1;
    while (known < partly.size()) {
      known = partly.size();
      einsums.clear();
      elements.clear();
      cascade.einsums().forEach(this::add);
    }
  }

  private void findStopped() {
    List<List<GenerationLoop>> loops =
        GenerationLoop.around(cascade.einsums(), cascade.iterativeRanks());
    for (int at = 0; at < cascade.einsums().size(); at++) {
      Einsum einsum = cascade.einsums().get(at);
      Set<GenerationLoop> ending =
          loops.get(at).stream().filter(this::isStopped).collect(Collectors.toSet());
      stopping.put(einsum, ending);
      stopped.computeIfAbsent(einsum.output().tensor(), _ -> new HashSet<>()).addAll(ending);
    }
  }

  private boolean isStopped(GenerationLoop loop) {
    return cascade.stops().stream().anyMatch(stop -> stop.ends(loop, cascade.einsums()));
  }

  /** Counts their points. */
  PointCount.Counter counter() {
    return counter;
  }

  /** Whether the iteration of an Einsum may stop early. */
  boolean isStopped(int einsum) {
    return !stopping.get(cascade.einsums().get(einsum)).isEmpty();
  }

  /** Why an Einsum may be computed at fewer points than those that may be there. */
  Optional<String> whyLess(int einsum) {
    if (isStopped(einsum)) {
      return Optional.of("its iteration may stop early");
    }
    CoordinateScope scope = of(einsum).scope();
    boolean leadsOutside =
        cascade
            .einsums()
            .get(einsum)
            .value()
            .reads()
            .flatMap(
                access ->
                    IntStream.range(0, access.indices().size())
                        .filter(at -> scope.sum(access.indices().get(at)).isEmpty())
                        .mapToObj(
                            at ->
                                inside(
                                    access.indices().get(at),
                                    axes(tensors.get(access.tensor())).get(at).shape(),
                                    scope)))
            .anyMatch(Presence.UNKNOWN::equals);
    return Optional.of(
        leadsOutside
            ? "an index that tables give may lie outside of a tensor"
            : "what it reads is there in part only");
  }

  /** Points of the Einsum at a place of the cascade. */
  OfEinsum of(int einsum) {
    return einsums.get(einsum);
  }

  /** Elements of a tensor, over {@link #axes}. */
  Presence of(Tensor tensor) {
    return switch (tensor.role()) {
      case INPUT -> Presence.EVERYWHERE;
      case INTERMEDIATE, OUTPUT -> {
        if (tensor.generations().isPresent()) {
          Presence whole = Presence.exactly(existing(tensor));
          yield partly.contains(tensor.name()) ? whole.atMost() : whole;
        }
        yield elements.getOrDefault(tensor.name(), Presence.UNKNOWN);
      }
    };
  }

  /** Elements of a tensor that are there in the end, over {@link #axes}. */
  Presence inTheEnd(Tensor tensor) {
    boolean mayEnd = !stopped.getOrDefault(tensor.name(), Set.of()).isEmpty();
    return mayEnd ? of(tensor).atMost() : of(tensor);
  }

  /** A variable for each rank of a tensor; along its generations there is one coordinate more. */
  List<CoordinateVariable> axes(Tensor tensor) {
    return IntStream.range(0, tensor.ranks().size())
        .mapToObj(
            at -> {
              RankName rank = tensor.ranks().get(at);
              boolean isIterative = tensor.generations().equals(Optional.of(rank));
              return new CoordinateVariable("#" + at, shapes.of(rank) + (isIterative ? 1 : 0));
            })
        .toList();
  }

  private void add(Einsum einsum) {
    CoordinateScope scope = new CoordinateScope(einsum, cascade.partitions(), shapes);
    Presence condition =
        Presence.ofSides(
            side ->
                einsum
                    .condition()
                    .map(given -> scope.formula(given, side))
                    .orElse(CoordinateFormula.Constant.TRUE));
    Presence iterated = condition.and(Presence.exactly(scope.points()));
    OfEinsum points =
        new OfEinsum(
            scope,
            iterated,
            iterated.and(computed(einsum.value(), scope)),
            iterated.and(complete(einsum.value(), scope)));
    einsums.add(points);
    Tensor output = tensors.get(einsum.output().tensor());
    if (output.generations().isPresent()) {
      if (!isWhole(einsum, output, points)) {
        partly.add(output.name());
      }
      return;
    }
    Presence written = simplified(written(einsum, output, points), output);
    elements.put(output.name(), written);
  }

  /** Without formulas that hold for all elements. */
  private Presence simplified(Presence presence, Tensor tensor) {
    List<CoordinateVariable> axes = axes(tensor);
    CoordinateFormula existing = existing(tensor);
    return new Presence(
        isAll(presence.may(), existing, axes) ? CoordinateFormula.Constant.TRUE : presence.may(),
        isAll(presence.must(), existing, axes) ? CoordinateFormula.Constant.TRUE : presence.must());
  }

  private boolean isAll(
      CoordinateFormula formula, CoordinateFormula existing, List<CoordinateVariable> axes) {
    OptionalLong count = counter.count(formula.and(existing), axes);
    return count.isPresent() && count.equals(counter.count(existing, axes));
  }

  private Presence written(Einsum einsum, Tensor output, OfEinsum points) {
    if (einsum.populate().isPresent()) {
      return isFilled(einsum.populate().get(), einsum, points)
          ? Presence.EVERYWHERE
          : Presence.UNKNOWN;
    }
    return new Presence(
        points.scope().elements(einsum.output(), axes(output), points.computed().may(), true),
        points.scope().elements(einsum.output(), axes(output), points.complete().must(), false));
  }

  /** Whether there are values enough for all slots at each coordinate of the others. */
  private boolean isFilled(Populate populate, Einsum einsum, OfEinsum points) {
    return populate.mass().isEmpty()
        && einsum.reducedRanks().equals(Set.of(populate.from()))
        && shapes.of(populate.slot()) <= shapes.of(populate.from())
        && points.complete().must().equals(CoordinateFormula.Constant.TRUE);
  }

  /** Whether an Einsum of an iterative tensor writes all of each generation that it writes to. */
  private boolean isWhole(Einsum einsum, Tensor output, OfEinsum points) {
    CoordinateFormula must = points.complete().must();
    if (must.equals(CoordinateFormula.Constant.TRUE)) {
      return true;
    }
    // The generation is not solved for: the variable of the step stays.
    List<Index> indices = new ArrayList<>();
    List<RankName> ranks = new ArrayList<>();
    List<CoordinateVariable> axes = new ArrayList<>();
    List<CoordinateVariable> all = axes(output);
    for (int at = 0; at < all.size(); at++) {
      if (!output.generations().equals(Optional.of(output.ranks().get(at)))) {
        indices.add(einsum.output().indices().get(at));
        ranks.add(output.ranks().get(at));
        axes.add(all.get(at));
      }
    }
    Optional<RankName> step =
        einsum.output().indices().stream()
            .filter(Index.Next.class::isInstance)
            .map(index -> ((Index.Next) index).rank())
            .findFirst();
    step.ifPresent(
        rank -> {
          indices.add(new Index.Coordinate(rank));
          ranks.add(rank);
          axes.add(new CoordinateVariable("#step", shapes.of(rank)));
        });
    CoordinateFormula written =
        points.scope().elements(new Access(output.name(), indices), axes, must, false);
    return isAll(written, existing(ranks, axes, Optional.empty()), axes);
  }

  /**
   * Elements that a tensor has: the last step of a partitioned rank may be shorter. What a step of
   * an iteration writes is one generation further.
   */
  CoordinateFormula existing(Tensor tensor) {
    return existing(tensor.ranks(), axes(tensor), tensor.generations());
  }

  private CoordinateFormula existing(
      List<RankName> ranks, List<CoordinateVariable> axes, Optional<RankName> generations) {
    List<CoordinateFormula> parts = new ArrayList<>();
    for (Partition split : cascade.partitions()) {
      int outer = ranks.indexOf(split.outer());
      int inner = ranks.indexOf(split.inner());
      if (outer >= 0 && inner >= 0) {
        CoordinateSum step = CoordinateSum.of(axes.get(outer));
        CoordinateSum place = CoordinateSum.of(axes.get(inner));
        CoordinateFormula isFirst = CoordinateFormula.Constant.FALSE;
        if (generations.equals(Optional.of(split.outer()))) {
          isFirst = CoordinateFormula.equalToZero(step);
          step = step.plus(-1);
        } else if (generations.equals(Optional.of(split.inner()))) {
          isFirst = CoordinateFormula.equalToZero(place);
          place = place.plus(-1);
        }
        CoordinateSum joined = step.times(shapes.of(split.inner())).plus(place);
        parts.add(
            isFirst.or(CoordinateFormula.atMostZero(joined.plus(1 - shapes.of(split.parent())))));
      }
    }
    return CoordinateFormula.all(parts);
  }

  /** Where the value of an expression is computed. */
  Presence computed(Expression expression, CoordinateScope scope) {
    return switch (expression) {
      case Expression.Literal _,
          Expression.ShapeValue _,
          Expression.Position _,
          Expression.ScalarRead _,
          Expression.Parameter _,
          Expression.Unary _ ->
          Presence.EVERYWHERE;
      case Expression.Read read -> of(read.access(), scope);
      case Expression.Apply apply -> computed(apply.inlined(), scope);
      case Expression.Binary binary -> {
        Presence left = computed(binary.left(), scope);
        Presence right = computed(binary.right(), scope);
        yield switch (binary.merge()) {
          case INTERSECTION -> left.and(right);
          case UNION -> left.or(right);
          case TAKE_LEFT -> left;
          case TAKE_RIGHT -> right;
          case PASS_THROUGH -> Presence.EVERYWHERE;
        };
      }
      case Expression.Select select ->
          either(
              select.condition(),
              computed(select.then(), scope),
              computed(select.otherwise(), scope),
              scope);
    };
  }

  /** Where everything is there that an expression reads. */
  private Presence complete(Expression expression, CoordinateScope scope) {
    return switch (expression) {
      case Expression.Literal _,
          Expression.ShapeValue _,
          Expression.Position _,
          Expression.ScalarRead _,
          Expression.Parameter _ ->
          Presence.EVERYWHERE;
      case Expression.Read read -> of(read.access(), scope);
      case Expression.Unary unary -> complete(unary.operand(), scope);
      case Expression.Apply apply -> complete(apply.inlined(), scope);
      case Expression.Binary binary ->
          complete(binary.left(), scope).and(complete(binary.right(), scope));
      case Expression.Select select ->
          either(
              select.condition(),
              complete(select.then(), scope),
              complete(select.otherwise(), scope),
              scope);
    };
  }

  private static Presence either(
      Condition condition, Presence then, Presence otherwise, CoordinateScope scope) {
    return then.and(where(condition, scope)).or(otherwise.and(where(condition, scope).not()));
  }

  /** Where a condition holds. */
  static Presence where(Condition condition, CoordinateScope scope) {
    return Presence.ofSides(side -> scope.formula(condition, side));
  }

  /** Where there is an element to read. */
  Presence of(Access access, CoordinateScope scope) {
    Tensor tensor = tensors.get(access.tensor());
    List<CoordinateVariable> axes = axes(tensor);
    List<Presence> parts = new ArrayList<>();
    Map<CoordinateVariable, CoordinateSum> values = new HashMap<>();
    for (int at = 0; at < axes.size(); at++) {
      Index index = access.indices().get(at);
      CoordinateVariable axis = axes.get(at);
      Optional<CoordinateSum> value = scope.sum(index);
      if (value.isPresent()) {
        values.put(axis, value.get());
        parts.add(Presence.exactly(CoordinateFormula.within(value.get(), axis.shape())));
      } else {
        parts.add(inside(index, axis.shape(), scope));
      }
    }
    Presence elements = of(tensor, access, scope.einsum());
    boolean isGiven = values.size() == axes.size();
    if (isGiven) {
      parts.add(Presence.ofSides(side -> side(elements, side).with(values, side)));
    } else if (!elements.must().equals(CoordinateFormula.Constant.TRUE)) {
      parts.add(Presence.UNKNOWN);
    }
    return Presence.all(parts);
  }

  private Presence of(Tensor tensor, Access access, Einsum reader) {
    Set<GenerationLoop> others = new HashSet<>(stopped.getOrDefault(tensor.name(), Set.of()));
    others.removeAll(stopping.get(reader));
    if (others.isEmpty()) {
      return of(tensor);
    }
    // Of an iteration that stopped there is the last generation, whichever it was.
    boolean isLast = access.indices().stream().anyMatch(Index.Last.class::isInstance);
    return isLast ? of(tensor) : of(tensor).atMost();
  }

  private static CoordinateFormula side(Presence presence, boolean isUpper) {
    return isUpper ? presence.may() : presence.must();
  }

  /** Where a coordinate that a table gives lies inside a tensor. */
  private Presence inside(Index index, long shape, CoordinateScope scope) {
    if (!(index instanceof Index.Gathered(Access table))) {
      return Presence.UNKNOWN;
    }
    return isBelow(tensors.get(table.tensor()), shape, scope)
        ? new Presence(CoordinateFormula.Constant.TRUE, of(table, scope).must())
        : Presence.UNKNOWN;
  }

  private boolean isBelow(Tensor table, long shape, CoordinateScope scope) {
    Optional<Long> selected =
        cascade.einsums().stream()
            .filter(einsum -> einsum.output().tensor().equals(table.name()))
            .flatMap(einsum -> einsum.populate().stream())
            .map(populate -> shapes.of(populate.from()))
            .findFirst();
    if (selected.isPresent()) {
      return selected.get() <= shape;
    }
    Distribution values = cascade.distributions().get(table.name());
    return switch (values) {
      case null -> false;
      case Distribution.Integers(Quantity least, Quantity most) ->
          isWithin(scope.sum(least), scope.sum(most), shape);
      case Distribution.Rising(Quantity first, Quantity last) ->
          isWithin(scope.sum(first), scope.sum(last), shape);
      case Distribution.Permutation _ -> shapes.of(table.ranks().getLast()) <= shape;
      case Distribution.Uniform _, Distribution.Normal _, Distribution.Signs _ -> false;
    };
  }

  private static boolean isWithin(
      Optional<CoordinateSum> least, Optional<CoordinateSum> most, long shape) {
    return least.isPresent()
        && most.isPresent()
        && least.get().isConstant()
        && most.get().isConstant()
        && least.get().constant() >= 0
        && most.get().constant() < shape;
  }
}
