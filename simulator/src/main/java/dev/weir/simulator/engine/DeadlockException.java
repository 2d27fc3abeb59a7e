package dev.weir.simulator.engine;

/**
 * A run came to a stop before its end, as everything waits for something that waits for it. The
 * message says who waits for whom, for which tiles, and since which cycle.
 */
public final class DeadlockException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  DeadlockException(String message) {
    super(message);
  }
}
