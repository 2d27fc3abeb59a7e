package dev.weir.einsum.check;

import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.ScalarFunction;
import dev.weir.einsum.ir.ScalarFunction.Direction;
import dev.weir.einsum.ir.ScalarFunction.Range;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Looks for arguments at which what is said of a function does not hold. A counterexample is a
 * certain one; that none is found proves nothing. Bodies that read shapes or scalars are not tried.
 */
final class FunctionFacts {

  /** Steps of each argument, on both sides of 0; not so large that exponentials overflow. */
  private static final double[] STEPS = {
    0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 14, 20, 30,
    50, 75, 100
  };

  private static final int TRIES_OF_SEVERAL = 400;
  private static final long SEED = 1;

  /** What rounding can do to the largest number on the way to a value, with much room. */
  private static final double ROUNDING = 1e-6;

  /** A value of the function, and how far it may be from the true one. */
  private record Sample(List<Double> arguments, double value, double error) {}

  private final ScalarFunction function;
  private double largest;
  private boolean isFinite;

  private FunctionFacts(ScalarFunction function) {
    this.function = function;
  }

  /** What is wrong with the range or the direction of a function, if anything is. */
  static Optional<String> contradiction(ScalarFunction function) {
    boolean isSaid =
        !function.range().equals(Range.ANY) || function.direction() != Direction.UNKNOWN;
    return isSaid && !readsShapes(function.body())
        ? new FunctionFacts(function).contradiction()
        : Optional.empty();
  }

  private static boolean readsShapes(Expression expression) {
    return switch (expression) {
      case Expression.ShapeValue _, Expression.ScalarRead _ -> true;
      case Expression.Apply apply ->
          readsShapes(apply.function().body())
              || apply.arguments().stream().anyMatch(FunctionFacts::readsShapes);
      case Expression.Literal _,
          Expression.Position _,
          Expression.Read _,
          Expression.Unary _,
          Expression.Binary _,
          Expression.Select _,
          Expression.Parameter _ ->
          expression.children().stream().anyMatch(FunctionFacts::readsShapes);
    };
  }

  private Optional<String> contradiction() {
    List<Sample> samples = samples();
    Range range = function.range();
    for (Sample sample : samples) {
      if (sample.value < range.least() - sample.error
          || sample.value > range.most() + sample.error) {
        return Optional.of(
            "range of %s does not hold (got %s, expected from %s to %s)"
                .formatted(
                    function.name(), shown(sample), shown(range.least()), shown(range.most())));
      }
    }
    if (function.direction() == Direction.UNKNOWN) {
      return Optional.empty();
    }
    for (int i = 1; i < samples.size(); i++) {
      Sample before = samples.get(i - 1);
      Sample after = samples.get(i);
      double rise = after.value - before.value;
      double wrong = function.direction() == Direction.RISING ? -rise : rise;
      if (wrong > before.error + after.error) {
        return Optional.of(
            "%s does not keep its direction (got %s and %s, expected no %s)"
                .formatted(
                    function.name(),
                    shown(before),
                    shown(after),
                    function.direction() == Direction.RISING ? "fall" : "rise"));
      }
    }
    return Optional.empty();
  }

  /** Values at arguments in rising order if there is one argument, else at a spread of them. */
  private List<Sample> samples() {
    List<Double> points = new ArrayList<>();
    DoubleStream.of(STEPS).forEach(step -> points.add(-step));
    Collections.reverse(points);
    points.add(0.0);
    DoubleStream.of(STEPS).forEach(points::add);
    List<Sample> samples = new ArrayList<>();
    if (function.parameters().size() == 1) {
      points.forEach(point -> sample(List.of(point)).ifPresent(samples::add));
      return samples;
    }
    Random random = new Random(SEED);
    for (int i = 0; i < TRIES_OF_SEVERAL; i++) {
      List<Double> at =
          function.parameters().stream()
              .map(_ -> points.get(random.nextInt(points.size())))
              .toList();
      sample(at).ifPresent(samples::add);
    }
    return samples;
  }

  /** Nothing where a number on the way is infinite or none. */
  private Optional<Sample> sample(List<Double> arguments) {
    largest = 0;
    isFinite = true;
    double value = value(function.body(), arguments);
    return isFinite
        ? Optional.of(new Sample(arguments, value, ROUNDING * largest))
        : Optional.empty();
  }

  private double value(Expression expression, List<Double> arguments) {
    double value =
        switch (expression) {
          case Expression.Literal literal -> literal.value();
          case Expression.Parameter parameter -> arguments.get(parameter.position());
          case Expression.Unary unary -> unary.operator().apply(value(unary.operand(), arguments));
          case Expression.Binary binary ->
              binary
                  .operator()
                  .apply(value(binary.left(), arguments), value(binary.right(), arguments));
          case Expression.Apply apply ->
              value(
                  apply.function().body(),
                  apply.arguments().stream().map(each -> value(each, arguments)).toList());
          case Expression.ShapeValue _,
              Expression.ScalarRead _,
              Expression.Position _,
              Expression.Read _,
              Expression.Select _ ->
              throw new IllegalStateException("not of arguments alone: " + expression);
        };
    if (Double.isFinite(value)) {
      largest = Math.max(largest, Math.abs(value));
    } else if (!(expression instanceof Expression.Literal)) {
      isFinite = false;
    }
    return value;
  }

  private String shown(Sample sample) {
    return "%s(%s) = %s"
        .formatted(
            function.name(),
            sample.arguments.stream().map(FunctionFacts::shown).collect(Collectors.joining(", ")),
            shown(sample.value));
  }

  private static String shown(double number) {
    if (Double.isInfinite(number)) {
      return number > 0 ? "inf" : "-inf";
    }
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : new BigDecimal(number).round(new MathContext(6)).stripTrailingZeros().toString();
  }
}
