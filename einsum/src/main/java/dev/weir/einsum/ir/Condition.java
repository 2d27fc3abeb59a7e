package dev.weir.einsum.ir;

import java.util.List;
import java.util.stream.Stream;

/**
 * A predicate over rank variables and small integer tables; points where it is false are absent.
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

  /** An integer in a comparison. */
  sealed interface Quantity {

    /** A coordinate, a window offset or a table entry. */
    record OfIndex(Index index) implements Quantity {}

    /** The shape of a rank. */
    record OfShape(RankName rank) implements Quantity {}

    /** {@code left op right}. */
    record Combined(Quantity left, Arithmetic operator, Quantity right) implements Quantity {}

    /** Rank variables that it reads, possibly repeated. */
    default Stream<RankName> ranks() {
      return switch (this) {
        case OfIndex of -> of.index().ranks();
        case OfShape _ -> Stream.empty();
        case Combined c -> Stream.concat(c.left().ranks(), c.right().ranks());
      };
    }

    /** Indices that it reads; not those inside other indices. */
    default Stream<Index> indices() {
      return switch (this) {
        case OfIndex of -> Stream.of(of.index());
        case OfShape _ -> Stream.empty();
        case Combined c -> Stream.concat(c.left().indices(), c.right().indices());
      };
    }
  }

  /** Rank variables that it reads, possibly repeated. */
  default Stream<RankName> ranks() {
    return switch (this) {
      case Compare c -> Stream.concat(c.left().ranks(), c.right().ranks());
      case All all -> all.parts().stream().flatMap(Condition::ranks);
      case Any any -> any.parts().stream().flatMap(Condition::ranks);
      case Not not -> not.part().ranks();
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

  /** Integer operators; division and remainder round towards negative infinity. */
  enum Arithmetic {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    REMAINDER("%");

    private final String text;

    Arithmetic(String text) {
      this.text = text;
    }

    /** How it is written. */
    public String text() {
      return text;
    }

    /** The operator itself. */
    public long apply(long left, long right) {
      return switch (this) {
        case ADD -> left + right;
        case SUBTRACT -> left - right;
        case MULTIPLY -> left * right;
        case DIVIDE -> Math.floorDiv(left, right);
        case REMAINDER -> Math.floorMod(left, right);
      };
    }
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
