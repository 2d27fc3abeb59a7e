package dev.weir.simulator.pe;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Size;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds how the tiles of keeps are spread over the instances of their levels. Any use of a tensor
 * below a keep says so: in a legal schedule all of them agree.
 */
final class FullestTiles {

  private final Parts parts;

  FullestTiles(Parts parts) {
    this.parts = parts;
  }

  FullestTile of(Node.Keep keep, TensorName tensor) {
    List<FullestTile.Spread> loops = new ArrayList<>();
    find(keep.body(), keep.level(), tensor, loops);
    return new FullestTile(parts.layout(tensor), parts.space(), loops);
  }

  /** Leaves the loops around the first use there, if there is one. */
  private boolean find(
      Node node, LevelName level, TensorName tensor, List<FullestTile.Spread> loops) {
    int before = loops.size();
    switch (node) {
      case Node.Compute compute -> {
        return parts.uses(compute.einsum(), tensor);
      }
      case Node.Keep inner -> {
        if (inner.tensors().contains(tensor)) {
          return true;
        }
      }
      case Node.For loop -> loops.add(spread(loop.rank(), loop.tile(), false));
      case Node.Iterate loop -> loops.add(spread(loop.rank(), Size.of(1), false));
      case Node.Pipeline loop -> loops.add(spread(loop.rank(), loop.tile(), false));
      case Node.Spatial loop -> loops.add(spread(loop.rank(), loop.tile(), selects(loop, level)));
      case Node.Last _, Node.Seq _, Node.Par _, Node.Stage _, Node.Interleave _ -> {}
    }
    for (Node child : node.children()) {
      if (find(child, level, tensor, loops)) {
        return true;
      }
    }
    loops.subList(before, loops.size()).clear();
    return false;
  }

  private FullestTile.Spread spread(RankName rank, Size tile, boolean selects) {
    return new FullestTile.Spread(parts.space().number(rank), parts.problem().value(tile), selects);
  }

  private boolean selects(Node.Spatial loop, LevelName level) {
    Architecture architecture = parts.problem().architecture();
    return architecture.selectsInstance(loop.axis(), architecture.level(level).orElseThrow());
  }
}
