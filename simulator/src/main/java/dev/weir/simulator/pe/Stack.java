package dev.weir.simulator.pe;

import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.schedule.Node;
import dev.weir.simulator.component.Memory;
import java.util.IdentityHashMap;

/**
 * One level as a stack of keeps: a keep lies on those around it, a branch on those before it, and
 * whatever comes later in time takes the place of what was there before.
 */
final class Stack {

  private final Room room;
  private final LevelName level;
  private final Memory memory;
  private final IdentityHashMap<Node.Keep, Memory> regions;

  private Stack(Room room, Memory memory, IdentityHashMap<Node.Keep, Memory> regions) {
    this.room = room;
    this.level = memory.name();
    this.memory = memory;
    this.regions = regions;
  }

  /** Where the keeps of all levels with banks lie. */
  static IdentityHashMap<Node.Keep, Memory> regions(Parts parts, Room room) {
    IdentityHashMap<Node.Keep, Memory> regions = new IdentityHashMap<>();
    for (Memory memory : parts.memories()) {
      if (memory.hasBanks()) {
        new Stack(room, memory, regions).pile(parts.problem().schedule().root(), 0);
      }
    }
    return regions;
  }

  /** Piles what is below a node up from a height; answers how high it is then. */
  private long pile(Node node, long height) {
    long base = height;
    if (node instanceof Node.Keep keep && keep.level().equals(level)) {
      long words = room.largest(keep);
      if (words > 0) {
        regions.put(keep, memory.region(height, words));
      }
      base += words;
    }
    long top = base;
    for (Node child : node.children()) {
      long from = node instanceof Node.Par ? top : base;
      top = Math.max(top, pile(child, from));
    }
    return top;
  }
}
