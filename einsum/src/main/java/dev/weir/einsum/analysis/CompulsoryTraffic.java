package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Traffic to and from where inputs and outputs live that no mapping avoids: each element of an
 * input that something reads comes once, each element of an output that is written goes once. What
 * passes add is {@link ForcedTraffic}.
 *
 * @param tensors one entry a tensor, in the order of the cascade
 */
public record CompulsoryTraffic(List<OfTensor> tensors) {

  /**
   * Traffic of one tensor.
   *
   * @param tensor which tensor
   * @param role an input is read, an output written, an intermediate tensor neither
   * @param words elements that are read of an input or written of an output; all of an intermediate
   *     tensor
   * @param isUpperBound whether fewer may be needed, because data decide which
   */
  public record OfTensor(TensorName tensor, Tensor.Role role, long words, boolean isUpperBound) {

    /** Words that every mapping moves. */
    public long compulsoryWords() {
      return role == Tensor.Role.INTERMEDIATE ? 0 : words;
    }
  }

  /**
   * Adds up.
   *
   * @throws ArithmeticException when the sum does not fit 64 bits
   */
  public CompulsoryTraffic {
    tensors = List.copyOf(tensors);
    compulsoryWords(tensors);
  }

  /**
   * Traffic of a cascade for given shapes.
   *
   * @throws ArithmeticException when a number does not fit 64 bits
   */
  public static CompulsoryTraffic of(Cascade cascade, Shapes shapes) {
    PresentPoints present = new PresentPoints(cascade, shapes);
    ReadElements read = new ReadElements(cascade, present);
    List<OfTensor> tensors = new ArrayList<>();
    for (Tensor tensor : cascade.tensors()) {
      long words = TensorWords.of(tensor, cascade.partitions(), shapes);
      tensors.add(
          switch (tensor.role()) {
            case INPUT -> part(tensor, words, read.of(tensor), present);
            case OUTPUT -> part(tensor, words, present.inTheEnd(tensor), present);
            case INTERMEDIATE -> new OfTensor(tensor.name(), tensor.role(), words, false);
          });
    }
    return new CompulsoryTraffic(tensors);
  }

  private static OfTensor part(
      Tensor tensor, long words, Presence elements, PresentPoints present) {
    List<CoordinateVariable> axes = present.axes(tensor);
    CoordinateFormula existing = present.existing(tensor);
    OptionalLong least = present.counter().count(elements.must().and(existing), axes);
    OptionalLong most =
        least.equals(OptionalLong.of(words))
            ? least
            : present.counter().count(elements.may().and(existing), axes);
    return new OfTensor(
        tensor.name(), tensor.role(), most.orElse(words), least.isEmpty() || !least.equals(most));
  }

  /** Words that every mapping moves, all tensors together. */
  public long compulsoryWords() {
    return compulsoryWords(tensors);
  }

  private static long compulsoryWords(List<OfTensor> tensors) {
    return tensors.stream().mapToLong(OfTensor::compulsoryWords).reduce(0, Math::addExact);
  }

  /** Whether some tensor need not come or go whole. */
  public boolean isUpperBound() {
    return tensors.stream().anyMatch(OfTensor::isUpperBound);
  }
}
