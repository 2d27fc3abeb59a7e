package dev.weir.simulator.engine;

import dev.weir.simulator.machine.Cost;
import dev.weir.simulator.machine.Ranges;
import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.state.Stateful;
import dev.weir.simulator.stats.Segment;
import java.util.List;
import java.util.Optional;

/**
 * Tiles of a keep that move one after another.
 *
 * @param at where they lie; empty when nobody watches, as it would have to be copied
 */
record Move(List<Cost.OfTile> tiles, Segment.Direction direction, Optional<Ranges> at)
    implements Stateful {

  static Move of(Run run, List<Cost.OfTile> tiles, Segment.Direction direction, Ranges at) {
    return new Move(
        tiles, direction, run.recorder().isOn() ? Optional.of(at.copy()) : Optional.empty());
  }

  @Override
  public void walk(StateWalk walk) {
    walk.same(tiles);
    walk.same(direction);
    at.ifPresent(where -> where.walk(walk));
  }
}
