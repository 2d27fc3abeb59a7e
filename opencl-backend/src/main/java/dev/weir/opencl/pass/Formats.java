package dev.weir.opencl.pass;

import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.NumberFormat;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import java.util.List;

/**
 * Kernels in single precision as kernels in another format: types of arrays, variables, numbers and
 * conversions change, and nothing else. Loads and stores convert by themselves where an array holds
 * halves.
 */
public final class Formats {

  private final NumberFormat format;

  private Formats(NumberFormat format) {
    this.format = format;
  }

  /**
   * A program in another format.
   *
   * @param program in single precision
   * @return the program itself for single precision
   */
  public static KernelProgram of(KernelProgram program, NumberFormat format) {
    return switch (format) {
      case SINGLE -> program;
      case HALF_STORAGE, DOUBLE -> new Formats(format).program(program);
    };
  }

  private KernelProgram program(KernelProgram program) {
    return new KernelProgram(
        program.name(),
        program.buffers().stream().map(this::buffer).toList(),
        program.kernels().stream().map(this::kernel).toList());
  }

  private KernelBuffer buffer(KernelBuffer buffer) {
    return new KernelBuffer(buffer.tensor(), array(buffer.array()), buffer.role());
  }

  private Kernel kernel(Kernel kernel) {
    return new Kernel(
        kernel.name(),
        kernel.arguments().stream().map(this::buffer).toList(),
        kernel.groups(),
        kernel.items(),
        kernel.localArrays().stream().map(this::array).toList(),
        body(kernel.body()));
  }

  private Array array(Array array) {
    return new Array(
        array.name(), array.space(), element(array.element(), array.space()), array.length());
  }

  /** Type of the elements of an array of a space. */
  private Type element(Type type, AddressSpace space) {
    return switch (space) {
      case GLOBAL -> {
        boolean isHalf = format == NumberFormat.HALF_STORAGE && type.kind().equals(Type.Kind.FLOAT);
        yield isHalf ? Type.HALF.withLanes(type.lanes()) : computed(type);
      }
      case LOCAL, PRIVATE -> computed(type);
    };
  }

  /** Type of a value. */
  private Type computed(Type type) {
    return switch (type.kind()) {
      case FLOAT ->
          switch (format) {
            case SINGLE, HALF_STORAGE -> type;
            case DOUBLE -> Type.DOUBLE.withLanes(type.lanes());
          };
      case DOUBLE, HALF ->
          throw new IllegalArgumentException(
              "a kernel with " + type.text() + " (expected one in single precision)");
      case INT, MASK -> type;
    };
  }

  private Value.Variable variable(Value.Variable variable) {
    return new Value.Variable(variable.name(), computed(variable.type()));
  }

  private List<Statement> body(List<Statement> body) {
    return body.stream().map(this::statement).toList();
  }

  private Statement statement(Statement statement) {
    return switch (statement) {
      case Statement.Comment _, Statement.Barrier _ -> statement;
      case Statement.DeclareArray d -> new Statement.DeclareArray(array(d.array()), d.node());
      case Statement.Declare d -> new Statement.Declare(variable(d.variable()), value(d.value()));
      case Statement.Assign a ->
          new Statement.Assign(array(a.array()), value(a.index()), value(a.value()));
      case Statement.AssignNeighbours a ->
          new Statement.AssignNeighbours(array(a.array()), value(a.index()), value(a.value()));
      case Statement.Scatter s ->
          new Statement.Scatter(
              array(s.array()), value(s.indices()), value(s.value()), s.mask().map(this::value));
      case Statement.Loop l ->
          new Statement.Loop(
              variable(l.counter()),
              value(l.first()),
              value(l.bound()),
              value(l.step()),
              l.unrolled(),
              body(l.body()),
              l.node());
      case Statement.If i -> new Statement.If(value(i.condition()), body(i.body()), i.node());
      case Statement.Block b -> new Statement.Block(body(b.body()));
    };
  }

  private Value value(Value value) {
    List<Value> children = value.children().stream().map(this::value).toList();
    return switch (value) {
      case Value.Real number -> new Value.Real(number.value(), computed(number.type()));
      case Value.Variable variable -> variable(variable);
      case Value.ToFloat _ ->
          switch (format) {
            case SINGLE, HALF_STORAGE -> new Value.ToFloat(children.getFirst());
            case DOUBLE -> new Value.ToDouble(children.getFirst());
          };
      case Value.Element element -> new Value.Element(array(element.array()), children.getFirst());
      case Value.Neighbours n ->
          new Value.Neighbours(array(n.array()), children.getFirst(), n.lanes());
      case Value.Gathered gathered ->
          new Value.Gathered(array(gathered.array()), children.getFirst());
      case Value.Whole _, Value.LaneNumbers _, Value.GridPosition _ -> value;
      case Value.Broadcast _, Value.Infix _, Value.Call _, Value.Negated _, Value.Not _ ->
          value.withChildren(children);
      case Value.ToDouble _, Value.ToInt _, Value.Select _, Value.Half _ ->
          value.withChildren(children);
      case Value.ExponentialPolynomial _ ->
          switch (format) {
            case SINGLE, HALF_STORAGE -> value.withChildren(children);
            case DOUBLE -> new Value.Call(Value.Function.EXP, children);
          };
      case Value.ToBits _, Value.FromBits _ ->
          throw new IllegalArgumentException(
              value + " (expected no bits of numbers before their format is known)");
    };
  }
}
