package dev.weir.simulator.engine;

import dev.weir.simulator.stats.PartialResult;
import java.util.concurrent.CancellationException;

/** A simulation was interrupted; it says what is known of the run so far. */
public final class InterruptedSimulationException extends CancellationException {

  private static final long serialVersionUID = 1L;

  private final transient PartialResult soFar;

  InterruptedSimulationException(String message, PartialResult soFar) {
    super(message);
    this.soFar = soFar;
  }

  public PartialResult soFar() {
    return soFar;
  }
}
