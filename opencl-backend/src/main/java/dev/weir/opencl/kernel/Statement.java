package dev.weir.opencl.kernel;

import dev.weir.mapper.schedule.NodePath;
import java.util.List;
import java.util.Optional;

/**
 * A statement of a kernel. Some say which node of the schedule they come from: the first ones that
 * the node becomes, in every copy of them. Whoever rewrites a statement keeps that.
 */
public sealed interface Statement {

  /**
   * For the reader of the kernel: which Einsum, loop or tile follows.
   *
   * @param node of the schedule that begins here
   */
  record Comment(String text, Optional<NodePath> node) implements Statement {

    /** Where no node begins. */
    public Comment(String text) {
      this(text, Optional.empty());
    }
  }

  /** A named value that does not change. */
  record Declare(Value.Variable variable, Value value) implements Statement {}

  /**
   * An array of this block, its elements unset. Local ones stand at the top of the kernel.
   *
   * @param node the keep of the schedule whose room it is
   */
  record DeclareArray(Array array, Optional<NodePath> node) implements Statement {

    /** Of no keep. */
    public DeclareArray(Array array) {
      this(array, Optional.empty());
    }
  }

  /** {@code array[index] = value}. */
  record Assign(Array array, Value index, Value value) implements Statement {}

  /** The lanes of a value to neighbouring elements, from an index on. */
  record AssignNeighbours(Array array, Value index, Value value) implements Statement {}

  /** The lanes of a value, where the mask, if any, holds, to an index a lane. */
  record Scatter(Array array, Value indices, Value value, Optional<Value> mask)
      implements Statement {}

  /**
   * The counter from {@code first} in steps while it is below {@code bound}.
   *
   * @param unrolled whether the compiler is asked to unroll it fully
   * @param node the loop of the schedule that it is
   */
  record Loop(
      Value.Variable counter,
      Value first,
      Value bound,
      Value step,
      boolean unrolled,
      List<Statement> body,
      Optional<NodePath> node)
      implements Statement {
    public Loop {
      body = List.copyOf(body);
    }

    /** Of no loop of the schedule. */
    public Loop(
        Value.Variable counter,
        Value first,
        Value bound,
        Value step,
        boolean unrolled,
        List<Statement> body) {
      this(counter, first, bound, step, unrolled, body, Optional.empty());
    }

    /** The same around other statements. */
    public Loop around(List<Statement> other) {
      return new Loop(counter, first, bound, step, unrolled, other, node);
    }
  }

  /**
   * The body where a scalar condition holds.
   *
   * @param node of the schedule that asks for the condition
   */
  record If(Value condition, List<Statement> body, Optional<NodePath> node) implements Statement {
    public If {
      body = List.copyOf(body);
    }

    /** Of no node. */
    public If(Value condition, List<Statement> body) {
      this(condition, body, Optional.empty());
    }
  }

  /** Statements with names of their own. */
  record Block(List<Statement> body) implements Statement {
    public Block {
      body = List.copyOf(body);
    }
  }

  /**
   * All work-items of the work-group meet; memory of the space is consistent afterwards.
   *
   * @param space local or global
   */
  record Barrier(AddressSpace space) implements Statement {}

  /** The node of the schedule that begins with this statement; nothing where none does. */
  default Optional<NodePath> begun() {
    return switch (this) {
      case Comment comment -> comment.node();
      case DeclareArray declare -> declare.node();
      case Loop loop -> loop.node();
      case If branch -> branch.node();
      case Declare _, Assign _, AssignNeighbours _, Scatter _, Block _, Barrier _ ->
          Optional.empty();
    };
  }

  /** Statements inside this one. */
  default List<Statement> children() {
    return switch (this) {
      case Loop loop -> loop.body();
      case If branch -> branch.body();
      case Block block -> block.body();
      case Comment _, Declare _, DeclareArray _, Assign _ -> List.of();
      case AssignNeighbours _, Scatter _, Barrier _ -> List.of();
    };
  }
}
