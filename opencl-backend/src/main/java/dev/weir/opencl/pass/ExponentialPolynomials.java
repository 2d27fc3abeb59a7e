package dev.weir.opencl.pass;

import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.kernel.Value.Operator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes exponentials out as short polynomials. With n the whole number next to x / ln 2, exp(x) is
 * 2^n times a polynomial of x - n ln 2, which lies within half of ln 2 around 0. Errors are at most
 * 3 units in the last place, as OpenCL C has it for its own exp; what lies below the normal range
 * is 0, and what exceeds 2^127.5 infinite. NaN stays NaN.
 */
public final class ExponentialPolynomials {

  /** 1.5 * 2^23: a sum with it has no fraction and its whole number in the lowest bits. */
  private static final float WHOLE = 0x1.8p23f;

  /** What floating-point numbers add to their exponent. */
  private static final int EXPONENT_BIAS = 127;

  private static final int FRACTION_BITS = 23;
  private static final double LOG2_E = 1.4426950408889634;

  /** ln 2 in two parts; products of the first with n are exact. */
  private static final double LN_2_HIGH = 0x1.63p-1;

  private static final double LN_2_LOW = -2.12194440e-4;

  /** 127.5 ln 2: beyond it the power of two is no number any more. */
  private static final double LARGEST = 88.3762626647;

  /** -126 ln 2: the logarithm of the smallest normal number. */
  private static final double SMALLEST = -87.3365447505;

  private final Set<String> names;
  private final List<Statement> before = new ArrayList<>();

  private ExponentialPolynomials(Set<String> names) {
    this.names = names;
  }

  /** Whether there is a polynomial of a degree: fewer terms are not exact enough. */
  public static boolean hasDegree(int degree) {
    return degree == 5 || degree == 6;
  }

  /**
   * Coefficients of the polynomial less 1, from the constant on: minimax for the relative error on
   * half of ln 2 around 0 (Remez), with a constant that leaves exp(0) at 1, then moved among
   * neighbours in single precision to where the largest error in units in the last place is least:
   * 1.05 and 0.1, not counting the roundings of the evaluation.
   */
  private static List<Double> coefficients(int degree) {
    return switch (degree) {
      case 5 ->
          List.of(
              0x1.face6p-25,
              0x1.fffff4p-1,
              0x1.fffd2ap-2,
              0x1.555a8p-3,
              0x1.57602ep-5,
              0x1.0fe70ep-7);
      case 6 ->
          List.of(
              0.0,
              0x1p+0,
              0x1.fffff8p-2,
              0x1.555444p-3,
              0x1.5559acp-5,
              0x1.126dcep-7,
              0x1.6ab9dap-10);
      default ->
          throw new IllegalArgumentException(
              "exp by a polynomial of degree %d (expected 5 or 6)".formatted(degree));
    };
  }

  /** The program with all of its exponentials written out. */
  public static KernelProgram of(KernelProgram program) {
    return new KernelProgram(
        program.name(),
        program.buffers(),
        program.kernels().stream().map(ExponentialPolynomials::kernel).toList());
  }

  private static Kernel kernel(Kernel kernel) {
    Set<String> names = new HashSet<>();
    Stream.concat(
            kernel.arguments().stream().map(KernelBuffer::array), kernel.localArrays().stream())
        .map(Array::name)
        .forEach(names::add);
    kernel.body().forEach(statement -> declared(statement, names));
    ExponentialPolynomials pass = new ExponentialPolynomials(names);
    return new KernelRewriter(pass::withWhatItNeeds, pass::value).rewrite(kernel);
  }

  private static void declared(Statement statement, Set<String> names) {
    switch (statement) {
      case Statement.Declare d -> names.add(d.variable().name());
      case Statement.DeclareArray d -> names.add(d.array().name());
      case Statement.Loop l -> names.add(l.counter().name());
      case Statement.Comment _, Statement.Assign _, Statement.AssignNeighbours _ -> {}
      case Statement.Scatter _, Statement.If _, Statement.Block _, Statement.Barrier _ -> {}
    }
    statement.children().forEach(child -> declared(child, names));
  }

  private List<Statement> withWhatItNeeds(Statement statement) {
    List<Statement> all = new ArrayList<>(before);
    before.clear();
    all.add(statement);
    return all;
  }

  private Value value(Value value) {
    return value instanceof Value.ExponentialPolynomial(int degree, Value operand)
        ? exponential(coefficients(degree), operand)
        : value;
  }

  private Value exponential(List<Double> coefficients, Value operand) {
    Value x = declared("exponent", operand);
    Value shifted = declared("shifted", plus(times(x, real(LOG2_E)), real(WHOLE + EXPONENT_BIAS)));
    Value whole = declared("whole", minus(shifted, real(WHOLE + EXPONENT_BIAS)));
    Value high = minus(x, times(whole, real(LN_2_HIGH)));
    Value rest = declared("rest", minus(high, times(whole, real(LN_2_LOW))));
    Value polynomial = real(coefficients.getLast());
    for (double coefficient : coefficients.reversed().subList(1, coefficients.size())) {
      Value product = times(polynomial, rest);
      polynomial = coefficient == 0 ? product : plus(product, real(coefficient));
    }
    Value bits =
        new Value.Infix(
            Operator.SHIFT_LEFT, new Value.ToBits(shifted), new Value.Whole(FRACTION_BITS));
    Value power = times(plus(polynomial, real(1)), new Value.FromBits(bits));
    Value bounded = select(Operator.LESS, x, real(SMALLEST), real(0), power);
    return declared(
        "exponential",
        select(Operator.GREATER, x, real(LARGEST), real(Double.POSITIVE_INFINITY), bounded));
  }

  private Value declared(String wanted, Value value) {
    if (value instanceof Value.Variable) {
      return value;
    }
    int number = 1;
    while (!names.add(wanted + "_" + number)) {
      number++;
    }
    Value.Variable variable = new Value.Variable(wanted + "_" + number, value.type());
    before.add(new Statement.Declare(variable, value));
    return variable;
  }

  private static Value select(
      Operator comparison, Value x, Value limit, Value then, Value otherwise) {
    int lanes = x.type().lanes();
    return new Value.Select(
        new Value.Infix(comparison, x, limit), broadcast(then, lanes), otherwise);
  }

  private static Value broadcast(Value value, int lanes) {
    return lanes == 1 ? value : new Value.Broadcast(value, lanes);
  }

  private static Value real(double value) {
    return new Value.Real(value);
  }

  private static Value plus(Value left, Value right) {
    return new Value.Infix(Operator.ADD, left, right);
  }

  private static Value minus(Value left, Value right) {
    return new Value.Infix(Operator.SUBTRACT, left, right);
  }

  private static Value times(Value left, Value right) {
    return new Value.Infix(Operator.MULTIPLY, left, right);
  }
}
