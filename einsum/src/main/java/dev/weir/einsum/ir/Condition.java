package dev.weir.einsum.ir;

import java.util.List;
import java.util.stream.Stream;

/**
 * A predicate over rank variables, shapes, scalars and values of tensors; points where it is false
 * are absent.
 */
public sealed interface Condition {

  /** {@code left < right} and its five relatives. */
  record Compare(Quantity left, Comparison comparison, Quantity right) implements Condition {}

  /** All of them hold. */
  record All(List<Condition> parts) implements Condition {
    public All {
      parts = List.copyOf(parts);
    }
  }

  /** At least one holds. */
  record Any(List<Condition> parts) implements Condition {
    public Any {
      parts = List.copyOf(parts);
    }
  }

  /** It does not hold. */
  record Not(Condition part) implements Condition {}

  /** Rank variables that it reads, possibly repeated. */
  default Stream<RankName> ranks() {
    return indices().flatMap(Index::ranks);
  }

  /** Whether coordinates and shapes alone decide it. */
  default boolean isWhole() {
    return switch (this) {
      case Compare c -> c.left().isWhole() && c.right().isWhole();
      case All all -> all.parts().stream().allMatch(Condition::isWhole);
      case Any any -> any.parts().stream().allMatch(Condition::isWhole);
      case Not not -> not.part().isWhole();
    };
  }

  /** Indices that it reads; not those inside other indices. */
  default Stream<Index> indices() {
    return switch (this) {
      case Compare c -> Stream.concat(c.left().indices(), c.right().indices());
      case All all -> all.parts().stream().flatMap(Condition::indices);
      case Any any -> any.parts().stream().flatMap(Condition::indices);
      case Not not -> not.part().indices();
    };
  }

  /** Order relations. */
  enum Comparison {
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    EQUAL("=="),
    NOT_EQUAL("!=");

    private final String text;

    Comparison(String text) {
      this.text = text;
    }

    /** How it is written. */
    public String text() {
      return text;
    }

    /** What holds of two numbers exactly where this does not. */
    public Comparison opposite() {
      return switch (this) {
        case LESS -> GREATER_OR_EQUAL;
        case LESS_OR_EQUAL -> GREATER;
        case GREATER -> LESS_OR_EQUAL;
        case GREATER_OR_EQUAL -> LESS;
        case EQUAL -> NOT_EQUAL;
        case NOT_EQUAL -> EQUAL;
      };
    }

    /** Whether it holds. */
    public boolean holds(double left, double right) {
      return switch (this) {
        case LESS -> left < right;
        case LESS_OR_EQUAL -> left <= right;
        case GREATER -> left > right;
        case GREATER_OR_EQUAL -> left >= right;
        case EQUAL -> left == right;
        case NOT_EQUAL -> left != right;
      };
    }

    /** Whether it holds. */
    public boolean holds(long left, long right) {
      return switch (this) {
        case LESS -> left < right;
        case LESS_OR_EQUAL -> left <= right;
        case GREATER -> left > right;
        case GREATER_OR_EQUAL -> left >= right;
        case EQUAL -> left == right;
        case NOT_EQUAL -> left != right;
      };
    }
  }
}
