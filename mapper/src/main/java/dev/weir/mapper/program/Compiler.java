package dev.weir.mapper.program;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.weir.mapper.program.Expressions.Node;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.util.List;

/**
 * Makes bytecode of expressions, so that the virtual machine compiles them as it does any hot
 * method.
 */
public final class Compiler {

  private static final int ARGUMENTS = 0;
  private static final int MEMORY = 1;
  private static final int FUNCTIONS = 2;
  private static final int FIRST_VARIABLE = 3;

  private static final ClassDesc LONGS = CD_long.arrayType();
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final ClassDesc QUOTIENT = ClassDesc.of(Quotient.class.getName());
  private static final ClassDesc FUNCTION = ClassDesc.of(Function.class.getName());
  private static final ClassDesc GENERATED =
      ClassDesc.of(Compiler.class.getPackageName() + ".Generated");
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(CD_void, LONGS, LONGS, FUNCTION.arrayType());
  private static final MethodTypeDesc BINARY = MethodTypeDesc.of(CD_long, CD_long, CD_long);
  private static final MethodTypeDesc OF = MethodTypeDesc.of(CD_long, LONGS, CD_int);

  private final Layout layout;

  private Compiler(Layout layout) {
    this.layout = layout;
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
    for (int i = 0; i < layout.methods(); i++) {
      int method = i;
      generated.withMethodBody(
          name(method),
          RUN,
          ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC,
          code -> new Method(code, method).write());
    }
  }

  private static String name(int method) {
    return "part" + method;
  }

  private void writeRun(CodeBuilder code) {
    for (int method = 0; method < layout.methods(); method++) {
      code.aload(1).aload(2).aload(3).invokestatic(GENERATED, name(method), RUN);
    }
    code.return_();
  }

  /** One of the methods between which the expressions are shared out. */
  private final class Method {

    private final CodeBuilder code;
    private final int method;

    /** By expression: its variable; 0 where it has none here. */
    private final int[] variableOf = new int[layout.nodes().size()];

    private int variables = FIRST_VARIABLE;

    Method(CodeBuilder code, int method) {
      this.code = code;
      this.method = method;
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
        case PLUS -> exact(inputs, "addExact");
        case MINUS -> exact(inputs, "subtractExact");
        case TIMES -> exact(inputs, "multiplyExact");
        case MOST -> exact(inputs, "max");
        case LEAST -> exact(inputs, "min");
        case CEILING -> ceiling(inputs.get(0), inputs.get(1));
        case IF_EQUAL -> ifEqual(inputs);
        case CALL -> call(expression, node);
      }
    }

    private void exact(List<Integer> inputs, String name) {
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
