package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.GenerationLoop;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.Populate;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Stop;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Evaluates element by element, each when something first reads it, point by point with a map for a
 * point: no order of Einsums, no loop nests. The oracle of the evaluator, far slower.
 */
final class DemandEvaluator {

  private final Cascade cascade;
  private final Shapes shapes;
  private final Arithmetic arithmetic;
  private final Map<TensorName, DenseTensor> tensors = new HashMap<>();
  private final Set<String> known = new HashSet<>();
  private final List<List<GenerationLoop>> loops;

  private DemandEvaluator(
      Cascade cascade, Shapes shapes, Map<TensorName, DenseTensor> inputs, Arithmetic arithmetic) {
    this.arithmetic = arithmetic;
    this.cascade = cascade;
    this.shapes = shapes;
    this.loops = GenerationLoop.around(cascade.einsums(), cascade.iterativeRanks());
    tensors.putAll(inputs);
    tensors.putAll(ReferenceEvaluator.allocate(cascade, shapes));
  }

  static Map<TensorName, DenseTensor> evaluate(
      Cascade cascade, Shapes shapes, Map<TensorName, DenseTensor> inputs) {
    return evaluate(cascade, shapes, inputs, Arithmetic.DOUBLE);
  }

  static Map<TensorName, DenseTensor> evaluate(
      Cascade cascade, Shapes shapes, Map<TensorName, DenseTensor> inputs, Arithmetic arithmetic) {
    DemandEvaluator evaluator = new DemandEvaluator(cascade, shapes, inputs, arithmetic);
    for (Tensor tensor : cascade.tensors()) {
      evaluator.demandAll(tensor, new long[tensor.ranks().size()], 0);
    }
    return evaluator.tensors;
  }

  private void demandAll(Tensor tensor, long[] at, int depth) {
    if (depth == at.length) {
      get(tensor.name(), at.clone());
      return;
    }
    RankName rank = tensor.ranks().get(depth);
    long shape = shapes.of(rank) + (tensor.generations().equals(Optional.of(rank)) ? 1 : 0);
    for (at[depth] = 0; at[depth] < shape; at[depth]++) {
      demandAll(tensor, at, depth + 1);
    }
  }

  double get(TensorName name, long[] at) {
    DenseTensor tensor = tensors.get(name);
    boolean exists =
        IntStream.range(0, at.length).allMatch(i -> at[i] >= 0 && at[i] < tensor.extent(i));
    if (exists && known.add(name + Arrays.toString(at))) {
      for (int i = 0; i < cascade.einsums().size(); i++) {
        if (cascade.einsums().get(i).output().tensor().equals(name)) {
          write(i, at, tensor);
        }
      }
    }
    return tensor.get(at);
  }

  private void write(int place, long[] at, DenseTensor tensor) {
    Einsum einsum = cascade.einsums().get(place);
    Map<RankName, Long> point = new HashMap<>();
    for (int i = 0; i < at.length; i++) {
      Index index = einsum.output().indices().get(i);
      if (index instanceof Index.Coordinate(RankName rank)) {
        point.put(rank, at[i]);
      } else if (index instanceof Index.Next(RankName rank) && at[i] > 0) {
        point.put(rank, at[i] - 1);
      } else if (index instanceof Index.Joined(RankName _, RankName outer, RankName inner)) {
        point.put(outer, at[i] / shapes.of(inner));
        point.put(inner, at[i] % shapes.of(inner));
      } else if (!index.equals(new Index.Fixed(at[i]))) {
        return;
      }
    }
    for (GenerationLoop loop : loops.get(place)) {
      OptionalLong end = stoppedAfter(loop, point);
      if (end.isPresent()) {
        keepNewest(einsum, loop.rank(), at, end.getAsLong());
        return;
      }
    }
    if (einsum.populate().isPresent()) {
      chosen(einsum, einsum.populate().get(), point).ifPresent(c -> tensor.set((double) c, at));
      return;
    }
    List<RankName> free = new ArrayList<>(einsum.iterationSpace());
    free.removeAll(point.keySet());
    free.sort(Comparator.comparing(rank -> splitInto(rank).isPresent()));
    List<Double> values = new ArrayList<>();
    collect(einsum, free, point, values);
    arithmetic.arrange(values);
    values.stream()
        .reduce((a, b) -> arithmetic.combine(einsum.reduction(), a, b))
        .ifPresent(value -> tensor.set(value, at));
  }

  /** The step before the one in the point that ended the loop, if there is any. */
  private OptionalLong stoppedAfter(GenerationLoop loop, Map<RankName, Long> point) {
    Optional<Stop> stop =
        cascade.stops().stream().filter(s -> s.ends(loop, cascade.einsums())).findFirst();
    for (long step = 0; stop.isPresent() && step < point.get(loop.rank()); step++) {
      PointEvaluator evaluator =
          new PointEvaluator(cascade, shapes, tensors, this::get, arithmetic);
      point.forEach(evaluator::moveTo);
      evaluator.moveTo(loop.rank(), step);
      if (evaluator.holds(stop.get().condition())) {
        return OptionalLong.of(step);
      }
    }
    return OptionalLong.empty();
  }

  /** The last generation of an iteration that has ended is the newest one that was made. */
  private void keepNewest(Einsum einsum, RankName rank, long[] at, long end) {
    int generations = einsum.output().indices().indexOf(new Index.Next(rank));
    if (generations >= 0 && at[generations] == shapes.of(rank)) {
      long[] newest = at.clone();
      newest[generations] = end + 1;
      TensorName name = einsum.output().tensor();
      tensors.get(name).set(get(name, newest), at);
    }
  }

  /** The coordinate before which, in the order, there are exactly as many as the slot says. */
  private Optional<Long> chosen(Einsum einsum, Populate populate, Map<RankName, Long> point) {
    long wanted = point.remove(populate.slot());
    Map<Long, Double> present = new HashMap<>();
    for (long coordinate = 0; coordinate < shapes.of(populate.from()); coordinate++) {
      List<Double> values = new ArrayList<>();
      point.put(populate.from(), coordinate);
      collect(einsum, List.of(), point, values);
      if (!values.isEmpty()) {
        present.put(coordinate, values.getFirst());
      }
    }
    for (Map.Entry<Long, Double> candidate : present.entrySet()) {
      Map<Long, Double> before = new HashMap<>(present);
      before.entrySet().removeIf(other -> !isBefore(populate, other, candidate));
      if (before.size() == wanted && isWanted(populate, before, point)) {
        return Optional.of(candidate.getKey());
      }
    }
    return Optional.empty();
  }

  private static boolean isBefore(
      Populate populate, Map.Entry<Long, Double> one, Map.Entry<Long, Double> other) {
    int order = Double.compare(one.getValue(), other.getValue());
    boolean isSmaller = order < 0;
    boolean isEqual = order == 0;
    boolean comesFirst =
        populate.order() == Populate.Order.SMALLEST_FIRST ? isSmaller : !isSmaller && !isEqual;
    return comesFirst || (isEqual && one.getKey() < other.getKey());
  }

  /** However few of those before it are taken, in their order, they are not enough. */
  private boolean isWanted(Populate populate, Map<Long, Double> before, Map<RankName, Long> point) {
    if (populate.mass().isEmpty()) {
      return true;
    }
    PointEvaluator evaluator = new PointEvaluator(cascade, shapes, tensors, this::get, arithmetic);
    point.forEach(evaluator::moveTo);
    double bound = evaluator.quantity(populate.mass().get());
    double sum = 0;
    for (double value : before.values().stream().sorted(Comparator.reverseOrder()).toList()) {
      sum += value;
      if (sum >= bound) {
        return false;
      }
    }
    return true;
  }

  private void collect(
      Einsum einsum, List<RankName> free, Map<RankName, Long> point, List<Double> values) {
    if (isOutside(point)) {
      return;
    }
    if (!free.isEmpty()) {
      for (long coordinate = 0; coordinate < shapes.of(free.getFirst()); coordinate++) {
        point.put(free.getFirst(), coordinate);
        collect(einsum, free.subList(1, free.size()), point, values);
      }
      point.remove(free.getFirst());
      return;
    }
    PointEvaluator evaluator = new PointEvaluator(cascade, shapes, tensors, this::get, arithmetic);
    point.forEach(evaluator::moveTo);
    if (einsum.condition().isEmpty() || evaluator.holds(einsum.condition().get())) {
      OptionalDouble value = evaluator.evaluate(einsum.value());
      value.ifPresent(values::add);
    }
  }

  /** Beyond the shape of a split rank. */
  private boolean isOutside(Map<RankName, Long> point) {
    return cascade.partitions().stream()
        .filter(s -> point.containsKey(s.outer()) && point.containsKey(s.inner()))
        .anyMatch(
            s ->
                point.get(s.outer()) * shapes.of(s.inner()) + point.get(s.inner())
                    >= shapes.of(s.parent()));
  }

  private Optional<Partition> splitInto(RankName inner) {
    return cascade.partitions().stream().filter(split -> split.inner().equals(inner)).findFirst();
  }
}
