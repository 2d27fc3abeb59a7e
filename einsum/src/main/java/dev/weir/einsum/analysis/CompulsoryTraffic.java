package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.List;

/**
 * Traffic to and from where inputs and outputs live that no mapping avoids: each input read once,
 * each output written once. What passes add is {@link ForcedTraffic}.
 *
 * @param tensors one entry a tensor, in the order of the cascade
 */
public record CompulsoryTraffic(List<OfTensor> tensors) {

  /**
   * Traffic of one tensor.
   *
   * @param tensor which tensor
   * @param role an input is read, an output written, an intermediate tensor neither
   * @param words its size
   * @param isUpperBound whether every read may leave elements out, because it goes through a table
   *     or a computed coordinate, or stands under a condition
   */
  public record OfTensor(TensorName tensor, Tensor.Role role, long words, boolean isUpperBound) {

    /** Words that every mapping moves. */
    public long compulsoryWords() {
      return role == Tensor.Role.INTERMEDIATE ? 0 : words;
    }
  }

  public CompulsoryTraffic {
    tensors = List.copyOf(tensors);
  }

  /** Traffic of a cascade for given shapes. */
  public static CompulsoryTraffic of(Cascade cascade, Shapes shapes) {
    List<OfTensor> tensors = new ArrayList<>();
    PartlyWritten partly = new PartlyWritten(cascade);
    for (Tensor tensor : cascade.tensors()) {
      long words = TensorWords.of(tensor, cascade.partitions(), shapes);
      tensors.add(
          new OfTensor(
              tensor.name(),
              tensor.role(),
              words,
              tensor.role() == Tensor.Role.INPUT && !isReadWhole(tensor, cascade, partly)));
    }
    return new CompulsoryTraffic(tensors);
  }

  /** Words that every mapping moves, all tensors together. */
  public long compulsoryWords() {
    return tensors.stream().mapToLong(OfTensor::compulsoryWords).reduce(0, Math::addExact);
  }

  /** Whether some tensor need not come or go whole. */
  public boolean isUpperBound() {
    return tensors.stream().anyMatch(OfTensor::isUpperBound);
  }

  private static boolean isReadWhole(Tensor tensor, Cascade cascade, PartlyWritten partly) {
    return cascade.einsums().stream()
        .filter(einsum -> einsum.condition().isEmpty() && partly.whyLess(einsum).isEmpty())
        .flatMap(einsum -> einsum.reads().stream())
        .filter(access -> access.tensor().equals(tensor.name()))
        .anyMatch(access -> access.indices().stream().allMatch(CompulsoryTraffic::isEverywhere));
  }

  private static boolean isEverywhere(Index index) {
    return switch (index) {
      case Index.Coordinate _, Index.Joined _, Index.HeadMap _ -> true;
      case Index.Next _,
          Index.Last _,
          Index.Fixed _,
          Index.Affine _,
          Index.Computed _,
          Index.Gathered _ ->
          false;
    };
  }
}
