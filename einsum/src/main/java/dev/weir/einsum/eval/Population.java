package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Populate;
import dev.weir.einsum.ir.RankName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs a populate action: collects the values of every output fiber, orders them, writes places.
 */
final class Population {

  private record Entry(double value, long coordinate) {}

  private final Populate populate;
  private final LoopNest nest;
  private final ValueCompiler.ValueAt value;
  private final PointCompiler.PlaceAt place;
  private final Optional<PointCompiler.NumberAt> mass;
  private final DenseTensor output;
  private final int fromSlot;
  private final int slotSlot;
  private final long slots;
  private final Map<Integer, List<Entry>> found = new HashMap<>();
  private final Map<Integer, Double> masses = new HashMap<>();
  private final int stride;

  Population(Einsum einsum, Set<RankName> fixed, PointCompiler compiler) {
    this.populate = einsum.populate().orElseThrow();
    this.nest = new LoopNest(einsum, fixed, compiler);
    this.value = new ValueCompiler(compiler).value(einsum.value());
    this.place = compiler.place(einsum.output());
    this.mass = populate.mass().map(compiler::number);
    this.output = compiler.tensor(einsum.output().tensor());
    this.fromSlot = compiler.slot(populate.from());
    this.slotSlot = compiler.slot(populate.slot());
    this.slots = compiler.shapes().of(populate.slot());
    long[] point = compiler.newPoint();
    int first = place.at(point);
    point[slotSlot] = 1;
    this.stride = slots > 1 ? place.at(point) - first : 0;
  }

  void run(long[] point) {
    found.clear();
    ValueCompiler.Frame frame = new ValueCompiler.Frame(point);
    nest.run(
        point,
        at -> {
          double number = value.at(frame);
          if (frame.isPresent) {
            at[slotSlot] = 0;
            int first = place.at(at);
            found
                .computeIfAbsent(first, _ -> new ArrayList<>())
                .add(new Entry(number, at[fromSlot]));
            mass.ifPresent(bound -> masses.putIfAbsent(first, bound.at(at)));
          }
        });
    found.forEach(this::write);
    masses.clear();
  }

  private void write(int first, List<Entry> entries) {
    Comparator<Entry> byValue = Comparator.comparingDouble(Entry::value);
    entries.sort(
        (populate.order() == Populate.Order.LARGEST_FIRST ? byValue.reversed() : byValue)
            .thenComparingLong(Entry::coordinate));
    double bound = masses.getOrDefault(first, Double.POSITIVE_INFINITY);
    double sum = 0;
    for (int i = 0; i < Math.min(slots, entries.size()); i++) {
      if (i > 0 && mass.isPresent() && sum >= bound) {
        return;
      }
      output.array()[first + i * stride] = (double) entries.get(i).coordinate();
      sum += entries.get(i).value();
    }
  }
}
