package dev.weir.opencl.execute;

import dev.weir.opencl.execute.Instruction.Opcode;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import java.util.List;

/**
 * The instructions that clang makes of printed kernels under {@code -cl-opt-disable}, as Oclgrind
 * executes and counts them. The rules, found from clang's output and tested against the counts:
 *
 * <ul>
 *   <li>Every parameter, variable, loop counter, array and list of lanes such as {@code (int4)(0,
 *       1, 2, 3)} is memory of the function ({@code alloca}, once a call): a parameter is stored on
 *       entry, a variable when it is declared, and each use of one is a load of private memory. A
 *       parameter that is a pointer has 8 bytes.
 *   <li>A variable that is declared {@code const} with a value that the compiler can evaluate is
 *       that constant wherever it is used. Literals, other such variables, lists of lanes and
 *       operators on them can be evaluated, calls and {@code NAN} cannot.
 *   <li>Operators on constants cost nothing. No other simplification takes place.
 *   <li>An index takes a {@code sext} unless constant, and a {@code getelementptr} unless it and
 *       the array's address are constants, as those of local arrays are. {@code array + i - j}
 *       moves the pointer twice.
 *   <li>A scalar beside a vector is spread by {@code insertelement} and {@code shufflevector},
 *       unless constant.
 *   <li>A comparison of scalars gives one bit. It takes a {@code zext} to become an int, none to be
 *       a condition; any other int takes {@code icmp} to be a condition. A comparison of vectors
 *       takes a {@code sext}.
 *   <li>A sum or difference one of whose operands is a product is a call of {@code llvm.fmuladd},
 *       the left product first; a subtracted product negates its left factor, a subtracted addend
 *       itself, each by {@code fneg} unless constant.
 *   <li>{@code c ? x : y} runs one side and ends in a {@code phi}; where both sides can be
 *       evaluated it is a {@code select}, with a {@code zext} that counts for a profile; where the
 *       condition can be evaluated only that side remains. A condition {@code !c} swaps the
 *       branches, and one that is a choice itself branches twice.
 *   <li>A loop branches on entry, at its condition, after its body and after its step; an {@code
 *       if} at its condition and after its body.
 *   <li>Functions of the printer are called, and their instructions count; Oclgrind splits the
 *       store of a list of lanes into one of nothing and one a lane.
 *   <li>A number taken as bits, or the other way round, is a {@code bitcast} unless constant, and
 *       cannot be evaluated.
 *   <li>Comparisons of vectors of doubles and choices between them convert their masks.
 * </ul>
 *
 * The counts of kernels with halves or doubles have not been tested against Oclgrind.
 */
final class UnoptimisedCode {

  private static final long POINTER_BYTES = 8;

  private UnoptimisedCode() {}

  /** A parameter that is a pointer, on entry. */
  static void parameter(Code code) {
    code.allocate();
    code.count(new Instruction.Store(AddressSpace.PRIVATE, POINTER_BYTES));
  }

  /** A variable takes its value. */
  static void storeVariable(Code code, Type type) {
    code.count(new Instruction.Store(AddressSpace.PRIVATE, type.bytes()));
  }

  static void loadVariable(Code code, Type type) {
    code.count(new Instruction.Load(AddressSpace.PRIVATE, type.bytes()));
  }

  /** A list of constant lanes: kept in memory of its own. */
  static void laneList(Code code, Type type) {
    code.allocate();
    storeVariable(code, type);
    loadVariable(code, type);
  }

  /** A scalar in every lane, unless constant. */
  static void spread(Code code, int lanes) {
    code.count(Opcode.INSERTELEMENT, lanes);
    code.count(Opcode.SHUFFLEVECTOR, lanes);
  }

  /** A comparison's bit as a condition, or any other int as one. */
  static void condition(Code code, Operand operand) {
    switch (operand.form()) {
      case Operand.Form.Truth _, Operand.Form.Constant _ -> {}
      case Operand.Form.Computed _, Operand.Form.Product _ -> code.count(Opcode.ICMP, 1);
    }
  }

  /** A comparison of operands of which one is no constant. */
  static void compare(Code code, boolean isFloating, int lanes) {
    code.count(isFloating ? Opcode.FCMP : Opcode.ICMP, lanes);
    if (lanes > 1) {
      code.count(Opcode.SEXT, lanes);
    }
  }

  /** An operator, but no comparison, on operands of which one is no constant. */
  static void operate(Code code, Value.Operator operator, boolean isFloating, int lanes) {
    code.count(opcode(operator, isFloating), lanes);
  }

  private static Opcode opcode(Value.Operator operator, boolean isFloating) {
    return switch (operator) {
      case ADD -> isFloating ? Opcode.FADD : Opcode.ADD;
      case SUBTRACT -> isFloating ? Opcode.FSUB : Opcode.SUB;
      case MULTIPLY -> isFloating ? Opcode.FMUL : Opcode.MUL;
      case DIVIDE -> isFloating ? Opcode.FDIV : Opcode.SDIV;
      case REMAINDER -> Opcode.SREM;
      case SHIFT_LEFT -> Opcode.SHL;
      case AND -> Opcode.AND;
      case OR -> Opcode.OR;
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL, NOT_EQUAL ->
          throw new IllegalArgumentException(operator.text() + " is a comparison");
    };
  }

  /** A product fused with what is added to it, one of both negated for a difference. */
  static void multiplyAdd(Code code, int lanes, boolean negates, Operand negated) {
    if (negates && !negated.isConstant()) {
      code.count(Opcode.FNEG, lanes);
    }
    code.count(new Instruction.Call("llvm.fmuladd", lanes));
  }

  /** The address of an array, as a function takes it or an offset is added to it. */
  static void address(Code code, AddressSpace space) {
    switch (space) {
      case GLOBAL -> code.count(new Instruction.Load(AddressSpace.PRIVATE, POINTER_BYTES));
      case LOCAL -> {}
      case PRIVATE -> code.count(Opcode.GETELEMENTPTR, 1);
    }
  }

  /**
   * An offset added to an address, or subtracted from it.
   *
   * @param isConstant whether the address is constant so far
   * @return whether it is constant now
   */
  static boolean offset(Code code, boolean isConstant, Operand offset, boolean isSubtracted) {
    if (!offset.isConstant()) {
      code.count(Opcode.SEXT, 1);
      if (isSubtracted) {
        code.count(Opcode.SUB, 1);
      }
    }
    boolean isConstantNow = isConstant && offset.isConstant();
    if (!isConstantNow) {
      code.count(Opcode.GETELEMENTPTR, 1);
    }
    return isConstantNow;
  }

  /** The load of one element; of a half it is a call. */
  static Instruction load(Array array) {
    long bytes = array.element().bytes();
    return array.element().kind() == Type.Kind.HALF
        ? new Instruction.VectorLoad(array.space(), 1, bytes)
        : new Instruction.Load(array.space(), bytes);
  }

  /** The store of one element; of a half it is a call. */
  static Instruction store(Array array) {
    long bytes = array.element().bytes();
    return array.element().kind() == Type.Kind.HALF
        ? new Instruction.VectorStore(array.space(), 1, bytes)
        : new Instruction.Store(array.space(), bytes);
  }

  /** The conversion of a mask between the widths of ints and doubles. */
  static void convertMask(Code code, Type.Kind compared, String to, int lanes) {
    if (compared == Type.Kind.DOUBLE && lanes > 1) {
      code.count(new Instruction.Call("convert_" + to + lanes, lanes));
    }
  }

  /** The address of an element. */
  static void element(Code code, AddressSpace space, Operand index) {
    boolean isConstant =
        switch (space) {
          case GLOBAL -> {
            address(code, space);
            yield false;
          }
          case LOCAL -> true;
          case PRIVATE -> false;
        };
    offset(code, isConstant, index, false);
  }

  /** A call of the printer's function that loads an index a lane, and what it does. */
  static void gather(Code code, Array array, int lanes) {
    code.count(new Instruction.Call(name("gather", array, lanes), lanes));
    Type value = array.element().loaded().withLanes(lanes);
    Type indices = Type.INT.withLanes(lanes);
    Profile body = code.profile();
    body.count(new Instruction.Plain(Opcode.ALLOCA, 1), 3);
    body.count(new Instruction.Store(AddressSpace.PRIVATE, POINTER_BYTES));
    body.count(new Instruction.Store(AddressSpace.PRIVATE, indices.bytes()));
    elementOfLane(body, indices, lanes);
    body.count(load(array), lanes);
    body.count(new Instruction.Store(AddressSpace.PRIVATE, value.bytes()));
    body.count(new Instruction.Plain(Opcode.GETELEMENTPTR, 1), lanes);
    body.count(
        new Instruction.Store(AddressSpace.PRIVATE, array.element().loaded().bytes()), lanes);
    body.count(new Instruction.Load(AddressSpace.PRIVATE, value.bytes()));
    body.count(Opcode.RET, 1);
  }

  /** A call of the printer's function that stores to an index a lane, but not its stores. */
  static void scatter(Code code, Array array, int lanes, boolean isMasked) {
    String name = name(isMasked ? "scatter_masked" : "scatter", array, lanes);
    code.count(new Instruction.Call(name, lanes));
    Type indices = Type.INT.withLanes(lanes);
    Profile body = code.profile();
    body.count(new Instruction.Plain(Opcode.ALLOCA, 1), isMasked ? 4 : 3);
    body.count(new Instruction.Store(AddressSpace.PRIVATE, POINTER_BYTES));
    body.count(new Instruction.Store(AddressSpace.PRIVATE, indices.bytes()));
    body.count(
        new Instruction.Store(
            AddressSpace.PRIVATE, array.element().loaded().withLanes(lanes).bytes()));
    if (isMasked) {
      body.count(new Instruction.Store(AddressSpace.PRIVATE, indices.bytes()));
      body.count(new Instruction.Load(AddressSpace.PRIVATE, indices.bytes()), lanes);
      body.count(new Instruction.Plain(Opcode.EXTRACTELEMENT, lanes), lanes);
      body.count(new Instruction.Plain(Opcode.ICMP, 1), lanes);
      body.count(new Instruction.Plain(Opcode.BR, 1), lanes);
    }
    body.count(Opcode.RET, 1);
  }

  /** What that function does for a lane that it stores. */
  static void scatterLane(Code code, Array array, int lanes, boolean isMasked) {
    Profile body = code.profile();
    body.count(
        new Instruction.Load(
            AddressSpace.PRIVATE, array.element().loaded().withLanes(lanes).bytes()));
    body.count(Opcode.EXTRACTELEMENT, lanes);
    elementOfLane(body, Type.INT.withLanes(lanes), 1);
    body.count(store(array));
    if (isMasked) {
      body.count(Opcode.BR, 1);
    }
  }

  private static void elementOfLane(Profile body, Type indices, int times) {
    body.count(new Instruction.Load(AddressSpace.PRIVATE, POINTER_BYTES), times);
    body.count(new Instruction.Load(AddressSpace.PRIVATE, indices.bytes()), times);
    body.count(new Instruction.Plain(Opcode.EXTRACTELEMENT, indices.lanes()), times);
    body.count(new Instruction.Plain(Opcode.SEXT, 1), times);
    body.count(new Instruction.Plain(Opcode.GETELEMENTPTR, 1), times);
  }

  /** Half of the lanes of a vector, of two lanes one. */
  static void half(Code code, int lanes) {
    code.count(lanes == 1 ? Opcode.EXTRACTELEMENT : Opcode.SHUFFLEVECTOR, lanes == 1 ? 2 : lanes);
  }

  private static String name(String what, Array array, int lanes) {
    String space = array.space().text().replace("__", "");
    return "%s_%s_%s%d".formatted(what, space, array.element().text(), lanes);
  }

  /** A call of a built-in function. */
  static void call(Code code, String function, List<Operand> arguments) {
    int lanes = arguments.stream().mapToInt(Operand::lanes).max().orElse(1);
    code.count(new Instruction.Call(function, lanes));
  }
}
