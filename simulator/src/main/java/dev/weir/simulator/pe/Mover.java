package dev.weir.simulator.pe;

import dev.weir.simulator.component.Flow;
import dev.weir.simulator.component.Service;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Moves tiles one after another. */
final class Mover {

  /**
   * A tile to move.
   *
   * @param service what it asks of ports
   * @param begins reads its words
   * @param ends has its words arrive
   */
  record Move(Service service, Runnable begins, Runnable ends) {}

  private final Clock clock;
  private final Flow flow = new Flow(Flow.Urgency.TILE);
  private final Deque<Move> moves = new ArrayDeque<>();
  private Runnable through = () -> {};
  private boolean isMoving;

  Mover(Clock clock) {
    this.clock = clock;
  }

  boolean isIdle() {
    return !isMoving;
  }

  /**
   * Moves all of them; only while idle.
   *
   * @param whenThrough called at the end, at once when no tile takes time
   */
  void move(List<Move> batch, Runnable whenThrough) {
    moves.addAll(batch);
    through = whenThrough;
    isMoving = true;
    next();
  }

  private void next() {
    while (!moves.isEmpty()) {
      Move move = moves.remove();
      move.begins().run();
      if (move.service().nominalCycles() > 0) {
        clock.start(
            flow,
            move.service(),
            () -> {
              move.ends().run();
              next();
            });
        return;
      }
      move.ends().run();
    }
    isMoving = false;
    through.run();
  }
}
