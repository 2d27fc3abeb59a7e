package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Ranks that every computed tensor has and that every access to one uses as it is. What is computed
 * at one combination of their coordinates, a slot, depends on computed elements of that slot only.
 */
final class CarriedRanks {

  private final List<RankName> ranks;
  private final Shapes shapes;

  private CarriedRanks(List<RankName> ranks, Shapes shapes) {
    this.ranks = ranks;
    this.shapes = shapes;
  }

  static CarriedRanks of(Cascade cascade, List<Tensor> computed, Shapes shapes) {
    List<RankName> carried = new ArrayList<>(computed.getFirst().ranks());
    for (Tensor tensor : computed) {
      carried.retainAll(tensor.ranks());
      tensor.generations().ifPresent(carried::remove);
      carried.removeIf(rank -> tensor.ranks().indexOf(rank) != tensor.ranks().lastIndexOf(rank));
    }
    for (Einsum einsum : cascade.einsums()) {
      Stream<Access> accesses = Stream.concat(Stream.of(einsum.output()), einsum.value().reads());
      accesses.forEach(
          access ->
              computed.stream()
                  .filter(tensor -> tensor.name().equals(access.tensor()))
                  .forEach(tensor -> carried.removeIf(rank -> !isPlain(rank, tensor, access))));
    }
    return new CarriedRanks(List.copyOf(carried), shapes);
  }

  private static boolean isPlain(RankName rank, Tensor tensor, Access access) {
    return access.indices().get(tensor.ranks().indexOf(rank)).equals(new Index.Coordinate(rank));
  }

  int slots() {
    long slots = 1;
    for (RankName rank : ranks) {
      slots = Math.multiplyExact(slots, shapes.of(rank));
    }
    return Math.toIntExact(slots);
  }

  /** The slot of each element of a tensor, in row-major order. */
  int[] slotOfEach(Tensor tensor, DenseTensor values) {
    return numbers(tensor, values, true);
  }

  /** Which of a slot's elements each element of a tensor is. */
  int[] placeInSlot(Tensor tensor, DenseTensor values) {
    return numbers(tensor, values, false);
  }

  private int[] numbers(Tensor tensor, DenseTensor values, boolean ofSlot) {
    int[] positions =
        ofSlot
            ? ranks.stream().mapToInt(tensor.ranks()::indexOf).toArray()
            : IntStream.range(0, values.ranks())
                .filter(position -> !ranks.contains(tensor.ranks().get(position)))
                .toArray();
    int[] strides = Arrays.stream(positions).map(values::stride).toArray();
    long[] extents = Arrays.stream(positions).mapToLong(values::extent).toArray();
    int[] numbers = new int[values.array().length];
    for (int at = 0; at < numbers.length; at++) {
      long number = 0;
      for (int i = 0; i < positions.length; i++) {
        number = number * extents[i] + (at / strides[i]) % extents[i];
      }
      numbers[at] = Math.toIntExact(number);
    }
    return numbers;
  }
}
