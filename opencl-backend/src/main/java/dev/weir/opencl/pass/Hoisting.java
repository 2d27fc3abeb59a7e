package dev.weir.opencl.pass;

import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.kernel.Value.Operator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Moves what a loop names and does not change in front of it: numbers that are made of nothing but
 * names from outside. Loads stay where the schedule has them.
 */
public final class Hoisting {

  private static final KernelRewriter LOOPS =
      new KernelRewriter(Hoisting::withoutInvariants, value -> value);

  private Hoisting() {}

  /** A body with everything in front of its loops that can be. */
  public static List<Statement> of(List<Statement> body) {
    return LOOPS.body(body);
  }

  private static List<Statement> withoutInvariants(Statement statement) {
    if (!(statement instanceof Statement.Loop loop)) {
      return List.of(statement);
    }
    Set<Value.Variable> own = new HashSet<>();
    own.add(loop.counter());
    List<Statement> moved = new ArrayList<>();
    List<Statement> left = new ArrayList<>();
    for (Statement inside : loop.body()) {
      if (inside instanceof Statement.Declare declare && isInvariant(declare.value(), own)) {
        moved.add(declare);
      } else {
        names(inside, own);
        left.add(inside);
      }
    }
    moved.add(loop.around(left));
    return moved;
  }

  private static boolean isInvariant(Value value, Set<Value.Variable> own) {
    return Folding.isFixed(value) && isSafe(value) && reads(value).noneMatch(own::contains);
  }

  private static Stream<Value> reads(Value value) {
    return Stream.concat(Stream.of(value), value.children().stream().flatMap(Hoisting::reads));
  }

  /** A loop may take no step: what it would not have worked out must have a result all the same. */
  private static boolean isSafe(Value value) {
    boolean divides =
        value instanceof Value.Infix infix
            && (infix.operator() == Operator.DIVIDE || infix.operator() == Operator.REMAINDER)
            && !(infix.right() instanceof Value.Whole(long divisor) && divisor > 0);
    return !divides && value.children().stream().allMatch(Hoisting::isSafe);
  }

  private static void names(Statement statement, Set<Value.Variable> own) {
    switch (statement) {
      case Statement.Declare declare -> own.add(declare.variable());
      case Statement.Comment _, Statement.DeclareArray _, Statement.Assign _ -> {}
      case Statement.AssignNeighbours _, Statement.Scatter _, Statement.Barrier _ -> {}
      case Statement.Loop _, Statement.If _, Statement.Block _ -> {}
    }
  }
}
