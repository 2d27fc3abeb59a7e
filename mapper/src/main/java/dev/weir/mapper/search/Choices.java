package dev.weir.mapper.search;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.Size;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Choices for parameters that are sizes of tiles: of a rank of shape n, or of c × parameter
 * coordinates of it, all divisors of ⌈n ÷ c⌉ and all powers of two up to it. Where a parameter
 * splits several ranks, the smallest counts.
 */
public final class Choices {

  private final Schedule schedule;
  private final Map<RankName, Long> longest;
  private final Map<String, Long> most = new HashMap<>();

  private Choices(Schedule schedule, Map<RankName, Long> longest) {
    this.schedule = schedule;
    this.longest = longest;
  }

  /**
   * The template with derived choices for every parameter that is, or is a factor of, a tile or an
   * inner shape; other parameters keep their values.
   *
   * @param workload shapes of the unpartitioned ranks; not modified
   */
  public static Template derived(Cascade cascade, Schedule schedule, Map<RankName, Long> workload) {
    Map<RankName, Long> longest = new HashMap<>(workload);
    for (Partition split : cascade.partitions()) {
      longest.put(split.outer(), workload.get(split.parent()));
      longest.put(split.inner(), workload.get(split.parent()));
    }
    Choices choices = new Choices(schedule, longest);
    schedule.shapes().forEach((rank, size) -> choices.note(size, 1, longest.get(rank)));
    choices.collect(schedule.root());
    Map<String, List<Long>> values = new HashMap<>();
    choices.most.forEach((parameter, bound) -> values.put(parameter, sizesUpTo(bound)));
    return new Template(cascade, schedule, values);
  }

  /** Divisors of a number and powers of two up to it, ascending. */
  public static List<Long> sizesUpTo(long number) {
    TreeSet<Long> sizes = new TreeSet<>();
    for (long divisor = 1; divisor * divisor <= number; divisor++) {
      if (number % divisor == 0) {
        sizes.add(divisor);
        sizes.add(number / divisor);
      }
    }
    for (long power = 1; power <= number && power > 0; power *= 2) {
      sizes.add(power);
    }
    return new ArrayList<>(sizes);
  }

  private void collect(Node node) {
    switch (node) {
      case Node.For loop -> note(loop.tile(), 1, longest.get(loop.rank()));
      case Node.Spatial loop -> note(loop.tile(), 1, longest.get(loop.rank()));
      case Node.Pipeline loop -> note(loop.tile(), 1, longest.get(loop.rank()));
      case Node.Iterate _,
          Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Stage _,
          Node.Interleave _,
          Node.Compute _ -> {}
    }
    node.children().forEach(this::collect);
  }

  /** A factor beside others that are known. */
  private void note(Size size, long known, long range) {
    switch (size) {
      case Size.Parameter parameter ->
          most.merge(parameter.name(), Math.ceilDiv(range, known), Math::min);
      case Size.Product product -> {
        note(product.left(), Math.multiplyExact(known, least(product.right())), range);
        note(product.right(), Math.multiplyExact(known, least(product.left())), range);
      }
      case Size.Constant _, Size.ShapeOf _ -> {}
    }
  }

  private long least(Size size) {
    return switch (size) {
      case Size.Constant constant -> constant.value();
      case Size.Parameter _ -> 1;
      case Size.ShapeOf shape ->
          schedule.shapes().containsKey(shape.rank())
              ? least(schedule.shapes().get(shape.rank()))
              : longest.getOrDefault(shape.rank(), 1L);
      case Size.Product product ->
          Math.multiplyExact(least(product.left()), least(product.right()));
    };
  }
}
