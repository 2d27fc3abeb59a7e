package dev.weir.opencl.pass;

import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Copies kernels with some statements and values replaced: those inside first, the statements of a
 * body before the values at its head.
 */
public final class KernelRewriter {

  private final Function<Statement, List<Statement>> statements;
  private final UnaryOperator<Value> values;

  /**
   * From two changes.
   *
   * @param statements what stands in place of a statement
   * @param values what stands in place of a value
   */
  public KernelRewriter(
      Function<Statement, List<Statement>> statements, UnaryOperator<Value> values) {
    this.statements = statements;
    this.values = values;
  }

  /** A program with everything replaced. */
  public KernelProgram rewrite(KernelProgram program) {
    return new KernelProgram(
        program.name(), program.buffers(), program.kernels().stream().map(this::rewrite).toList());
  }

  /** A kernel with everything replaced. */
  public Kernel rewrite(Kernel kernel) {
    return new Kernel(
        kernel.name(),
        kernel.arguments(),
        kernel.groups(),
        kernel.items(),
        kernel.localArrays(),
        body(kernel.body()));
  }

  /** Statements with everything replaced. */
  public List<Statement> body(List<Statement> body) {
    List<Statement> rewritten = new ArrayList<>();
    body.forEach(statement -> rewritten.addAll(statements.apply(inside(statement))));
    return rewritten;
  }

  private Statement inside(Statement statement) {
    return switch (statement) {
      case Statement.Comment _, Statement.DeclareArray _, Statement.Barrier _ -> statement;
      case Statement.Declare d -> new Statement.Declare(d.variable(), value(d.value()));
      case Statement.Assign a ->
          new Statement.Assign(a.array(), value(a.index()), value(a.value()));
      case Statement.AssignNeighbours a ->
          new Statement.AssignNeighbours(a.array(), value(a.index()), value(a.value()));
      case Statement.Scatter s ->
          new Statement.Scatter(
              s.array(), value(s.indices()), value(s.value()), s.mask().map(this::value));
      case Statement.Loop l -> {
        List<Statement> body = body(l.body());
        yield new Statement.Loop(
            l.counter(),
            value(l.first()),
            value(l.bound()),
            value(l.step()),
            l.unrolled(),
            body,
            l.node());
      }
      case Statement.If i -> {
        List<Statement> body = body(i.body());
        yield new Statement.If(value(i.condition()), body, i.node());
      }
      case Statement.Block b -> new Statement.Block(body(b.body()));
    };
  }

  /** A value with those that it is made of, and then itself, replaced. */
  public Value value(Value value) {
    return values.apply(value.withChildren(value.children().stream().map(this::value).toList()));
  }
}
