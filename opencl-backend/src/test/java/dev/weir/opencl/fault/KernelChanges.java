package dev.weir.opencl.fault;

import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.pass.KernelRewriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Changes of kernels that say what they change by its meaning: which tensor, which operator, which
 * loop. One that finds nothing to change fails.
 */
final class KernelChanges {

  /** A change of kernels; the program as it is when it found nothing. */
  @FunctionalInterface
  interface Change extends UnaryOperator<KernelProgram> {}

  private KernelChanges() {}

  /** Replaces values. */
  static Change replacing(Function<Value, Optional<Value>> with) {
    return program ->
        new KernelRewriter(List::of, value -> with.apply(value).orElse(value)).rewrite(program);
  }

  /** Replaces statements. */
  static Change replacingStatements(Function<Statement, Optional<List<Statement>>> with) {
    return program ->
        new KernelRewriter(
                statement -> with.apply(statement).orElse(List.of(statement)), value -> value)
            .rewrite(program);
  }

  /** Removes the statement of that number among those that match, counted from 0. */
  static Change without(int number, Predicate<Statement> matches) {
    int[] seen = {0};
    return replacingStatements(
        statement ->
            matches.test(statement) && seen[0]++ == number
                ? Optional.of(List.of())
                : Optional.empty());
  }

  /** Changes what is assigned to a tensor. */
  static Change assigned(String tensor, Function<Value, Optional<Value>> with) {
    KernelRewriter inside = new KernelRewriter(List::of, value -> with.apply(value).orElse(value));
    return replacingStatements(
        statement ->
            switch (statement) {
              case Statement.Assign a when isOf(a.array(), tensor) ->
                  Optional.of(
                      List.of(new Statement.Assign(a.array(), a.index(), inside.value(a.value()))));
              case Statement.AssignNeighbours a when isOf(a.array(), tensor) ->
                  Optional.of(
                      List.of(
                          new Statement.AssignNeighbours(
                              a.array(), a.index(), inside.value(a.value()))));
              case Statement.Scatter s when isOf(s.array(), tensor) ->
                  Optional.of(
                      List.of(
                          new Statement.Scatter(
                              s.array(), s.indices(), inside.value(s.value()), s.mask())));
              case Statement.Assign _, Statement.AssignNeighbours _, Statement.Scatter _ ->
                  Optional.empty();
              case Statement.Comment _, Statement.Declare _, Statement.DeclareArray _ ->
                  Optional.empty();
              case Statement.Loop _, Statement.If _, Statement.Block _, Statement.Barrier _ ->
                  Optional.empty();
            });
  }

  /** Changes the mask under which a tensor is stored. */
  static Change storeMask(String tensor, Function<Statement.Scatter, Value> with) {
    return replacingStatements(
        statement ->
            statement instanceof Statement.Scatter s
                    && isOf(s.array(), tensor)
                    && s.mask().isPresent()
                ? Optional.of(
                    List.of(
                        new Statement.Scatter(
                            s.array(), s.indices(), s.value(), Optional.of(with.apply(s)))))
                : Optional.empty());
  }

  /** Changes the index at which a tensor is read. */
  static Change index(String tensor, boolean isGlobal, Function<Value, Optional<Value>> with) {
    KernelRewriter inside = new KernelRewriter(List::of, value -> with.apply(value).orElse(value));
    return replacing(
        value ->
            value instanceof Value.Element e && isIt(e.array(), tensor, isGlobal)
                ? Optional.of(new Value.Element(e.array(), inside.value(e.index())))
                : value instanceof Value.Gathered g && isIt(g.array(), tensor, isGlobal)
                    ? Optional.of(new Value.Gathered(g.array(), inside.value(g.indices())))
                    : Optional.empty());
  }

  private static boolean isIt(Array array, String tensor, boolean isGlobal) {
    return isOf(array, tensor) && isGlobal == array.name().equals(tensor);
  }

  /** Changes the end of the innermost loops over a rank that assign to a tensor. */
  static Change loopBound(String rank, String tensor, UnaryOperator<Value> with) {
    return replacingStatements(
        statement ->
            statement instanceof Statement.Loop loop
                    && isOver(loop, rank, tensor)
                    && loop.body().stream().noneMatch(inner -> holdsLoop(inner, rank, tensor))
                ? Optional.of(
                    List.of(
                        new Statement.Loop(
                            loop.counter(),
                            loop.first(),
                            with.apply(loop.bound()),
                            loop.step(),
                            false,
                            loop.body())))
                : Optional.empty());
  }

  private static boolean holdsLoop(Statement statement, String rank, String tensor) {
    return (statement instanceof Statement.Loop loop && isOver(loop, rank, tensor))
        || statement.children().stream().anyMatch(inner -> holdsLoop(inner, rank, tensor));
  }

  private static boolean isOver(Statement.Loop loop, String rank, String tensor) {
    return loop.counter().name().matches(rank + "(_\\d+)?") && assigns(loop, tensor);
  }

  /** Whether a statement, or one inside, writes a tensor. */
  static boolean assigns(Statement statement, String tensor) {
    return isAssignment(statement, tensor)
        || statement.children().stream().anyMatch(inner -> assigns(inner, tensor));
  }

  /** Whether a statement itself writes a tensor. */
  static boolean isAssignment(Statement statement, String tensor) {
    return switch (statement) {
      case Statement.Assign a -> isOf(a.array(), tensor);
      case Statement.AssignNeighbours a -> isOf(a.array(), tensor);
      case Statement.Scatter s -> isOf(s.array(), tensor);
      case Statement.Comment _, Statement.Declare _, Statement.DeclareArray _ -> false;
      case Statement.Loop _, Statement.If _, Statement.Block _, Statement.Barrier _ -> false;
    };
  }

  /** Replaces operations by what they were applied to. */
  static Change operation(
      Value.Operator operator, String left, String right, Function<Value.Infix, Value> with) {
    return replacing(value -> operation(value, operator, left, right, with));
  }

  static Optional<Value> operation(
      Value value,
      Value.Operator operator,
      String left,
      String right,
      Function<Value.Infix, Value> with) {
    return value instanceof Value.Infix infix
            && infix.operator() == operator
            && isOf(infix.left(), left)
            && isOf(infix.right(), right)
        ? Optional.of(with.apply(infix))
        : Optional.empty();
  }

  /** Whether a value is an element of a tensor. */
  static boolean isOf(Value value, String tensor) {
    return (value instanceof Value.Variable v && v.name().matches("v_" + tensor + "(_\\d+)?"))
        || (value instanceof Value.Element e && isOf(e.array(), tensor))
        || (value instanceof Value.Gathered g && isOf(g.array(), tensor));
  }

  /** Whether an array holds a tensor, a tile of it, or sums that will be it. */
  static boolean isOf(Array array, String tensor) {
    return array.name().matches("(sum_)?" + tensor + "(_[a-z0-9_]+)?");
  }

  static Value plus(Value value, long more) {
    return new Value.Infix(Value.Operator.ADD, value, new Value.Whole(more));
  }
}
