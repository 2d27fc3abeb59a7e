package dev.weir.opencl.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.kernel.Value.Operator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What constants decide, and what a loop does not change. Random kernels: {@code PassesTest}. */
class FoldingTest {

  private static final Array ARRAY = new Array("A", AddressSpace.GLOBAL, Type.INT, 8);
  private static final Value.Variable I = new Value.Variable("i", Type.INT);
  private static final Value.Variable J = new Value.Variable("j", Type.INT);
  private static final Value.Variable X = new Value.Variable("x", Type.INT);
  private static final Value ELEMENT = new Value.Element(ARRAY, whole(0));

  private static Value.Whole whole(long value) {
    return new Value.Whole(value);
  }

  private static Value infix(Operator operator, Value left, Value right) {
    return new Value.Infix(operator, left, right);
  }

  private static Statement store(Value value) {
    return new Statement.Assign(ARRAY, whole(0), value);
  }

  private static Statement when(Value condition, Statement... body) {
    return new Statement.If(condition, List.of(body));
  }

  private static Statement.Loop loop(Value.Variable counter, Statement... body) {
    return new Statement.Loop(counter, whole(0), whole(4), whole(1), false, List.of(body));
  }

  private static Value less(Value left, Value right) {
    return infix(Operator.LESS, left, right);
  }

  @Test
  void constantsThatAreAddedMeet() {
    Value sum = infix(Operator.ADD, infix(Operator.ADD, I, whole(31)), whole(1));
    Value none = infix(Operator.SUBTRACT, infix(Operator.ADD, I, whole(2)), whole(2));
    Value product = infix(Operator.MULTIPLY, whole(3), infix(Operator.ADD, whole(1), whole(4)));

    assertThat(Folding.of(List.of(store(sum), store(none), store(product))))
        .containsExactly(store(infix(Operator.ADD, I, whole(32))), store(I), store(whole(15)));
  }

  @Test
  void quotientsAndExtremesOfConstantsAreWorkedOut() {
    Value quotient = infix(Operator.DIVIDE, whole(80), whole(17));
    Value least = new Value.Call(Value.Function.MIN, List.of(whole(5), quotient));
    Value undefined = infix(Operator.REMAINDER, whole(5), whole(0));

    assertThat(Folding.of(List.of(store(least), store(undefined))))
        .containsExactly(store(whole(4)), store(undefined));
  }

  @Test
  void branchesThatConstantsDecideGo() {
    Statement taken = when(less(whole(1), whole(2)), store(I));
    Statement passed = when(new Value.Not(less(whole(1), whole(2))), store(I));

    assertThat(Folding.of(List.of(taken, passed))).containsExactly(store(I));
  }

  @Test
  void conditionsAreAskedOnce() {
    Value below = less(I, whole(7));
    Value both = infix(Operator.AND, below, less(J, whole(3)));

    assertThat(Folding.of(List.of(when(below, loop(J, when(both, store(J)))))))
        .containsExactly(when(below, loop(J, when(less(J, whole(3)), store(J)))));
  }

  @Test
  void whatMayHaveChangedIsAskedAgain() {
    Statement nested = when(less(ELEMENT, I), store(whole(9)), when(less(ELEMENT, I), store(I)));

    assertThat(Folding.of(List.of(nested))).containsExactly(nested);
  }

  @Test
  void whatALoopDoesNotChangeStandsInFrontOfIt() {
    Statement outside = new Statement.Declare(X, infix(Operator.MULTIPLY, I, whole(64)));
    Statement inner = loop(J, outside, store(infix(Operator.ADD, X, J)));

    assertThat(Hoisting.of(List.of(loop(I, inner))))
        .containsExactly(loop(I, outside, loop(J, store(infix(Operator.ADD, X, J)))));
  }

  @Test
  void loadsAndWhatMayHaveNoResultStay() {
    Statement load = new Statement.Declare(X, ELEMENT);
    Statement quotient =
        new Statement.Declare(
            new Value.Variable("y", Type.INT), infix(Operator.DIVIDE, whole(8), I));
    Statement.Loop loop = loop(J, load, quotient, store(J));

    assertThat(Hoisting.of(List.of(loop))).containsExactly(loop);
  }
}
