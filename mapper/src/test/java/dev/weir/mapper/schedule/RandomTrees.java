package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.arch.VariantName;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** Random schedules of every form that the types allow; they need not make sense. */
final class RandomTrees {

  private final Random random;

  RandomTrees(long seed) {
    this.random = new Random(seed);
  }

  Schedule schedule() {
    return new Schedule(
        "s" + random.nextInt(100),
        random.nextBoolean() ? "" : "some words, (1) of them",
        "c",
        Map.of("T1", 3L, "Long_name", 70L),
        Map.of(new RankName("M0"), size(2)),
        node(6));
  }

  private Node node(int depth) {
    if (depth == 0) {
      return random.nextInt(3) > 0
          ? new Node.Compute(tensor(), unit())
          : new Node.Compute(
              tensor(), unit(), List.of(new VariantName("exp_fast"), new VariantName("log_2")));
    }
    return switch (random.nextInt(11)) {
      case 0 ->
          new Node.For(
              rank(),
              size(2),
              random.nextBoolean(),
              tensors(),
              random.nextBoolean(),
              node(depth - 1));
      case 1 ->
          new Node.Spatial(
              rank(),
              size(1),
              new AxisName("U.x" + random.nextInt(3)),
              tensors(),
              tensors(),
              tensors(),
              node(depth - 1));
      case 2 -> new Node.Iterate(rank(), random.nextBoolean(), node(depth - 1));
      case 3 -> new Node.Last(rank(), node(depth - 1));
      case 4, 5 ->
          new Node.Keep(
              List.of(tensor(), tensor()),
              new LevelName("L" + random.nextInt(3)),
              size(1),
              random.nextBoolean(),
              random.nextBoolean(),
              Optional.of(tensor()).filter(_ -> random.nextBoolean()),
              node(depth - 1));
      case 6 -> new Node.Seq(parts(depth));
      case 7 -> new Node.Par(parts(depth));
      case 8 -> new Node.Pipeline(rank(), size(1), node(depth - 1));
      case 9 -> new Node.Stage(random.nextInt(4), node(depth - 1));
      default -> new Node.Interleave(unit(), parts(depth));
    };
  }

  private List<Node> parts(int depth) {
    return IntStream.rangeClosed(0, random.nextInt(3)).mapToObj(_ -> node(depth - 1)).toList();
  }

  private Size size(int depth) {
    return switch (random.nextInt(depth == 0 ? 3 : 4)) {
      case 0 -> Size.of(1 + random.nextInt(300));
      case 1 -> new Size.Parameter(random.nextBoolean() ? "T1" : "Long_name");
      case 2 -> new Size.ShapeOf(rank());
      default -> new Size.Product(size(depth - 1), size(depth - 1));
    };
  }

  private Set<TensorName> tensors() {
    Set<TensorName> tensors = new HashSet<>();
    IntStream.range(0, random.nextInt(3)).forEach(_ -> tensors.add(tensor()));
    return tensors;
  }

  private RankName rank() {
    return new RankName(List.of("P", "M0", "Batch", "E_2").get(random.nextInt(4)));
  }

  private TensorName tensor() {
    return new TensorName("T" + random.nextInt(5));
  }

  private UnitName unit() {
    return new UnitName("Unit" + random.nextInt(2));
  }
}
