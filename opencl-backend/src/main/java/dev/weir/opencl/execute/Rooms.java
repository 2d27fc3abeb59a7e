package dev.weir.opencl.execute;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.execute.TensorWords.Place;
import dev.weir.opencl.kernel.AddressSpace;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Tiles that take the room of another tensor's tile: a kernel has one array for both, named after
 * the tensor that has it first.
 *
 * @param first whose room it is, by the tensor that takes it and where
 */
record Rooms(Map<Taken, TensorName> first) {

  /** A tensor with its tile in the room of another one. */
  record Taken(TensorName tensor, AddressSpace space) {}

  Rooms {
    first = Map.copyOf(first);
  }

  static Rooms of(Problem problem) {
    Map<Taken, TensorName> first = new HashMap<>();
    find(problem.schedule().root(), problem, first);
    return new Rooms(first);
  }

  private static void find(Node node, Problem problem, Map<Taken, TensorName> first) {
    if (node instanceof Node.Keep keep && keep.inPlaceOf().isPresent()) {
      AddressSpace space = ScheduleNodes.space(keep.level(), problem.architecture());
      TensorName old = keep.inPlaceOf().get();
      TensorName owner = first.getOrDefault(new Taken(old, space), old);
      first.put(new Taken(keep.tensors().getFirst(), space), owner);
    }
    node.children().forEach(child -> find(child, problem, first));
  }

  /** Where the words of a place are in the kernel. */
  Place place(Place place) {
    TensorName tensor =
        first.getOrDefault(new Taken(place.tensor(), place.space()), place.tensor());
    return new Place(tensor, place.space(), place.isRead());
  }

  Set<Place> places(Set<Place> places) {
    return places.stream().map(this::place).collect(Collectors.toSet());
  }

  /** Words of tiles in one room added up. */
  Map<Place, Long> words(Map<Place, Long> words) {
    Map<Place, Long> merged = new TreeMap<>();
    words.forEach((place, number) -> merged.merge(place(place), number, Math::addExact));
    return merged;
  }
}
