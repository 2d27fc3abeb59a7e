package dev.weir.einsum.analysis;

import java.util.List;
import java.util.function.Function;

/**
 * Points that are there as far as coordinates tell, from both sides. Values count as present
 * whatever they are, the empty value among them.
 *
 * @param may all points that can be there
 * @param must points that are there for certain
 */
record Presence(CoordinateFormula may, CoordinateFormula must) {

  /** All points. */
  static final Presence EVERYWHERE =
      new Presence(CoordinateFormula.Constant.TRUE, CoordinateFormula.Constant.TRUE);

  /** Nothing is known. */
  static final Presence UNKNOWN =
      new Presence(CoordinateFormula.Constant.TRUE, CoordinateFormula.Constant.FALSE);

  static Presence exactly(CoordinateFormula formula) {
    return new Presence(formula, formula);
  }

  Presence and(Presence other) {
    return new Presence(may.and(other.may), must.and(other.must));
  }

  Presence or(Presence other) {
    return new Presence(may.or(other.may), must.or(other.must));
  }

  /** The other points. */
  Presence not() {
    return new Presence(must.not(), may.not());
  }

  /** Some of these points, no one knows which. */
  Presence atMost() {
    return new Presence(may, CoordinateFormula.Constant.FALSE);
  }

  static Presence all(List<Presence> parts) {
    return new Presence(
        CoordinateFormula.all(parts.stream().map(Presence::may).toList()),
        CoordinateFormula.all(parts.stream().map(Presence::must).toList()));
  }

  static Presence any(List<Presence> parts) {
    return new Presence(
        CoordinateFormula.any(parts.stream().map(Presence::may).toList()),
        CoordinateFormula.any(parts.stream().map(Presence::must).toList()));
  }

  /** What a function that depends on the side makes of both sides. */
  static Presence ofSides(Function<Boolean, CoordinateFormula> side) {
    return new Presence(side.apply(true), side.apply(false));
  }
}
