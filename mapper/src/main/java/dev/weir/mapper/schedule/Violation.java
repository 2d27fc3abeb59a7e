package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.RankName;
import java.util.Locale;
import java.util.Optional;

/**
 * A rule that a schedule breaks.
 *
 * @param reason which rule, by its row in {@code docs/schedule.md}
 * @param path the node at fault, or the root for what stands above all nodes
 * @param subject which part of that node's text, or of the text above all nodes
 * @param message what is wrong, with what was got and expected
 * @param fix the nearest fix, when one is known
 */
public record Violation(
    Reason reason, NodePath path, Subject subject, String message, Optional<String> fix) {

  /** The rows of the table of legality. */
  public enum Reason {
    WRONG_CASCADE,
    UNKNOWN_NAME,
    MISPLACED,
    NOT_COVERED,
    RECOMPUTED,
    SKIP,
    INNER_BEFORE_OUTER,
    DEPENDENCE_REVERSED,
    NOWHERE_TO_LIVE,
    MAPPED_DIFFERENTLY,
    WRONG_INSTANCE,
    MULTICAST_OF_A_DEPENDENT_TENSOR,
    SPATIAL_REDUCTION_WITHOUT_REDUCE,
    POPULATE,
    IN_PLACE,
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

  /** What of a text is at fault; {@link ParsedSchedule} knows where it stands. */
  public sealed interface Subject {

    /** The head of the node. */
    record Head() implements Subject {}

    /**
     * A word in the head of the node.
     *
     * @param text the word
     * @param last whether the last one that reads so is meant: {@code Q} after {@code at} in {@code
     *     keep Q at Q}
     */
    record Word(String text, boolean last) implements Subject {}

    /** The name of the cascade that the schedule is for. */
    record CascadeName() implements Subject {}

    /** The rank whose shape the schedule binds, where it does so. */
    record BoundRank(RankName rank) implements Subject {}

    /** A word in the shape that the schedule binds to the rank. */
    record BoundShape(RankName rank, String text) implements Subject {}
  }

  /** Reason and message in one sentence. */
  public String sentence() {
    return reason.text() + ": " + message;
  }
}
