package dev.weir.mapper.schedule;

import java.util.Locale;
import java.util.Optional;

/**
 * A rule that a schedule breaks.
 *
 * @param reason which rule, by its row in {@code docs/schedule.md}
 * @param path the node at fault
 * @param message what is wrong, with what was got and expected
 * @param fix the nearest fix, when one is known
 */
public record Violation(Reason reason, NodePath path, String message, Optional<String> fix) {

  /** The rows of the table of legality. */
  public enum Reason {
    UNKNOWN_NAME,
    MISPLACED,
    NOT_COVERED,
    RECOMPUTED,
    INNER_BEFORE_OUTER,
    DEPENDENCE_REVERSED,
    NOWHERE_TO_LIVE,
    MAPPED_DIFFERENTLY,
    WRONG_INSTANCE,
    MULTICAST_OF_A_DEPENDENT_TENSOR,
    SPATIAL_REDUCTION_WITHOUT_REDUCE,
    CAPACITY,
    OPERATION,
    REACH,
    SHARED_UNIT,
    TOO_WIDE,
    HAND_OVER,
    GENERATIONS,
    NOT_SUPPORTED_YET;

    /** The row's name. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ').replace("hand over", "hand-over");
    }
  }

  /** Reason and message in one sentence. */
  public String sentence() {
    return reason.text() + ": " + message;
  }
}
