package dev.weir.opencl.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.kernel.Value.Operator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What constants decide, and what a loop does not change. Random kernels: {@code PassesTest}. */
class FoldingTest {

  private static final Array ARRAY = new Array("A", AddressSpace.GLOBAL, Type.INT, 8);
  private static final Value.Variable I = new Value.Variable("i", Type.INT);
  private static final Value.Variable J = new Value.Variable("j", Type.INT);
  private static final Value.Variable X = new Value.Variable("x", Type.INT);
  private static final Value ELEMENT = new Value.Element(ARRAY, whole(0));

  private static final long SEED = 20_261_129;

  private static final List<Operator> COMPARISONS =
      List.of(
          Operator.LESS,
          Operator.LESS_OR_EQUAL,
          Operator.GREATER,
          Operator.GREATER_OR_EQUAL,
          Operator.EQUAL,
          Operator.NOT_EQUAL);

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

  private static List<Statement> folded(List<Statement> body) {
    return Folding.of(body, List.of(3L, 1L, 1L), List.of(16L, 4L, 1L));
  }

  @Test
  void constantsThatAreAddedMeet() {
    Value sum = infix(Operator.ADD, infix(Operator.ADD, I, whole(31)), whole(1));
    Value none = infix(Operator.SUBTRACT, infix(Operator.ADD, I, whole(2)), whole(2));
    Value product = infix(Operator.MULTIPLY, whole(3), infix(Operator.ADD, whole(1), whole(4)));

    assertThat(folded(List.of(store(sum), store(none), store(product))))
        .containsExactly(store(infix(Operator.ADD, I, whole(32))), store(I), store(whole(15)));
  }

  @Test
  void quotientsAndExtremesOfConstantsAreWorkedOut() {
    Value quotient = infix(Operator.DIVIDE, whole(80), whole(17));
    Value least = new Value.Call(Value.Function.MIN, List.of(whole(5), quotient));
    Value undefined = infix(Operator.REMAINDER, whole(5), whole(0));

    assertThat(folded(List.of(store(least), store(undefined))))
        .containsExactly(store(whole(4)), store(undefined));
  }

  @Test
  void branchesThatConstantsDecideGo() {
    Statement taken = when(less(whole(1), whole(2)), store(I));
    Statement passed = when(new Value.Not(less(whole(1), whole(2))), store(I));

    assertThat(folded(List.of(taken, passed))).containsExactly(store(I));
  }

  @Test
  void conditionsAreAskedOnce() {
    Value below = less(I, whole(7));
    Value both = infix(Operator.AND, below, less(J, whole(3)));

    assertThat(folded(List.of(when(below, loop(J, when(both, store(J)))))))
        .containsExactly(when(below, loop(J, when(less(J, whole(3)), store(J)))));
  }

  @Test
  void whatMayHaveChangedIsAskedAgain() {
    Statement nested = when(less(ELEMENT, I), store(whole(9)), when(less(ELEMENT, I), store(I)));

    assertThat(folded(List.of(nested))).containsExactly(nested);
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

  /** A loop counter from 0 to 3, a work-item from 0 to 15, a group from 0 to 2. */
  @Test
  void boundsOfNumbersDecide() {
    Statement item = new Statement.Declare(X, new Value.GridPosition(false, 0));
    Value group = new Value.GridPosition(true, 0);
    Value inside =
        less(infix(Operator.ADD, infix(Operator.MULTIPLY, group, whole(16)), X), whole(48));
    Value beyond = infix(Operator.GREATER_OR_EQUAL, infix(Operator.REMAINDER, X, whole(4)), J);
    Value clamped = new Value.Call(Value.Function.MIN, List.of(X, whole(7)));

    assertThat(folded(List.of(item, when(inside, store(X))))).containsExactly(item, store(X));
    assertThat(folded(List.of(item, loop(J, when(less(X, J), when(beyond, store(X)))))))
        .containsExactly(item, loop(J, when(less(X, J), when(beyond, store(X)))));
    assertThat(folded(List.of(item, when(less(whole(7), clamped), store(X))))).isEmpty();
    assertThat(folded(List.of(item, when(less(X, whole(3)), when(less(X, whole(5)), store(X))))))
        .containsExactly(item, when(less(X, whole(3)), store(X)));
  }

  @Test
  void whatStandsOnBothSidesGoes() {
    Value start = infix(Operator.MULTIPLY, I, whole(64));
    Value both = less(infix(Operator.ADD, start, J), infix(Operator.ADD, start, whole(4)));

    assertThat(folded(List.of(when(both, store(J)))))
        .containsExactly(when(less(J, whole(4)), store(J)));
  }

  @Test
  void namesOfConditionsThatAreKnownGo() {
    Value.Variable visited = new Value.Variable("visited", Type.MASK);
    Statement declared = new Statement.Declare(visited, less(whole(0), whole(1)));

    assertThat(
            folded(
                List.of(declared, when(visited, store(I)), when(new Value.Not(visited), store(J)))))
        .containsExactly(store(I));
  }

  /** Every condition that is decided, against all values that its names can have. */
  @Test
  void randomConditionsAreDecidedAsEveryValueHasThem() {
    Random random = new Random(SEED);
    int decided = 0;
    for (int trial = 0; trial < 20_000; trial++) {
      Value condition =
          infix(COMPARISONS.get(random.nextInt(6)), number(random, 3), number(random, 3));
      Statement.Loop around = loop(I, loop(J, when(condition, store(whole(1)))));
      List<Statement> body = folded(List.of(around));
      Set<Boolean> truths = new HashSet<>();
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
          truths.add(value(condition, i, j) != 0);
        }
      }
      List<Statement> inner =
          ((Statement.Loop) ((Statement.Loop) body.getFirst()).body().getFirst()).body();
      if (inner.isEmpty()) {
        decided++;
        assertThat(truths).as("seed %d: %s", SEED, condition).containsExactly(false);
      } else if (inner.getFirst() instanceof Statement.If(Value left, _, _)) {
        for (int i = 0; i < 4; i++) {
          for (int j = 0; j < 4; j++) {
            assertThat(value(left, i, j))
                .as("seed %d: %s as %s", SEED, condition, left)
                .isEqualTo(value(condition, i, j));
          }
        }
      } else {
        decided++;
        assertThat(truths).as("seed %d: %s", SEED, condition).containsExactly(true);
      }
    }
    assertThat(decided).isGreaterThan(2_000);
  }

  private static Value number(Random random, int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      return List.of(I, J, whole(random.nextInt(9) - 2)).get(random.nextInt(3));
    }
    Value left = number(random, depth - 1);
    Value right = number(random, depth - 1);
    return switch (random.nextInt(7)) {
      case 0, 1 -> infix(Operator.ADD, left, right);
      case 2 -> infix(Operator.SUBTRACT, left, right);
      case 3 -> infix(Operator.MULTIPLY, left, whole(random.nextInt(7) - 3));
      case 4 -> new Value.Call(Value.Function.MIN, List.of(left, right));
      case 5 -> new Value.Call(Value.Function.MAX, List.of(left, right));
      default ->
          infix(
              random.nextBoolean() ? Operator.DIVIDE : Operator.REMAINDER,
              left,
              whole(1 + random.nextInt(4)));
    };
  }

  private static long value(Value value, long i, long j) {
    if (value instanceof Value.Whole(long number)) {
      return number;
    }
    if (value.equals(I) || value.equals(J)) {
      return value.equals(I) ? i : j;
    }
    long left = value(value.children().getFirst(), i, j);
    long right = value(value.children().getLast(), i, j);
    if (value instanceof Value.Call call) {
      return call.function() == Value.Function.MIN ? Math.min(left, right) : Math.max(left, right);
    }
    return value(((Value.Infix) value).operator(), left, right);
  }

  private static long value(Operator operator, long left, long right) {
    return switch (operator) {
      case ADD -> left + right;
      case SUBTRACT -> left - right;
      case MULTIPLY -> left * right;
      case DIVIDE -> left / right;
      case REMAINDER -> left % right;
      case LESS -> left < right ? 1 : 0;
      case LESS_OR_EQUAL -> left <= right ? 1 : 0;
      case GREATER -> left > right ? 1 : 0;
      case GREATER_OR_EQUAL -> left >= right ? 1 : 0;
      case EQUAL -> left == right ? 1 : 0;
      case NOT_EQUAL -> left != right ? 1 : 0;
      case AND, OR, SHIFT_LEFT -> throw new AssertionError(operator);
    };
  }
}
