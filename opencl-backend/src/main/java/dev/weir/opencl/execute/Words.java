package dev.weir.opencl.execute;

import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.execute.TensorWords.Place;
import dev.weir.opencl.kernel.AddressSpace;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Words by cause. Modified while a schedule is walked over. */
final class Words {

  /** Why a kernel moves words. */
  enum Cause {
    /** The schedule says so. */
    WORK,
    /** The identity is written before the first contribution. */
    BEGINNING,
    /** The first contribution reads it; part of {@link #WORK}, and not in the schedule's counts. */
    BEGINNING_READ,
    /** Sums become elements. */
    FINISHING,
    /** The new generation of a state becomes the old one. */
    COPY,
    /** Work-groups or work-items do the same. */
    REPEATED,
    /** Words that lanes share are fewer than the schedule's; nothing moves because of it. */
    SHARED_LANES
  }

  private final Map<Cause, Map<Place, Long>> words = new EnumMap<>(Cause.class);

  void add(Cause cause, AddressSpace space, TensorName tensor, boolean isRead, long more) {
    words
        .computeIfAbsent(cause, _ -> new TreeMap<>())
        .merge(new Place(tensor, space, isRead), more, Math::addExact);
  }

  /** What comes of the identity in the home where it is written and in the keeps below. */
  void begin(TensorName tensor, AddressSpace home, List<AddressSpace> inner, long elements) {
    add(Cause.BEGINNING_READ, home, tensor, true, elements);
    for (AddressSpace space : inner) {
      add(Cause.BEGINNING_READ, space, tensor, false, elements);
      add(Cause.BEGINNING_READ, space, tensor, true, elements);
    }
  }

  Map<Place, Long> of(Cause cause) {
    return words.getOrDefault(cause, Map.of());
  }

  /** All that moves. */
  Map<Place, Long> moved() {
    Map<Place, Long> sum = new TreeMap<>();
    for (Cause cause :
        List.of(Cause.WORK, Cause.BEGINNING, Cause.FINISHING, Cause.COPY, Cause.REPEATED)) {
      of(cause).forEach((place, more) -> sum.merge(place, more, Math::addExact));
    }
    return sum;
  }
}
