package dev.weir.simulator.engine;

import dev.weir.simulator.state.StateWalk;
import java.util.List;
import java.util.Optional;

/** Runs parts one after another; a part that is a phase ends with all its transfers. */
final class Sequential extends Activity {

  /** A part, and the phase that it is outside pipelines. */
  record Part(Activity activity, Optional<Phase> phase) {}

  private final List<Part> parts;
  private int at;

  Sequential(List<Part> parts) {
    this.parts = parts;
    parts.forEach(part -> adopt(part.activity(), this::partDone));
  }

  @Override
  void begin() {
    at = 0;
    parts.getFirst().activity().start();
  }

  private void partDone() {
    Optional<Phase> phase = parts.get(at).phase();
    if (phase.isEmpty() || phase.get().isOver(this)) {
      resume();
    }
  }

  @Override
  void resume() {
    at++;
    if (at == parts.size()) {
      finish();
    } else {
      parts.get(at).activity().start();
    }
  }

  @Override
  void walkRunning(StateWalk walk) {
    walk.same(at);
  }
}
