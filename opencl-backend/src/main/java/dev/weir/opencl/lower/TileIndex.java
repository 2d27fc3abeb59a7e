package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where in a tile an element is. */
final class TileIndex {

  private TileIndex() {}

  /** Where an access is in the array of its tile, which has room beyond its own ends. */
  static Place of(Tensor tensor, Home.Tile tile, List<Place> places, Scope scope, NodePath where) {
    return of(tensor, tile, places, true, scope, where);
  }

  /** The same of a tile that may hold nothing beyond its own ends. */
  static Place within(
      Tensor tensor, Home.Tile tile, List<Place> places, Scope scope, NodePath where) {
    return of(tensor, tile, places, false, scope, where);
  }

  private static Place of(
      Tensor tensor,
      Home.Tile tile,
      List<Place> places,
      boolean isFilled,
      Scope scope,
      NodePath where) {
    AffineForm known = AffineForm.of(0);
    Value computed = new Value.Whole(0);
    for (int i = 0; i < places.size(); i++) {
      if (tensor.generations().equals(Optional.of(tensor.ranks().get(i)))) {
        continue;
      }
      Home.Dimension dimension = tile.dimensions().get(i);
      AffineForm base = dimension.range().base();
      if (places.get(i) instanceof Place.Affine affine
          && !isShort(affine, dimension, isFilled)
          && (!affine.mayBeOutside() || holdsAllReached(affine, dimension))) {
        AffineForm offset = affine.form().minus(base);
        for (Home.Digit digit : dimension.digits()) {
          offset = without(digit, offset, tensor, where);
        }
        known = known.plus(offset.times(dimension.stride()));
      } else {
        if (!dimension.digits().isEmpty()) {
          throw spread(tensor, where);
        }
        Value offset = inside(places.get(i), dimension, isFilled, scope);
        computed =
            Arithmetic.add(
                computed, Arithmetic.multiply(offset, new Value.Whole(dimension.stride())));
      }
    }
    return computed.equals(new Value.Whole(0))
        ? Place.inside(known)
        : Place.inside(Arithmetic.add(known.value(scope.lanes()), computed));
  }

  /** Whether a coordinate may reach beyond what a step has of the tile. */
  private static boolean isShort(Place.Affine place, Home.Dimension dimension, boolean isFilled) {
    AffineForm offset = place.form().minus(dimension.range().base());
    return !place.mayBeOutside()
        && !endsBefore(place, dimension, isFilled).isEmpty()
        && dimension.digits().isEmpty()
        && (place.form().hasLane() ? offset.hasLane() : !offset.terms().isEmpty());
  }

  /**
   * Ends of a coordinate that are none of the whole tile, which has room beyond its own. One that
   * holds a whole rank has room for nothing else.
   */
  private static List<AffineForm> endsBefore(
      Place.Affine place, Home.Dimension dimension, boolean isFilled) {
    List<AffineForm> ends =
        new ArrayList<>(dimension.holdsAllReached() ? place.tileEnds() : place.ends());
    if (isFilled && !place.form().hasLane()) {
      ends.removeAll(dimension.range().limits());
    }
    return ends;
  }

  private static boolean holdsAllReached(Place.Affine place, Home.Dimension dimension) {
    return dimension.holdsAllReached() && place.tileEnds().isEmpty();
  }

  /** Clamped to the tile, or to what a step has of it. */
  private static Value inside(
      Place place, Home.Dimension dimension, boolean isFilled, Scope scope) {
    AffineForm base = dimension.range().base();
    Value offset = Arithmetic.subtract(place.value(scope.lanes()), base.value(scope.lanes()));
    if (place instanceof Place.Affine affine && isShort(affine, dimension, isFilled)) {
      offset = affine.form().minus(base).value(scope.lanes());
      for (AffineForm end : endsBefore(affine, dimension, isFilled)) {
        Value last = end.minus(base).plus(-1).value(scope.lanes());
        offset = Arithmetic.call(Value.Function.MIN, offset, last);
      }
      return offset;
    }
    Value last = new Value.Whole(dimension.range().extent() - 1);
    return Arithmetic.call(Value.Function.CLAMP, offset, new Value.Whole(0), last);
  }

  /** The same for what is written: known up to loop counters, lanes that reach too far masked. */
  static AffineForm known(
      Tensor tensor, Home.Tile tile, List<Place> places, Scope scope, NodePath where) {
    List<Place> unclamped =
        places.stream()
            .map(
                place ->
                    place instanceof Place.Affine affine
                        ? new Place.Affine(
                            affine.form(), affine.ends(), List.of(), affine.mayBeOutside())
                        : place)
            .toList();
    return switch (of(tensor, tile, unclamped, scope, where)) {
      case Place.Affine affine -> affine.form();
      case Place.Computed _ ->
          throw new RefusedException(
              where,
              tensor.name()
                  + " is written at an index that is no plain coordinate; kernels do not scatter"
                  + " yet",
              "write "
                  + tensor.name()
                  + " at the coordinates of its ranks, and gather where it is read");
    };
  }

  /** The array that holds the generation of an access. */
  static Array generation(
      Tensor tensor, Home.Tile tile, Access access, Scope scope, NodePath where) {
    if (tensor.generations().isEmpty()) {
      return tile.array();
    }
    RankName rank = tensor.generations().get();
    return switch (access.indices().get(tensor.ranks().indexOf(rank))) {
      case Index.Coordinate _, Index.Fixed _ -> tile.array();
      case Index.Next _ -> tile.next().orElse(tile.array());
      case Index.Last _ ->
          scope.iterating().contains(rank) ? tile.next().orElse(tile.array()) : tile.array();
      case Index.Joined _, Index.Affine _, Index.HeadMap _, Index.Computed _ ->
          throw noGeneration(tensor, where);
      case Index.Gathered _ -> throw noGeneration(tensor, where);
    };
  }

  private static RefusedException noGeneration(Tensor tensor, NodePath where) {
    return new RefusedException(
        where,
        "a kernel holds the newest generations of " + tensor.name() + " only, not an earlier one",
        "read the current or the next generation");
  }

  /** Takes the part of a coordinate that chooses a work-item or lane out of it. */
  private static AffineForm without(
      Home.Digit digit, AffineForm offset, Tensor tensor, NodePath where) {
    if (offset.coefficient(digit.counter()) != digit.tile()) {
      throw spread(tensor, where);
    }
    Map<Value.Variable, Long> terms = new LinkedHashMap<>();
    offset
        .terms()
        .forEach(
            (variable, coefficient) -> {
              if (!variable.equals(digit.counter())) {
                terms.put(variable, reduced(coefficient, digit, tensor, where));
              }
            });
    return new AffineForm(terms, reduced(offset.constant(), digit, tensor, where));
  }

  private static RefusedException spread(Tensor tensor, NodePath where) {
    return new RefusedException(
        where,
        tensor.name()
            + " is spread over work-items or lanes and used here below other spatial loops",
        "give producer and consumers the same spatial loops");
  }

  private static long reduced(long coefficient, Home.Digit digit, Tensor tensor, NodePath where) {
    long span = digit.tile() * digit.count();
    if (coefficient % span == 0) {
      return coefficient / span * digit.tile();
    }
    if (coefficient < digit.tile()) {
      return coefficient;
    }
    throw new RefusedException(
        where,
        "tiles of "
            + coefficient
            + " coordinates of "
            + tensor.name()
            + " do not consist of whole spans of "
            + span
            + " on work-items or lanes",
        "make the tile a multiple of " + span);
  }
}
