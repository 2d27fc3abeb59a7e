package dev.weir.einsum.exact;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Populate;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The elements of all tensors, and the only place that knows in which order they come: each is
 * computed when something first reads it, from the one Einsum whose left side it matches. So the
 * order of Einsums, iterative ranks inside others and generations that meet halfway need no rules
 * here.
 */
final class Elements {

  private enum State {
    UNKNOWN,
    BEGUN,
    KNOWN
  }

  /** A tensor, its values so far, and the Einsums that write it. */
  private static final class Stored {

    private final Tensor tensor;
    private final ExactValue empty;
    private final ExactTensor values;
    private final State[] states;
    private final List<IterationSpace> writers;

    private Stored(
        Tensor tensor,
        ExactValue empty,
        ExactTensor values,
        State state,
        List<IterationSpace> writers) {
      this.tensor = tensor;
      this.empty = empty;
      this.values = values;
      this.states = new State[values.size()];
      this.writers = writers;
      Arrays.fill(states, state);
    }
  }

  private final Cascade cascade;
  private final Shapes shapes;
  private final ExactArithmetic arithmetic;
  private final EarlyStops stops;
  private final Map<TensorName, Stored> stored = new HashMap<>();
  private final Map<RankName, Integer> slots = new HashMap<>();
  private final Map<Double, ExactValue> numbers = new HashMap<>();
  private final Map<TensorName, ExactValue> scalars = new HashMap<>();
  private final IdentityHashMap<Expression.Apply, Expression> inlined = new IdentityHashMap<>();

  Elements(
      Cascade cascade,
      Shapes shapes,
      Map<TensorName, DenseTensor> inputs,
      ExactArithmetic arithmetic) {
    this.cascade = cascade;
    this.shapes = shapes;
    this.arithmetic = arithmetic;
    this.stops = new EarlyStops(cascade, shapes);
    for (RankName rank : new TreeSet<>(cascade.ranks())) {
      slots.put(rank, slots.size());
    }
    for (Tensor tensor : cascade.tensors()) {
      stored.put(tensor.name(), store(tensor, inputs));
    }
  }

  private Stored store(Tensor tensor, Map<TensorName, DenseTensor> inputs) {
    long[] shape = shape(tensor, shapes);
    List<IterationSpace> writers =
        cascade.einsums().stream()
            .filter(einsum -> einsum.output().tensor().equals(tensor.name()))
            .map(einsum -> new IterationSpace(einsum, cascade, shapes, arithmetic))
            .toList();
    ExactValue empty = number(tensor.empty());
    if (tensor.role() == Tensor.Role.INPUT) {
      ExactTensor values = new ExactTensor(input(tensor.name(), shape, inputs), arithmetic);
      return new Stored(tensor, empty, values, State.KNOWN, writers);
    }
    return new Stored(tensor, empty, new ExactTensor(shape, empty), State.UNKNOWN, writers);
  }

  private static DenseTensor input(
      TensorName name, long[] shape, Map<TensorName, DenseTensor> inputs) {
    DenseTensor values = inputs.get(name);
    if (values == null || !Arrays.equals(values.shape(), shape)) {
      throw new IllegalArgumentException(
          "input %s has shape %s (got %s)"
              .formatted(
                  name,
                  Arrays.toString(shape),
                  values == null ? "no values" : Arrays.toString(values.shape())));
    }
    return values;
  }

  /** Elements a rank; one more along an iterative rank. */
  static long[] shape(Tensor tensor, Shapes shapes) {
    return tensor.ranks().stream()
        .mapToLong(r -> shapes.of(r) + (tensor.generations().equals(Optional.of(r)) ? 1 : 0))
        .toArray();
  }

  /** Every tensor; those of later Einsums last, so that no chain of reads grows long. */
  Map<TensorName, ExactTensor> all() {
    for (Einsum einsum : cascade.einsums()) {
      Stored tensor = stored.get(einsum.output().tensor());
      for (int at = 0; at < tensor.values.size(); at++) {
        get(tensor, at);
      }
    }
    Map<TensorName, ExactTensor> values = new HashMap<>();
    stored.forEach((name, tensor) -> values.put(name, tensor.values));
    return Map.copyOf(values);
  }

  ExactArithmetic arithmetic() {
    return arithmetic;
  }

  Shapes shapes() {
    return shapes;
  }

  int slot(RankName rank) {
    return slots.get(rank);
  }

  ExactValue number(double number) {
    return numbers.computeIfAbsent(number, arithmetic::number);
  }

  Expression inlined(Expression.Apply apply) {
    return inlined.computeIfAbsent(apply, Expression.Apply::inlined);
  }

  /** A scalar, which depends on shapes, numbers and other scalars only. */
  ExactValue scalar(TensorName name) {
    ExactValue known = scalars.get(name);
    if (known == null) {
      known = point().evaluate(cascade.scalars().get(name)).value();
      scalars.put(name, known);
    }
    return known;
  }

  /** The value that an absent element of a tensor has. */
  ExactValue empty(TensorName name) {
    return stored.get(name).empty;
  }

  /** The value at a coordinate; the empty one outside the shape. */
  ExactValue get(TensorName name, long[] coordinate) {
    Stored tensor = stored.get(name);
    int at = tensor.values.offset(coordinate);
    return at < 0 ? tensor.empty : get(tensor, at);
  }

  private ExactValue get(Stored tensor, int at) {
    if (tensor.states[at] == State.KNOWN) {
      return tensor.values.at(at);
    }
    long[] coordinate = tensor.values.coordinate(at);
    if (tensor.states[at] == State.BEGUN) {
      throw new IllegalStateException(
          tensor.tensor.name() + Arrays.toString(coordinate) + " needs itself");
    }
    tensor.states[at] = State.BEGUN;
    for (IterationSpace space : tensor.writers) {
      try {
        point(space.einsum(), coordinate)
            .ifPresent(point -> write(space, point, tensor, coordinate));
      } catch (ExactRefusal refusal) {
        throw refusal.in(tensor.tensor.name());
      }
    }
    tensor.states[at] = State.KNOWN;
    return tensor.values.at(at);
  }

  private ExactPoint point() {
    return new ExactPoint(this, new long[slots.size()]);
  }

  /** The point that the left side of an Einsum gives an element; none if it does not write it. */
  private Optional<ExactPoint> point(Einsum einsum, long[] coordinate) {
    ExactPoint point = point();
    for (int i = 0; i < coordinate.length; i++) {
      switch (einsum.output().indices().get(i)) {
        case Index.Coordinate c -> point.moveTo(c.rank(), coordinate[i]);
        case Index.Joined j -> {
          point.moveTo(j.outer(), coordinate[i] / shapes.of(j.inner()));
          point.moveTo(j.inner(), coordinate[i] % shapes.of(j.inner()));
        }
        case Index.Next n -> {
          if (coordinate[i] == 0) {
            return Optional.empty();
          }
          point.moveTo(n.rank(), coordinate[i] - 1);
        }
        case Index.Fixed f -> {
          if (coordinate[i] != f.coordinate()) {
            return Optional.empty();
          }
        }
        case Index.Last _, Index.Affine _, Index.HeadMap _, Index.Computed _, Index.Gathered _ ->
            throw new IllegalArgumentException("no left side: " + einsum.output());
      }
    }
    return isMade(einsum, coordinate, point) ? Optional.of(point) : Optional.empty();
  }

  /** Generation K is the newest one that an iteration made, and no step after a stop makes any. */
  private boolean isMade(Einsum einsum, long[] coordinate, ExactPoint point) {
    for (int i = 0; i < coordinate.length; i++) {
      if (einsum.output().indices().get(i) instanceof Index.Next n
          && coordinate[i] == shapes.of(n.rank())) {
        stops.lastStep(einsum, n.rank(), point).ifPresent(step -> point.moveTo(n.rank(), step));
      }
    }
    return stops.isReached(einsum, point);
  }

  private void write(IterationSpace space, ExactPoint point, Stored tensor, long[] coordinate) {
    Einsum einsum = space.einsum();
    if (einsum.populate().isEmpty()) {
      space
          .fold(point)
          .ifPresent(value -> tensor.values.set(tensor.values.offset(coordinate), value));
      return;
    }
    // One order fills all slots of its fiber.
    Populate populate = einsum.populate().get();
    List<Long> chosen = space.order(populate, point);
    int slot = einsum.output().indices().indexOf(new Index.Coordinate(populate.slot()));
    for (int i = 0; i < shapes.of(populate.slot()); i++) {
      coordinate[slot] = i;
      int at = tensor.values.offset(coordinate);
      tensor.states[at] = State.KNOWN;
      if (i < chosen.size()) {
        tensor.values.set(at, arithmetic.whole(chosen.get(i)));
      }
    }
  }
}
