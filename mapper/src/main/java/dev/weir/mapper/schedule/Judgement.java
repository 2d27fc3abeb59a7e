package dev.weir.mapper.schedule;

import java.util.List;

/** Whether a schedule may be used at all. */
public sealed interface Judgement {

  /** No rule is broken. */
  record Legal() implements Judgement {}

  /** Rules that are broken, in the order of the text; at least one. */
  record Illegal(List<Violation> violations) implements Judgement {
    public Illegal {
      violations = List.copyOf(violations);
    }
  }

  default boolean isLegal() {
    return this instanceof Legal;
  }
}
