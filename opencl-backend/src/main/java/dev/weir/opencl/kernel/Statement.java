package dev.weir.opencl.kernel;

import java.util.List;
import java.util.Optional;

/** A statement of a kernel. */
public sealed interface Statement {

  /** For the reader of the kernel: which Einsum, loop or tile follows. */
  record Comment(String text) implements Statement {}

  /** A named value that does not change. */
  record Declare(Value.Variable variable, Value value) implements Statement {}

  /** An array of this block, its elements unset. Local ones stand at the top of the kernel. */
  record DeclareArray(Array array) implements Statement {}

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
   */
  record Loop(
      Value.Variable counter,
      Value first,
      Value bound,
      Value step,
      boolean unrolled,
      List<Statement> body)
      implements Statement {
    public Loop {
      body = List.copyOf(body);
    }
  }

  /** The body where a scalar condition holds. */
  record If(Value condition, List<Statement> body) implements Statement {
    public If {
      body = List.copyOf(body);
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
