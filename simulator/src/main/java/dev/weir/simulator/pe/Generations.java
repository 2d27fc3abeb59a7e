package dev.weir.simulator.pe;

import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import java.util.ArrayList;
import java.util.List;

/** How many generations of a tensor a keep must hold at a time. */
final class Generations {

  /**
   * A compute below the keep.
   *
   * @param around what is around it below the iteration along the generations, outermost first
   */
  private record Site(Node.Compute compute, int stage, List<Turn> around) {}

  /** A node, told apart from others that are alike. */
  private record Turn(int number, Node node) {}

  private final Parts parts;
  private final TensorName tensor;
  private final RankName rank;
  private int turns;

  private Generations(Parts parts, TensorName tensor, RankName rank) {
    this.parts = parts;
    this.tensor = tensor;
    this.rank = rank;
  }

  /** Two if, in a step, the old one is still read after the new one is written. */
  static long held(Parts parts, Node.Keep keep, TensorName tensor) {
    return parts
        .generations(tensor)
        .filter(rank -> new Generations(parts, tensor, rank).overlap(keep.body()))
        .map(_ -> 2L)
        .orElse(1L);
  }

  private boolean overlap(Node body) {
    List<Site> sites = new ArrayList<>();
    collect(body, new ArrayList<>(), 0, sites);
    for (int writer = 0; writer < sites.size(); writer++) {
      for (int reader = 0; reader < sites.size(); reader++) {
        Site writes = sites.get(writer);
        Site reads = sites.get(reader);
        int later = reads.stage() - writes.stage();
        if (writes.compute().einsum().equals(tensor)
            && readsOld(reads)
            && (later > 0 || (later == 0 && reader > writer) || comesAgain(reads, writes))) {
          return true;
        }
      }
    }
    return false;
  }

  private void collect(Node node, List<Turn> around, int stage, List<Site> sites) {
    if (node instanceof Node.Compute compute) {
      sites.add(new Site(compute, stage, List.copyOf(around)));
      return;
    }
    boolean isIteration = node instanceof Node.Iterate iterate && iterate.rank().equals(rank);
    List<Turn> inside = isIteration ? new ArrayList<>() : new ArrayList<>(around);
    inside.add(new Turn(turns++, node));
    int inner =
        node instanceof Node.Stage own ? own.offset() : node instanceof Node.Pipeline ? 0 : stage;
    node.children().forEach(child -> collect(child, inside, inner, sites));
  }

  private boolean readsOld(Site site) {
    return parts
        .producer(site.compute().einsum())
        .value()
        .reads()
        .filter(access -> access.tensor().equals(tensor))
        .anyMatch(access -> access.indices().contains(new Index.Coordinate(rank)));
  }

  /** Whether a loop around both, over a rank that the tensor lacks, has more than one turn. */
  private boolean comesAgain(Site reads, Site writes) {
    for (int i = 0; i < Math.min(reads.around().size(), writes.around().size()); i++) {
      Turn turn = reads.around().get(i);
      if (turn.number() != writes.around().get(i).number()) {
        return false;
      }
      RankName looped =
          switch (turn.node()) {
            case Node.For loop -> loop.rank();
            case Node.Spatial loop -> loop.rank();
            case Node.Pipeline loop -> loop.rank();
            case Node.Iterate _,
                Node.Last _,
                Node.Keep _,
                Node.Seq _,
                Node.Par _,
                Node.Stage _,
                Node.Interleave _,
                Node.Compute _ ->
                rank;
          };
      if (!parts.has(tensor, looped)) {
        return true;
      }
    }
    return false;
  }
}
