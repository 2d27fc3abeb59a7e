package dev.weir.mapper.program;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.weir.mapper.program.Expressions.Node;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.util.List;
import java.util.Optional;

/**
 * Makes bytecode of expressions, so that the virtual machine compiles them as it does any hot
 * method.
 */
public final class Compiler {

  private static final int ARGUMENTS = 0;
  private static final int MEMORY = 1;
  private static final int FUNCTIONS = 2;
  private static final int FIRST_VARIABLE = 3;

  /** A variable of {@code run}, behind the program itself and its parameters. */
  private static final int FACTOR = 4;

  private static final ClassDesc LONGS = CD_long.arrayType();
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final ClassDesc QUOTIENT = ClassDesc.of(Quotient.class.getName());
  private static final ClassDesc FUNCTION = ClassDesc.of(Function.class.getName());
  private static final ClassDesc GENERATED =
      ClassDesc.of(Compiler.class.getPackageName() + ".Generated");
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(CD_void, LONGS, LONGS, FUNCTION.arrayType());
  private static final MethodTypeDesc BINARY = MethodTypeDesc.of(CD_long, CD_long, CD_long);
  private static final MethodTypeDesc DOUBLES = MethodTypeDesc.of(CD_double, CD_double, CD_double);
  private static final MethodTypeDesc OF = MethodTypeDesc.of(CD_long, LONGS, CD_int);

  /** Where a bound is less, all values fit a {@code long}, however the bound was rounded. */
  private static final double LARGEST = 1L << 61;

  private final Layout layout;
  private final Optional<Bound> bound;

  private Compiler(Layout layout) {
    this.layout = layout;
    this.bound = Bound.of(layout);
  }

  /**
   * A program.
   *
   * @param memory length of the memory that it needs
   */
  public record Compiled(Program program, int memory) {}

  /** A program for some expressions, in their order. */
  public static Compiled compile(Expressions expressions, List<Integer> results) {
    Layout layout = new Layout(expressions.nodes(), results);
    byte[] bytes = ClassFile.of().build(GENERATED, new Compiler(layout)::write);
    try {
      Lookup lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
      Object program = lookup.lookupClass().getDeclaredConstructor().newInstance();
      return new Compiled((Program) program, layout.memory());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a generated class cannot be loaded", e);
    }
  }

  private void write(ClassBuilder generated) {
    generated.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
    generated.withInterfaceSymbols(ClassDesc.of(Program.class.getName()));
    generated.withMethodBody(
        ConstantDescs.INIT_NAME,
        ConstantDescs.MTD_void,
        ClassFile.ACC_PUBLIC,
        code ->
            code.aload(0)
                .invokespecial(
                    ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                .return_());
    generated.withMethodBody("run", RUN, ClassFile.ACC_PUBLIC, this::writeRun);
    writeMethods(generated, true);
    if (bound.isPresent()) {
      writeMethods(generated, false);
    }
  }

  private void writeMethods(ClassBuilder generated, boolean isChecked) {
    for (int i = 0; i < layout.methods(); i++) {
      int method = i;
      generated.withMethodBody(
          name(method, isChecked),
          RUN,
          ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC,
          code -> new Method(code, method, isChecked).write());
    }
  }

  private static String name(int method, boolean isChecked) {
    return (isChecked ? "checked" : "unchecked") + method;
  }

  /** Where all values fit for certain, none is checked: that takes two thirds of the time. */
  private void writeRun(CodeBuilder code) {
    if (bound.isPresent()) {
      Label mayNotFit = code.newLabel();
      writeBound(code, bound.get());
      code.loadConstant(LARGEST).dcmpg().ifge(mayNotFit);
      callMethods(code, false);
      code.labelBinding(mayNotFit);
    }
    callMethods(code, true);
  }

  /** Puts a bound of all values on the stack. */
  private static void writeBound(CodeBuilder code, Bound bound) {
    code.loadConstant(bound.coefficient());
    for (int i = 0; i < bound.factors().size(); i++) {
      writeFactor(code, bound.factors().get(i));
      code.dstore(FACTOR);
      for (int power = bound.power(i); power > 0; power--) {
        code.dload(FACTOR).dmul();
      }
    }
  }

  /** A quotient that is rounded up is less than 1 above it; a factor is at least 1. */
  private static void writeFactor(CodeBuilder code, Bound.Factor factor) {
    code.aload(1).loadConstant(factor.argument()).laload().l2d();
    if (factor.divisor() == Bound.Factor.NONE) {
      code.loadConstant(1.0).invokestatic(MATH, "max", DOUBLES);
    } else {
      code.aload(1).loadConstant(factor.divisor()).laload().l2d().ddiv();
      code.loadConstant(1.0).dadd();
    }
  }

  private void callMethods(CodeBuilder code, boolean isChecked) {
    for (int method = 0; method < layout.methods(); method++) {
      code.aload(1).aload(2).aload(3).invokestatic(GENERATED, name(method, isChecked), RUN);
    }
    code.return_();
  }

  /** One of the methods between which the expressions are shared out. */
  private final class Method {

    private final CodeBuilder code;
    private final int method;
    private final boolean isChecked;

    /** By expression: its variable; 0 where it has none here. */
    private final int[] variableOf = new int[layout.nodes().size()];

    private int variables = FIRST_VARIABLE;

    Method(CodeBuilder code, int method, boolean isChecked) {
      this.code = code;
      this.method = method;
      this.isChecked = isChecked;
    }

    void write() {
      for (int expression : layout.expressions(method)) {
        operation(expression);
        variableOf[expression] = variables;
        code.lstore(variables);
        variables += 2;
        if (layout.isRemembered(expression)) {
          code.aload(MEMORY).loadConstant(layout.memoryOf(expression));
          code.lload(variableOf[expression]).lastore();
        }
      }
      if (method == layout.methods() - 1) {
        layout.left().forEach(this::result);
      }
      code.return_();
    }

    private void result(int result) {
      code.aload(MEMORY).loadConstant(result);
      value(layout.expressionOf(result));
      code.lastore();
    }

    /** Puts a value on the stack. */
    private void value(int expression) {
      if (variableOf[expression] != 0) {
        code.lload(variableOf[expression]);
      } else if (layout.isRemembered(expression)) {
        code.aload(MEMORY).loadConstant(layout.memoryOf(expression)).laload();
      } else {
        operation(expression);
      }
    }

    private void operation(int expression) {
      Node node = layout.nodes().get(expression);
      List<Integer> inputs = node.inputs();
      switch (node.operation()) {
        case CONSTANT -> code.loadConstant(node.value());
        case ARGUMENT -> code.aload(ARGUMENTS).loadConstant((int) node.value()).laload();
        case PLUS -> arithmetic(inputs, "addExact", Opcode.LADD);
        case MINUS -> arithmetic(inputs, "subtractExact", Opcode.LSUB);
        case TIMES -> arithmetic(inputs, "multiplyExact", Opcode.LMUL);
        case MOST -> binary(inputs, "max");
        case LEAST -> binary(inputs, "min");
        case CEILING -> ceiling(inputs.get(0), inputs.get(1));
        case IF_EQUAL -> ifEqual(inputs);
        case CALL -> call(expression, node);
      }
    }

    private void arithmetic(List<Integer> inputs, String checked, Opcode unchecked) {
      if (isChecked) {
        binary(inputs, checked);
      } else {
        inputs.forEach(this::value);
        code.with(OperatorInstruction.of(unchecked));
      }
    }

    private void binary(List<Integer> inputs, String name) {
      inputs.forEach(this::value);
      code.invokestatic(MATH, name, BINARY);
    }

    private void ceiling(int left, int right) {
      Node divisor = layout.nodes().get(right);
      boolean isConstant = divisor.operation() == Operation.CONSTANT;
      value(left);
      if (isConstant && Long.bitCount(divisor.value()) == 1) {
        code.loadConstant(divisor.value() - 1).ladd();
        code.loadConstant(Long.numberOfTrailingZeros(divisor.value())).lushr();
      } else {
        value(right);
        code.invokestatic(isConstant ? MATH : QUOTIENT, isConstant ? "ceilDiv" : "ceiling", BINARY);
      }
    }

    /** Works out one of two values that nothing else needs only where it is taken. */
    private void ifEqual(List<Integer> inputs) {
      Label otherwise = code.newLabel();
      Label end = code.newLabel();
      value(inputs.get(0));
      value(inputs.get(1));
      code.lcmp().ifne(otherwise);
      value(inputs.get(2));
      code.goto_(end).labelBinding(otherwise);
      value(inputs.get(3));
      code.labelBinding(end);
    }

    private void call(int expression, Node node) {
      int at = layout.inputsOf(expression);
      for (int i = 0; i < node.inputs().size(); i++) {
        code.aload(MEMORY).loadConstant(at + i);
        value(node.inputs().get(i));
        code.lastore();
      }
      code.aload(FUNCTIONS).loadConstant((int) node.value()).aaload();
      code.aload(MEMORY).loadConstant(at).invokeinterface(FUNCTION, "of", OF);
    }
  }
}
