package dev.weir.opencl.gate;

import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.kernel.Value.Operator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Random kernels that use every statement and value there is, in combinations that no schedule
 * leads to. What they compute is defined: indices are within arrays, work-items write elements of
 * their own, divisors are not 0, and no value overflows. The same seed gives the same kernel.
 */
final class RandomKernel {

  private static final Array A = new Array("A", AddressSpace.GLOBAL, Type.FLOAT, 64);
  private static final Array N = new Array("N", AddressSpace.GLOBAL, Type.INT, 16);
  private static final Array O = new Array("O", AddressSpace.GLOBAL, Type.FLOAT, 128);
  private static final Array LOCAL = new Array("L", AddressSpace.LOCAL, Type.FLOAT, 64);
  private static final int OWN = 16;

  private final Random random;
  private final RandomValue values;
  private int names;

  private RandomKernel(long seed) {
    this.random = new Random(seed * 104_729 + 11);
    this.values = new RandomValue(random, A, N, LOCAL);
  }

  static KernelProgram program(long seed) {
    return new RandomKernel(seed).program();
  }

  /** Elements that are exact in single precision; those of a table are indices. */
  static Map<TensorName, double[]> inputs(long seed) {
    Random random = new Random(seed);
    double[] a = random.ints(A.length(), -16, 17).mapToDouble(value -> value / 8.0).toArray();
    double[] n = random.ints(N.length(), 0, 16).mapToDouble(value -> value).toArray();
    Map<TensorName, double[]> inputs = new HashMap<>();
    inputs.put(new TensorName("A"), a);
    inputs.put(new TensorName("N"), n);
    return inputs;
  }

  private KernelProgram program() {
    List<KernelBuffer> buffers =
        List.of(
            new KernelBuffer(new TensorName("A"), A, KernelBuffer.Role.INPUT),
            new KernelBuffer(new TensorName("N"), N, KernelBuffer.Role.INPUT),
            new KernelBuffer(new TensorName("O"), O, KernelBuffer.Role.OUTPUT));
    List<Statement> body = new ArrayList<>();
    body.add(new Statement.Declare(values.group(), new Value.GridPosition(true, 0)));
    body.add(new Statement.Declare(values.item(), new Value.GridPosition(false, 0)));
    body.add(clear(LOCAL, own(OWN), OWN));
    body.add(clear(O, global(), OWN));
    addPrivateArray(body, Type.FLOAT, 16);
    addPrivateArray(body, Type.FLOAT.withLanes(4), 3);
    addPrivateArray(body, Type.INT, 8);
    for (int i = 0; i < 8; i++) {
      statement(body, 2);
      if (random.nextInt(4) == 0) {
        body.add(new Statement.Barrier(values.pick(AddressSpace.LOCAL, AddressSpace.GLOBAL)));
      }
    }
    List<Long> items = List.of(values.pick(1L, 2L, 4L), 1L, 1L);
    Kernel kernel = new Kernel("random", buffers, List.of(2L, 1L, 1L), items, List.of(LOCAL), body);
    return new KernelProgram("random", buffers, List.of(kernel));
  }

  private String fresh(String prefix) {
    return prefix + names++;
  }

  /** First element of this work-item in local memory. */
  private Value own(long elements) {
    return new Value.Infix(Operator.MULTIPLY, values.item(), new Value.Whole(elements));
  }

  /** First element of this work-item in the output: four to a group. */
  private Value global() {
    Value number =
        new Value.Infix(
            Operator.ADD,
            new Value.Infix(Operator.MULTIPLY, values.group(), new Value.Whole(4)),
            values.item());
    return new Value.Infix(Operator.MULTIPLY, number, new Value.Whole(OWN));
  }

  private Statement clear(Array array, Value first, long elements) {
    Value.Variable i = new Value.Variable(fresh("i"), Type.INT);
    Value index = new Value.Infix(Operator.ADD, first, i);
    Value value =
        switch (array.element().kind()) {
          case FLOAT -> new Value.Real(0.5);
          case DOUBLE, HALF ->
              throw new IllegalArgumentException("random kernels are in single precision");
          case INT, MASK -> new Value.Whole(3);
        };
    Statement assign = new Statement.Assign(array, index, value);
    return new Statement.Loop(
        i,
        new Value.Whole(0),
        new Value.Whole(elements),
        new Value.Whole(1),
        random.nextBoolean(),
        List.of(assign));
  }

  private void addPrivateArray(List<Statement> body, Type element, long length) {
    Array array = new Array(fresh("p"), AddressSpace.PRIVATE, element, length);
    body.add(new Statement.DeclareArray(array));
    body.add(clear(array, new Value.Whole(0), length));
    values.add(array);
  }

  private void statement(List<Statement> body, int depth) {
    switch (random.nextInt(depth > 0 ? 10 : 7)) {
      case 0, 1 -> declare(body);
      case 2, 3 -> assign(body);
      case 4 -> body.add(assignNeighbours());
      case 5 -> body.add(scatter());
      case 6 -> body.add(unused());
      case 7 -> loop(body, depth);
      case 8 -> body.add(new Statement.If(values.mask(1, 2), block(depth)));
      case 9 -> body.add(new Statement.Block(block(depth)));
      default -> throw new IllegalStateException("no such statement");
    }
  }

  private List<Statement> block(int depth) {
    RandomValue.Names before = values.names();
    List<Statement> body = new ArrayList<>();
    int statements = 1 + random.nextInt(3);
    for (int i = 0; i < statements; i++) {
      statement(body, depth - 1);
    }
    values.restore(before);
    return body;
  }

  private void declare(List<Statement> body) {
    int lanes = values.pick(1, 1, 2, 4, 8);
    Type type = values.pick(Type.FLOAT, Type.INT, Type.MASK).withLanes(lanes);
    Value value = values.of(type, 3);
    Value.Variable variable = new Value.Variable(fresh("v"), type);
    body.add(new Statement.Comment("a value"));
    body.add(new Statement.Declare(variable, value));
    values.add(variable);
  }

  /** Functions whose last place differs from one library to the next, and numbers without end. */
  private Statement unused() {
    Type type = Type.FLOAT.withLanes(values.pick(1, 4));
    Value real = values.of(type, 2);
    Value end = new Value.Real(values.pick(Double.NaN, Double.NEGATIVE_INFINITY, 1.0));
    Value value =
        switch (random.nextInt(4)) {
          case 0 ->
              new Value.Call(
                  values.pick(Value.Function.EXP, Value.Function.LOG, Value.Function.TANH),
                  List.of(real));
          case 1 -> new Value.Call(Value.Function.POW, List.of(real, real));
          case 2 -> new Value.Select(values.mask(1, 1), values.broadcast(end, type.lanes()), real);
          default ->
              new Value.Select(
                  values.mask(1, 1), end, new Value.Negated(new Value.Real(Double.NaN)));
        };
    return new Statement.Declare(new Value.Variable(fresh("u"), value.type()), value);
  }

  /** The bounds keep loops from making ever larger values. */
  private Value bounded(Type type) {
    Value value = values.of(type, 3);
    return switch (type.kind()) {
      case FLOAT ->
          new Value.Call(
              Value.Function.CLAMP,
              List.of(
                  value,
                  values.broadcast(new Value.Real(-8), type.lanes()),
                  values.broadcast(new Value.Real(8), type.lanes())));
      case DOUBLE, HALF ->
          throw new IllegalArgumentException("random kernels are in single precision");
      case INT, MASK ->
          new Value.Call(
              Value.Function.MIN,
              List.of(
                  new Value.Call(Value.Function.MAX, List.of(value, new Value.Whole(-9))),
                  new Value.Whole(9)));
    };
  }

  private void assign(List<Statement> body) {
    Array array = values.anyPrivate();
    if (random.nextInt(3) == 0) {
      Value place = values.index(OWN - 1);
      Value index = new Value.Infix(Operator.ADD, global(), place);
      body.add(new Statement.Assign(O, index, bounded(Type.FLOAT)));
    } else if (random.nextInt(3) == 0) {
      Value index = new Value.Infix(Operator.ADD, values.index(OWN - 1), own(OWN));
      body.add(new Statement.Assign(LOCAL, index, bounded(Type.FLOAT)));
    } else {
      body.add(
          new Statement.Assign(array, values.index(array.length() - 1), bounded(array.element())));
    }
  }

  private Statement assignNeighbours() {
    int lanes = values.pick(2, 4, 8);
    Value value = bounded(Type.FLOAT.withLanes(lanes));
    Array array = values.privateFloats();
    return switch (random.nextInt(3)) {
      case 0 -> new Statement.AssignNeighbours(array, values.index(array.length() - lanes), value);
      case 1 ->
          new Statement.AssignNeighbours(
              LOCAL, new Value.Infix(Operator.ADD, own(OWN), values.index(OWN - lanes)), value);
      default ->
          new Statement.AssignNeighbours(
              O,
              new Value.Infix(
                  Operator.SUBTRACT,
                  new Value.Infix(Operator.ADD, global(), new Value.Whole(OWN - lanes)),
                  values.index(OWN - lanes)),
              value);
    };
  }

  private Statement scatter() {
    int lanes = values.pick(2, 4, 8, 16);
    Type type = Type.FLOAT.withLanes(lanes);
    Optional<Value> mask =
        random.nextBoolean() ? Optional.of(values.mask(lanes, 2)) : Optional.empty();
    boolean isLocal = random.nextBoolean();
    Value first = isLocal ? own(OWN) : global();
    Value indices = new Value.Infix(Operator.ADD, new Value.LaneNumbers(lanes), first);
    return new Statement.Scatter(isLocal ? LOCAL : O, indices, bounded(type), mask);
  }

  private void loop(List<Statement> body, int depth) {
    Value.Variable counter = new Value.Variable(fresh("i"), Type.INT);
    Value bound = random.nextBoolean() ? new Value.Whole(random.nextInt(4)) : values.index(3);
    Value step = new Value.Whole(1 + random.nextInt(2));
    RandomValue.Names before = values.names();
    values.addCounter(counter);
    List<Statement> inside = block(depth);
    values.restore(before);
    body.add(
        new Statement.Loop(
            counter,
            new Value.Whole(random.nextInt(2)),
            bound,
            step,
            random.nextBoolean(),
            inside));
  }
}
