package dev.weir.opencl.execute;

import dev.weir.opencl.kernel.AddressSpace;

/** What code compiled without optimisation executes: instructions of LLVM, and calls. */
public sealed interface Instruction {

  /** A load of one value through a pointer. */
  record Load(AddressSpace space, long bytes) implements Instruction {}

  /** A store of one value through a pointer. */
  record Store(AddressSpace space, long bytes) implements Instruction {}

  /**
   * A call of {@code vloadN} or {@code vload_halfN}: {@code lanes} neighbouring elements, {@code
   * bytes} in all.
   */
  record VectorLoad(AddressSpace space, int lanes, long bytes) implements Instruction {}

  /**
   * A call of {@code vstoreN} or {@code vstore_halfN}: {@code lanes} neighbouring elements, {@code
   * bytes} in all.
   */
  record VectorStore(AddressSpace space, int lanes, long bytes) implements Instruction {}

  /** A call of a function; {@code lanes} are those of its widest argument. */
  record Call(String function, int lanes) implements Instruction {}

  /** Any other instruction; {@code lanes} are those of its operands. */
  record Plain(Opcode opcode, int lanes) implements Instruction {}

  /** Instructions by the names that LLVM gives them. */
  enum Opcode {
    FADD(true),
    FSUB(true),
    FMUL(true),
    FDIV(true),
    FNEG(true),
    FCMP(true),
    ADD(true),
    SUB(true),
    MUL(true),
    SDIV(true),
    SREM(true),
    ICMP(true),
    AND(true),
    OR(true),
    XOR(true),
    SHL(true),
    SELECT(false),
    BITCAST(false),
    SEXT(false),
    ZEXT(false),
    TRUNC(false),
    INSERTELEMENT(false),
    EXTRACTELEMENT(false),
    SHUFFLEVECTOR(false),
    GETELEMENTPTR(false),
    ALLOCA(false),
    BR(false),
    PHI(false),
    RET(false);

    private final boolean isArithmetic;

    Opcode(boolean isArithmetic) {
      this.isArithmetic = isArithmetic;
    }

    /** Whether it computes a value, as opposed to moving or addressing one. */
    public boolean isArithmetic() {
      return isArithmetic;
    }
  }
}
