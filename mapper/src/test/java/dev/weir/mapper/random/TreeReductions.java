package dev.weir.mapper.random;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Size;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Schedule trees that are simpler in one place: a node less, a smaller number, a clause less, a
 * plainer kind of node. No chain of such steps comes back to where it began.
 */
final class TreeReductions {

  private final List<LevelName> levels;
  private final List<ComputeUnit> units;

  TreeReductions(Architecture architecture) {
    this.levels = architecture.levels().stream().map(MemoryLevel::name).toList();
    this.units = architecture.units();
  }

  /** All simpler trees; nodes go before numbers shrink. */
  Stream<Node> of(Node root) {
    return Stream.concat(everywhere(root, true), everywhere(root, false));
  }

  private Stream<Node> everywhere(Node node, boolean structure) {
    List<Node> children = node.children();
    Stream<Node> below = Stream.empty();
    for (int i = 0; i < children.size(); i++) {
      int at = i;
      Stream<Node> simpler =
          everywhere(children.get(at), structure)
              .map(
                  child -> {
                    List<Node> others = new ArrayList<>(children);
                    others.set(at, child);
                    return node.withChildren(others);
                  });
      below = Stream.concat(below, simpler);
    }
    return Stream.concat(structure ? plainer(node) : smaller(node), below);
  }

  /** Fewer nodes, or a plainer kind of node. */
  private static Stream<Node> plainer(Node node) {
    return switch (node) {
      case Node.For l -> Stream.of(l.body());
      case Node.Spatial l -> Stream.of(l.body(), new Node.For(l.rank(), l.tile(), false, l.body()));
      case Node.Iterate l -> Stream.of(l.body());
      case Node.Last l -> Stream.of(l.body());
      case Node.Keep k -> Stream.of(k.body());
      case Node.Par p -> Stream.of(new Node.Seq(p.parts()));
      case Node.Interleave i -> Stream.of(new Node.Seq(i.parts()));
      case Node.Pipeline l -> {
        Node drained = withoutStages(l.body());
        yield Stream.of(drained, new Node.For(l.rank(), l.tile(), false, drained));
      }
      case Node.Seq _, Node.Stage _, Node.Compute _ -> Stream.empty();
    };
  }

  private static Node withoutStages(Node node) {
    return node instanceof Node.Stage stage
        ? stage.body()
        : node.withChildren(node.children().stream().map(TreeReductions::withoutStages).toList());
  }

  /** Smaller numbers, fewer clauses, levels further out, the first unit. */
  private Stream<Node> smaller(Node node) {
    return switch (node) {
      case Node.For l -> temporal(l);
      case Node.Spatial l -> spatial(l);
      case Node.Iterate l ->
          l.flow() ? Stream.of(new Node.Iterate(l.rank(), false, l.body())) : none();
      case Node.Keep k -> keep(k);
      case Node.Pipeline l ->
          sizes(l.tile()).map(tile -> new Node.Pipeline(l.rank(), tile, l.body()));
      case Node.Stage s ->
          Stream.of(0, s.offset() - 1)
              .filter(offset -> offset >= 0 && offset < s.offset())
              .map(offset -> new Node.Stage(offset, s.body()));
      case Node.Compute c ->
          units.stream()
              .map(ComputeUnit::name)
              .takeWhile(unit -> !unit.equals(c.unit()))
              .map(unit -> new Node.Compute(c.einsum(), unit));
      case Node.Last _, Node.Seq _, Node.Par _, Node.Interleave _ -> none();
    };
  }

  private static Stream<Node> none() {
    return Stream.empty();
  }

  private static Stream<Node> temporal(Node.For l) {
    Stream<Node> drained =
        l.flow()
            ? Stream.of(new Node.For(l.rank(), l.tile(), l.skip(), l.recompute(), false, l.body()))
            : none();
    Stream<Node> visiting =
        l.skip()
            ? Stream.of(new Node.For(l.rank(), l.tile(), false, l.recompute(), l.flow(), l.body()))
            : none();
    Stream<Node> tiles =
        sizes(l.tile())
            .map(tile -> new Node.For(l.rank(), tile, l.skip(), l.recompute(), l.flow(), l.body()));
    return Stream.of(drained, visiting, tiles).flatMap(nodes -> nodes);
  }

  private static Stream<Node> spatial(Node.Spatial l) {
    Stream<Node> fewer =
        l.multicast().stream()
            .sorted()
            .map(
                tensor ->
                    new Node.Spatial(
                        l.rank(),
                        l.tile(),
                        l.axis(),
                        without(l.multicast(), tensor),
                        l.reduce(),
                        l.recompute(),
                        l.body()));
    Stream<Node> tiles =
        sizes(l.tile())
            .map(
                tile ->
                    new Node.Spatial(
                        l.rank(),
                        tile,
                        l.axis(),
                        l.multicast(),
                        l.reduce(),
                        l.recompute(),
                        l.body()));
    return Stream.concat(fewer, tiles);
  }

  private static Set<TensorName> without(Set<TensorName> tensors, TensorName tensor) {
    Set<TensorName> others = new HashSet<>(tensors);
    others.remove(tensor);
    return others;
  }

  private Stream<Node> keep(Node.Keep k) {
    Stream<Node> fewer =
        k.tensors().stream()
            .filter(_ -> k.tensors().size() > 1)
            .map(
                tensor -> {
                  List<TensorName> others = new ArrayList<>(k.tensors());
                  others.remove(tensor);
                  return new Node.Keep(
                      others,
                      k.level(),
                      k.copies(),
                      k.doubleBuffered(),
                      k.refetch(),
                      k.inPlaceOf(),
                      k.body());
                });
    Stream<Node> single =
        k.doubleBuffered() ? Stream.of(with(k, k.level(), k.copies(), false)) : none();
    Stream<Node> plain =
        k.refetch() || k.inPlaceOf().isPresent()
            ? Stream.of(
                new Node.Keep(k.tensors(), k.level(), k.copies(), k.doubleBuffered(), k.body()))
            : none();
    Stream<Node> copies = sizes(k.copies()).map(n -> with(k, k.level(), n, k.doubleBuffered()));
    Stream<Node> outer =
        levels.stream()
            .takeWhile(level -> !level.equals(k.level()))
            .map(level -> with(k, level, k.copies(), k.doubleBuffered()));
    return Stream.of(fewer, single, plain, copies, outer).flatMap(nodes -> nodes);
  }

  private static Node with(Node.Keep k, LevelName level, Size copies, boolean doubleBuffered) {
    return new Node.Keep(
        k.tensors(), level, copies, doubleBuffered, k.refetch(), k.inPlaceOf(), k.body());
  }

  private static Stream<Size> sizes(Size size) {
    return size instanceof Size.Constant constant
        ? smallerThan(constant.value()).mapToObj(Size::of)
        : Stream.empty();
  }

  /** One, half of it, one less. */
  static LongStream smallerThan(long value) {
    return LongStream.of(1, value / 2, value - 1)
        .filter(smaller -> smaller >= 1 && smaller < value)
        .distinct();
  }
}
