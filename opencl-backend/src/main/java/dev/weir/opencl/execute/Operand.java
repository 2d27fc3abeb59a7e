package dev.weir.opencl.execute;

import dev.weir.opencl.kernel.Type;
import java.util.List;
import java.util.Optional;

/**
 * A compiled value.
 *
 * @param type its lanes
 * @param register where its first lane is
 * @param stride registers from one lane to the next: 0 for a scalar and for one in every lane
 * @param form what unoptimised code made of it so far
 * @param known its lanes, where a compiler evaluates the expression
 */
record Operand(Type type, int register, int stride, Form form, Optional<List<Double>> known) {

  /** What unoptimised code made of a value so far. */
  sealed interface Form {

    /** The result of an instruction. */
    record Computed() implements Form {}

    /** A constant: what is computed from constants only costs no instruction. */
    record Constant() implements Form {}

    /** A comparison's single bit, which becomes an int only where one is needed. */
    record Truth() implements Form {}

    /** A product that is not computed yet, as a sum may fuse it. */
    record Product(Operand left, Operand right) implements Form {}
  }

  static final Form COMPUTED = new Form.Computed();
  static final Form CONSTANT = new Form.Constant();
  static final Form TRUTH = new Form.Truth();

  int lanes() {
    return type.lanes();
  }

  boolean isConstant() {
    return form instanceof Form.Constant;
  }

  boolean isFloating() {
    return Kinds.isFloating(type.kind());
  }

  Operand with(Form other) {
    return new Operand(type, register, stride, other, known);
  }
}
