package dev.weir.simulator.engine;

import dev.weir.simulator.machine.Cost;
import dev.weir.simulator.machine.Ranges;
import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.state.Stateful;
import dev.weir.simulator.stats.Segment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Writes generation 0 of the tensors of a keep. Its values are constants, so work does not wait:
 * the words pass while the first step runs, and before the phase ends.
 */
final class Initialiser implements TileMover.Owner, Stateful {

  private final TileMover mover;
  private final Run run;
  private final Deque<Move> queue = new ArrayDeque<>();
  private boolean moving;

  Initialiser(Run run, Phase phase) {
    this.run = run;
    this.mover = new TileMover(run, phase, this);
  }

  void write(List<Cost.OfTile> tiles, Ranges at) {
    if (!tiles.isEmpty()) {
      queue.add(Move.of(run, tiles, Segment.Direction.INITIALISE, at));
      pump();
    }
  }

  private void pump() {
    while (!moving && !queue.isEmpty()) {
      moving = !mover.move(queue.remove());
    }
  }

  @Override
  public void moved() {
    moving = false;
    pump();
  }

  @Override
  public void walk(StateWalk walk) {
    walk.same(moving);
    walk.same(queue.size());
    queue.forEach(move -> move.walk(walk));
    mover.walk(walk);
  }
}
