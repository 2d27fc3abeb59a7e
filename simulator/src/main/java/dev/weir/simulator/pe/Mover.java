package dev.weir.simulator.pe;

import dev.weir.simulator.component.Delay;
import dev.weir.simulator.component.Flow;
import dev.weir.simulator.component.Service;
import dev.weir.simulator.stats.StallReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Moves tiles one after another. Those that are moved together are asked for together, and are
 * there together, when the slowest memory has what was written.
 */
final class Mover {

  /**
   * A tile to move.
   *
   * @param service what it asks of ports
   * @param answer from the request to its first word
   * @param settling from its last word until it can be read
   * @param begins reads its words
   * @param ends has its words arrive
   */
  record Move(
      Service service, Optional<Delay> answer, Delay settling, Runnable begins, Runnable ends) {}

  private final Clock clock;
  private final Flow flow = new Flow(Flow.Urgency.TILE);
  private final Deque<Move> moves = new ArrayDeque<>();
  private final List<Runnable> arrivals = new ArrayList<>();
  private Runnable through = () -> {};
  private boolean isMoving;
  private long requestedAt;
  private long settledAt;
  private Optional<StallReason.Latency> settles = Optional.empty();
  private Optional<StallReason.Latency> pausesFor = Optional.empty();

  Mover(Clock clock) {
    this.clock = clock;
  }

  boolean isIdle() {
    return !isMoving;
  }

  /** The memory that it waits for, and for nothing else. */
  Optional<StallReason.Latency> pausesFor() {
    return pausesFor;
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
    requestedAt = clock.now();
    settledAt = clock.now();
    next();
  }

  private void next() {
    while (!moves.isEmpty()) {
      Optional<Delay> answer = moves.element().answer();
      if (answer.isPresent() && requestedAt + answer.get().cycles() > clock.now()) {
        pause(answer.get().reason(), requestedAt + answer.get().cycles());
        return;
      }
      Move move = moves.remove();
      move.begins().run();
      if (move.service().nominalCycles() > 0) {
        clock.start(
            flow,
            move.service(),
            () -> {
              settle(move);
              next();
            });
        return;
      }
      settle(move);
    }
    if (settledAt > clock.now()) {
      pause(settles.orElseThrow(), settledAt);
      return;
    }
    isMoving = false;
    arrivals.forEach(Runnable::run);
    arrivals.clear();
    through.run();
  }

  private void pause(StallReason.Latency reason, long until) {
    pausesFor = Optional.of(reason);
    clock.start(
        flow,
        new Service(until - clock.now(), List.of()),
        () -> {
          pausesFor = Optional.empty();
          next();
        });
  }

  private void settle(Move move) {
    arrivals.add(move.ends());
    long settled = clock.now() + move.settling().cycles();
    if (settled > settledAt) {
      settledAt = settled;
      settles = Optional.of(move.settling().reason());
    }
  }
}
