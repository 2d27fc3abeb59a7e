package dev.weir.mapper.model;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.Distribution;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.LongStream;

/** What the interpreter counts with each of the values that the tables of a problem can have. */
public final class AllTables {

  private final List<Counts> runs = new ArrayList<>();

  private AllTables() {}

  /** Runs a problem with all of them. */
  public static AllTables of(Problem problem, long seed) {
    AllTables all = new AllTables();
    List<Tensor> tables =
        problem.cascade().tensors().stream()
            .filter(t -> problem.cascade().distributions().containsKey(t.name()))
            .toList();
    Map<TensorName, DenseTensor> inputs = new HashMap<>(RandomProblems.inputs(problem, seed));
    all.run(problem, tables, inputs);
    return all;
  }

  private void run(Problem problem, List<Tensor> tables, Map<TensorName, DenseTensor> inputs) {
    if (tables.isEmpty()) {
      runs.add(ScheduleInterpreter.run(problem, inputs).counts());
      return;
    }
    Tensor table = tables.getFirst();
    for (List<Long> values : values(problem, table)) {
      inputs.put(table.name(), filled(problem, table, values));
      run(problem, tables.subList(1, tables.size()), inputs);
    }
  }

  private static DenseTensor filled(Problem problem, Tensor table, List<Long> values) {
    long[] shape = table.ranks().stream().mapToLong(problem.shapes()::of).toArray();
    DenseTensor tensor = new DenseTensor(shape, table.empty());
    for (int at = 0; at < values.size(); at++) {
      long[] coordinate = new long[shape.length];
      long rest = at;
      for (int rank = shape.length - 1; rank >= 0; rank--) {
        coordinate[rank] = rest % shape[rank];
        rest /= shape[rank];
      }
      tensor.set(values.get(at), coordinate);
    }
    return tensor;
  }

  /** How many there are; many more than anyone would try where a table is large. */
  static double count(Problem problem) {
    double count = 1;
    for (Tensor table : problem.cascade().tensors()) {
      Distribution said = problem.cascade().distributions().get(table.name());
      if (said != null) {
        double each = entries(said, problem, table).size();
        double rows = 1;
        if (said instanceof Distribution.Permutation) {
          double length = problem.shapes().of(table.ranks().getLast());
          rows = size(problem, table) / length;
          each =
              LongStream.rangeClosed(1, (long) length).asDoubleStream().reduce(1, (a, b) -> a * b);
        } else {
          rows = size(problem, table);
        }
        count *= Math.pow(each, rows);
      }
    }
    return count;
  }

  private static long size(Problem problem, Tensor table) {
    return table.ranks().stream().mapToLong(problem.shapes()::of).reduce(1, (a, b) -> a * b);
  }

  private static List<Long> entries(Distribution said, Problem problem, Tensor table) {
    return switch (said) {
      case Distribution.Integers integers ->
          LongStream.rangeClosed(bound(integers.least(), problem), bound(integers.most(), problem))
              .boxed()
              .toList();
      case Distribution.Signs _ -> List.of(-1L, 1L);
      case Distribution.Permutation _ ->
          LongStream.range(0, problem.shapes().of(table.ranks().getLast())).boxed().toList();
      case Distribution.Uniform _, Distribution.Normal _, Distribution.Rising _ ->
          throw new IllegalArgumentException("has more values than can be tried: " + said);
    };
  }

  /** A number or a shape. */
  private static long bound(Quantity quantity, Problem problem) {
    return quantity instanceof Quantity.OfShape of
        ? problem.shapes().of(of.rank())
        : ((Index.Fixed) ((Quantity.OfIndex) quantity).index()).coordinate();
  }

  private static List<List<Long>> values(Problem problem, Tensor table) {
    Distribution said = problem.cascade().distributions().get(table.name());
    List<List<Long>> all = new ArrayList<>();
    boolean isPermutation = said instanceof Distribution.Permutation;
    int row = isPermutation ? Math.toIntExact(problem.shapes().of(table.ranks().getLast())) : 0;
    extend(entries(said, problem, table), size(problem, table), row, List.of(), all);
    return all;
  }

  private static void extend(
      List<Long> entries, long size, int row, List<Long> before, List<List<Long>> all) {
    if (before.size() == size) {
      all.add(before);
      return;
    }
    List<Long> inRow =
        row == 0 ? List.of() : before.subList(before.size() / row * row, before.size());
    for (long entry : entries) {
      if (!inRow.contains(entry)) {
        List<Long> more = new ArrayList<>(before);
        more.add(entry);
        extend(entries, size, row, more, all);
      }
    }
  }

  /** Words and operations by name; those that are 0 are left out. */
  static Map<String, Long> named(Counts counts) {
    Map<String, Long> named = new TreeMap<>();
    counts.trafficWords().forEach((key, count) -> named.put(key.toString(), count));
    counts.operations().forEach((key, count) -> named.put(key.toString(), count));
    named.values().removeIf(count -> count == 0);
    return named;
  }

  /** Means, rounded to the nearest whole number; room is the same whatever tables hold. */
  public Counts mean() {
    return new Counts(
        mean(Counts::trafficWords), mean(Counts::operations), runs.getFirst().peakOccupancyWords());
  }

  private <K extends Comparable<K>> SortedMap<K, Long> mean(Function<Counts, Map<K, Long>> part) {
    TreeMap<K, Long> sums = new TreeMap<>();
    for (Counts run : runs) {
      part.apply(run).forEach((key, count) -> sums.merge(key, count, Long::sum));
    }
    long tried = runs.size();
    sums.replaceAll((_, sum) -> Math.floorDiv(2 * sum + tried, 2 * tried));
    sums.values().removeIf(count -> count == 0);
    return sums;
  }

  /** The most of each. */
  Map<String, Long> most() {
    Map<String, Long> most = new TreeMap<>();
    runs.forEach(run -> named(run).forEach((name, count) -> most.merge(name, count, Math::max)));
    return most;
  }

  /** Whether every run counts this. */
  boolean isAlways(Counts counts) {
    return runs.stream().allMatch(run -> named(run).equals(named(counts)));
  }
}
