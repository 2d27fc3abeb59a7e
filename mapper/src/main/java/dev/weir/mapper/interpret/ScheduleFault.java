package dev.weir.mapper.interpret;

import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.Site;

/**
 * A schedule that cannot be run: it reads what was not produced, produces something twice, or means
 * nothing. A schedule that was judged legal never does.
 */
public final class ScheduleFault extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient NodePath path;

  ScheduleFault(Site site, String message) {
    super("at '" + site + "' (" + site.path().steps() + "): " + message);
    this.path = site.path();
  }

  /** The node that was running. */
  public NodePath path() {
    return path;
  }
}
