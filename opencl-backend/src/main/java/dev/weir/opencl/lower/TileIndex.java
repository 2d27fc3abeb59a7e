package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where in a tile an element is. */
final class TileIndex {

  private TileIndex() {}

  /** Index of an access in the array of its tile. */
  static AffineForm of(
      Tensor tensor, Home.Tile tile, Access access, List<Place> places, NodePath where) {
    AffineForm index = AffineForm.of(0);
    for (int i = 0; i < places.size(); i++) {
      RankName rank = tensor.ranks().get(i);
      if (tensor.generations().equals(Optional.of(rank))) {
        continue;
      }
      if (!(places.get(i) instanceof Place.Affine affine) || !isOf(access.indices().get(i), rank)) {
        throw new RefusedException(
            where,
            tensor.name()
                + " is kept here and used at an index of "
                + rank
                + " that is neither its coordinate nor a joined one (not supported yet); keep it at"
                + " the top level only");
      }
      Home.Dimension dimension = tile.dimensions().get(i);
      AffineForm offset = affine.form().minus(dimension.range().base());
      for (Home.Digit digit : dimension.digits()) {
        offset = without(digit, offset, tensor, where);
      }
      index = index.plus(offset.times(dimension.stride()));
    }
    return index;
  }

  private static boolean isOf(Index index, RankName rank) {
    return switch (index) {
      case Index.Coordinate c -> c.rank().equals(rank);
      case Index.Joined j -> j.parent().equals(rank);
      case Index.Next _, Index.Last _, Index.Fixed _, Index.Affine _ -> false;
      case Index.HeadMap _, Index.Computed _, Index.Gathered _ -> false;
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
        "a kernel holds the newest generations of " + tensor.name() + " only, not an earlier one");
  }

  /** Takes the part of a coordinate that chooses a work-item or lane out of it. */
  private static AffineForm without(
      Home.Digit digit, AffineForm offset, Tensor tensor, NodePath where) {
    if (offset.coefficient(digit.counter()) != digit.tile()) {
      throw new RefusedException(
          where,
          tensor.name()
              + " is spread over work-items or lanes and used here below other spatial loops; map"
              + " producer and consumers alike");
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

  private static long reduced(long coefficient, Home.Digit digit, Tensor tensor, NodePath where) {
    long span = digit.tile() * digit.count();
    if (coefficient % span == 0) {
      return coefficient / span;
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
            + " on work-items or lanes; make the tile a multiple of "
            + span);
  }
}
