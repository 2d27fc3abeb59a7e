package dev.weir.simulator.pe;

import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.MergeOperator;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.ir.UnaryOperator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The right side of an Einsum as a processing element computes it, from the operands that it has in
 * hand. What is absent counts as ADR 1 says: a read of the empty value, and a map that its merge
 * operator does not touch.
 */
final class PointValue {

  /** A number, with its presence left in the point. */
  @FunctionalInterface
  interface Computed {
    long at(Point point);
  }

  private final Cascade cascade;
  private final Shapes shapes;
  private final Coordinates coordinates;
  private final Arithmetic arithmetic;
  private final Map<TensorName, Double> empties = new HashMap<>();
  private List<Computed> arguments = List.of();
  private int reads;
  private boolean usesCoordinates;

  PointValue(Cascade cascade, Shapes shapes, Coordinates coordinates, Arithmetic arithmetic) {
    this.cascade = cascade;
    this.shapes = shapes;
    this.coordinates = coordinates;
    this.arithmetic = arithmetic;
    cascade.tensors().forEach(tensor -> empties.put(tensor.name(), tensor.empty()));
  }

  /** Whether something that was compiled asks where the point is. */
  boolean usesCoordinates() {
    return usesCoordinates;
  }

  /** Compiles a whole right side; its reads take operands from left to right. */
  Computed compile(Expression expression) {
    return switch (expression) {
      case Expression.Literal literal -> constant(literal.value());
      case Expression.ShapeValue shape -> constant((double) shapes.of(shape.rank()));
      case Expression.Position position -> {
        usesCoordinates = true;
        yield point ->
            present(
                point, arithmetic.of((double) coordinates.of(position.index(), point.coordinates)));
      }
      case Expression.ScalarRead read -> compile(cascade.scalars().get(read.scalar()));
      case Expression.Read read -> read(read.access().tensor());
      case Expression.Unary unary -> unary(unary.operator(), compile(unary.operand()));
      case Expression.Binary binary ->
          binary(
              binary.operator(), binary.merge(), compile(binary.left()), compile(binary.right()));
      case Expression.Apply apply -> apply(apply);
      case Expression.Parameter parameter -> arguments.get(parameter.position());
      case Expression.Select select -> {
        usesCoordinates = true;
        Computed then = compile(select.then());
        Computed otherwise = compile(select.otherwise());
        yield point ->
            coordinates.holds(select.condition(), point.coordinates)
                ? then.at(point)
                : otherwise.at(point);
      }
    };
  }

  /** Arguments are read once, however often the body names them. */
  private Computed apply(Expression.Apply apply) {
    List<Computed> around = arguments;
    arguments = apply.arguments().stream().map(this::compile).toList();
    Computed body = compile(apply.function().body());
    arguments = around;
    return body;
  }

  private Computed constant(double value) {
    long number = arithmetic.of(value);
    return point -> present(point, number);
  }

  private Computed read(TensorName tensor) {
    int operand = reads++;
    long empty = arithmetic.of(empties.get(tensor));
    return point -> {
      long number = point.operands[operand];
      point.isPresent = !arithmetic.areEqual(number, empty);
      return number;
    };
  }

  private Computed unary(UnaryOperator operator, Computed operand) {
    return point -> present(point, arithmetic.apply(operator, operand.at(point)));
  }

  private Computed binary(
      BinaryOperator operator, MergeOperator merge, Computed left, Computed right) {
    long zero = arithmetic.of(0);
    return point -> {
      long first = left.at(point);
      boolean isFirstPresent = point.isPresent;
      long second = right.at(point);
      point.isPresent = merge.touches(isFirstPresent, point.isPresent);
      return point.isPresent ? arithmetic.apply(operator, first, second) : zero;
    };
  }

  private static long present(Point point, long number) {
    point.isPresent = true;
    return number;
  }
}
