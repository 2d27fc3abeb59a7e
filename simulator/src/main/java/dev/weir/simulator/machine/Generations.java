package dev.weir.simulator.machine;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** How many generations of a tensor a keep holds at a time. */
final class Generations {

  /**
   * A compute below a keep.
   *
   * @param stage its stage in the pipeline around it
   * @param path where it stands
   * @param ancestors nodes around it, outermost first
   */
  private record Site(Node.Compute compute, int stage, NodePath path, List<Node> ancestors) {}

  private static final Node.Compute NOWHERE =
      new Node.Compute(new TensorName("none"), new UnitName("none"));

  private Generations() {}

  /**
   * Two if, within a step, a read of the old generation runs after the write of the new one: later
   * in the order, in a later stage, or in a later round of a loop around both over a rank that the
   * tensor lacks.
   */
  static long held(Node.Keep keep, TensorName tensor, TensorFacts facts) {
    Tensor declared = facts.tensor(tensor);
    if (declared.generations().isEmpty()) {
      return 1;
    }
    RankName iterated = declared.generations().get();
    Set<RankName> own = declared.ranks().stream().collect(Collectors.toSet());
    List<Site> sites = new ArrayList<>();
    collect(keep.body(), new Site(NOWHERE, 0, NodePath.ROOT, List.of()), sites);
    for (int writer = 0; writer < sites.size(); writer++) {
      for (int reader = 0; reader < sites.size(); reader++) {
        if (sites.get(writer).compute().einsum().equals(tensor)
            && readsOld(facts.producer(sites.get(reader).compute().einsum()), tensor, iterated)
            && runsAfter(sites, reader, writer, iterated, own)) {
          return 2;
        }
      }
    }
    return 1;
  }

  /**
   * @param around what is around the node; its compute is not looked at
   */
  private static void collect(Node node, Site around, List<Site> sites) {
    switch (node) {
      case Node.Compute compute ->
          sites.add(new Site(compute, around.stage(), around.path(), around.ancestors()));
      case Node.Stage stage -> collectBelow(node, stage.offset(), around, sites);
      case Node.Pipeline _ -> collectBelow(node, 0, around, sites);
      case Node.For _,
          Node.Spatial _,
          Node.Iterate _,
          Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Interleave _ ->
          collectBelow(node, around.stage(), around, sites);
    }
  }

  private static void collectBelow(Node node, int stage, Site around, List<Site> sites) {
    List<Node> ancestors = new ArrayList<>(around.ancestors());
    ancestors.add(node);
    for (int child = 0; child < node.children().size(); child++) {
      Site below = new Site(around.compute(), stage, around.path().child(child), ancestors);
      collect(node.children().get(child), below, sites);
    }
  }

  private static boolean readsOld(Einsum einsum, TensorName tensor, RankName iterated) {
    return einsum
        .value()
        .reads()
        .filter(access -> access.tensor().equals(tensor))
        .map(Access::indices)
        .anyMatch(indices -> indices.contains(new Index.Coordinate(iterated)));
  }

  private static boolean runsAfter(
      List<Site> sites, int reader, int writer, RankName iterated, Set<RankName> own) {
    Site read = sites.get(reader);
    Site write = sites.get(writer);
    int stages = read.stage() - write.stage();
    return stages > 0 || (stages == 0 && reader > writer) || repeats(read, write, iterated, own);
  }

  private static boolean repeats(Site reader, Site writer, RankName iterated, Set<RankName> own) {
    boolean repeats = false;
    List<Integer> mine = reader.path().steps();
    List<Integer> others = writer.path().steps();
    int most = Math.min(mine.size(), others.size());
    for (int i = 0; i < most && mine.subList(0, i).equals(others.subList(0, i)); i++) {
      switch (reader.ancestors().get(i)) {
        case Node.Iterate loop -> repeats = !loop.rank().equals(iterated) && repeats;
        case Node.For loop -> repeats |= !own.contains(loop.rank());
        case Node.Spatial loop -> repeats |= !own.contains(loop.rank());
        case Node.Pipeline loop -> repeats |= !own.contains(loop.rank());
        case Node.Last _,
            Node.Keep _,
            Node.Seq _,
            Node.Par _,
            Node.Stage _,
            Node.Interleave _,
            Node.Compute _ -> {}
      }
    }
    return repeats;
  }
}
