package dev.weir.opencl.execute;

import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelProgram;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Words that kernels moved, by tensor: what {@link AccessCounts} says of arrays, in the terms of
 * schedules.
 *
 * @param ofTensors words of buffers and tiles
 * @param ofOthers words of arrays that no schedule names, read and written together, by identifier:
 *     contributions that work-items merge, and what is remembered of absent points
 */
public record TensorWords(Map<Place, Long> ofTensors, Map<String, Long> ofOthers) {

  /** Which words: of which tensor, where, and whether a kernel read or wrote them. */
  public record Place(TensorName tensor, AddressSpace space, boolean isRead)
      implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int bySpace = space.compareTo(other.space);
      int byTensor = bySpace != 0 ? bySpace : tensor.compareTo(other.tensor);
      return byTensor != 0 ? byTensor : Boolean.compare(other.isRead, isRead);
    }

    @Override
    public String toString() {
      return "%s %s %s"
          .formatted(space.text().replace("__", ""), tensor, isRead ? "read" : "written");
    }
  }

  public TensorWords {
    ofTensors = Map.copyOf(ofTensors);
    ofOthers = Map.copyOf(ofOthers);
  }

  /** Adds up what the kernels of a program did. */
  public static TensorWords of(KernelProgram program, AccessCounts counts) {
    Map<Place, Long> tensors = new TreeMap<>();
    Map<String, Long> others = new TreeMap<>();
    for (int i = 0; i < counts.kernels().size(); i++) {
      Kernel kernel = program.kernels().get(i);
      Map<Array, TensorName> buffers = new HashMap<>();
      kernel.arguments().forEach(buffer -> buffers.put(buffer.array(), buffer.tensor()));
      counts
          .kernels()
          .get(i)
          .arrays()
          .forEach(
              (array, moved) -> {
                Optional<TensorName> tensor =
                    Optional.ofNullable(buffers.get(array)).or(() -> ofTile(array));
                long loaded = moved.loads().words();
                long stored = moved.stores().words();
                if (tensor.isEmpty()) {
                  others.merge(array.name(), loaded + stored, Math::addExact);
                } else {
                  add(tensors, new Place(tensor.get(), array.space(), true), loaded);
                  add(tensors, new Place(tensor.get(), array.space(), false), stored);
                }
              });
    }
    return new TensorWords(tensors, others);
  }

  private static void add(Map<Place, Long> words, Place place, long more) {
    if (more != 0) {
      words.merge(place, more, Math::addExact);
    }
  }

  /** A tile is named after its tensor, {@code X_tile}, {@code X_next_local_2} and so on. */
  private static Optional<TensorName> ofTile(Array array) {
    String name = array.name().replaceFirst("(_next)?_(tile|local)(_[0-9]+)*$", "");
    return name.equals(array.name()) ? Optional.empty() : Optional.of(new TensorName(name));
  }
}
