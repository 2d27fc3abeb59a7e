package dev.weir.simulator.machine;

import dev.weir.simulator.component.Memory;
import java.util.List;

/** Room that a keep takes while it is entered, by its ranges. */
public record Allocation(Memory memory, List<Part> parts) {

  /** One tensor of a keep: so many times its tile in the fullest instance. */
  record Part(FullestTile tile, long copies) {}

  public Allocation {
    parts = List.copyOf(parts);
  }

  /** All of it together, where the keep is entered with these ranges. */
  public long words(Ranges ranges) {
    long words = 0;
    for (Part part : parts) {
      words = Math.addExact(words, Math.multiplyExact(part.tile().words(ranges), part.copies()));
    }
    return words;
  }
}
