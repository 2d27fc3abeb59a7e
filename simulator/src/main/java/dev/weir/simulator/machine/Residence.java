package dev.weir.simulator.machine;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.simulator.component.Memory;
import dev.weir.simulator.component.Service;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** A keep: what moves when it is entered and left, as a function of the ranges around it. */
public final class Residence {

  /**
   * What moves at one entry.
   *
   * @param loads tiles that come in, one after another
   * @param initial generation 0 of tensors that have generations
   * @param stores tiles that go out
   * @param resuming shapes of the tensors whose partial sums a load brings back
   */
  public record Tiles(
      List<Cost.OfTile> loads,
      List<Cost.OfTile> initial,
      List<Cost.OfTile> stores,
      List<TileShape> resuming) {}

  /**
   * One tensor of the keep.
   *
   * @param fullest its tile in the fullest instance
   * @param next the next home, if tiles come from or go to one
   * @param produced whether it is produced inside
   * @param generational whether generation 0 is written at entry
   * @param unfinished loops between next home and keep over ranks that its producer reduces
   * @param readModes how instances around count at the next home when a tile is read
   * @param portModes the same for the port of the busiest instance of the next home
   * @param portWriteModes likewise when a tile is written there
   * @param moves its counters
   */
  record Part(
      TensorName tensor,
      TileShape shape,
      FullestTile fullest,
      Optional<Memory> next,
      boolean produced,
      boolean generational,
      List<Loop> unfinished,
      List<Instances.Mode> readModes,
      List<Instances.Mode> portModes,
      List<Instances.Mode> portWriteModes,
      Moves moves) {}

  /** Numbers of the counters of a tensor at a keep's level and at its next home. */
  record Moves(int readHere, int writeHere, int readThere, int writeThere, Partial partial) {}

  /** The same for partial sums. */
  record Partial(int readHere, int writeHere, int readThere, int writeThere) {}

  private final int id;
  private final Memory memory;
  private final boolean doubled;
  private final Instances around;
  private final List<Part> parts;
  private final Memo<Tiles> memo;
  private final Function<Ranges, Tiles> unknown = this::work;

  Residence(
      int id,
      Memory memory,
      boolean doubled,
      Instances around,
      List<Part> parts,
      Memo<Tiles> memo) {
    this.id = id;
    this.memory = memory;
    this.doubled = doubled;
    this.around = around;
    this.parts = List.copyOf(parts);
    this.memo = memo;
  }

  public int id() {
    return id;
  }

  public LevelName level() {
    return memory.name();
  }

  /** What it keeps. */
  public List<TensorName> tensors() {
    return parts.stream().map(Part::tensor).toList();
  }

  /** Whether the next tile may arrive while this one is used. */
  public boolean isDoubled() {
    return doubled;
  }

  /** Whether nothing ever moves: intermediates that never leave. */
  public boolean isQuiet() {
    return parts.stream().noneMatch(part -> part.generational() || part.next().isPresent());
  }

  /** What moves at the entry with these ranges. */
  public Tiles tiles(Ranges ranges) {
    return memo.get(ranges, unknown);
  }

  private Tiles work(Ranges ranges) {
    List<Cost.OfTile> loads = new ArrayList<>();
    List<Cost.OfTile> initial = new ArrayList<>();
    List<Cost.OfTile> stores = new ArrayList<>();
    List<TileShape> resuming = new ArrayList<>();
    for (Part part : parts) {
      boolean resumes = !part.unfinished().stream().allMatch(ranges::isFirst);
      if (part.generational()) {
        initial.add(initial(part, ranges));
      } else if (part.next().isPresent() && (!part.produced() || resumes)) {
        loads.add(load(part, ranges));
        if (part.produced()) {
          resuming.add(part.shape());
        }
      }
      if (part.next().isPresent() && part.produced() && !part.generational()) {
        stores.add(store(part, ranges));
      }
    }
    return new Tiles(List.copyOf(loads), List.copyOf(initial), List.copyOf(stores), resuming);
  }

  private Cost.OfTile initial(Part part, Ranges ranges) {
    Counters.Builder counts = new Counters.Builder();
    counts.add(part.moves().writeHere(), everywhere(part, ranges));
    Demands demands = new Demands();
    demands.write(memory, part.fullest().words(ranges));
    return cost(part, demands, counts, Optional.empty(), memory);
  }

  private Cost.OfTile load(Part part, Ranges ranges) {
    Memory next = part.next().orElseThrow();
    Counters.Builder counts = new Counters.Builder();
    boolean partial = part.produced();
    Moves moves = part.moves();
    counts.add(
        partial ? moves.partial().readThere() : moves.readThere(),
        around.sum(ranges, part.readModes(), part.shape()::words));
    counts.add(partial ? moves.partial().writeHere() : moves.writeHere(), everywhere(part, ranges));
    Demands demands = new Demands();
    demands.read(next, around.sum(ranges, part.portModes(), part.shape()::words));
    demands.write(memory, part.fullest().words(ranges));
    return cost(part, demands, counts, Optional.of(next), memory);
  }

  private Cost.OfTile store(Part part, Ranges ranges) {
    Memory next = part.next().orElseThrow();
    Counters.Builder counts = new Counters.Builder();
    boolean partial = !part.unfinished().stream().allMatch(ranges::isLast);
    Moves moves = part.moves();
    long words = everywhere(part, ranges);
    counts.add(partial ? moves.partial().readHere() : moves.readHere(), words);
    counts.add(partial ? moves.partial().writeThere() : moves.writeThere(), words);
    Demands demands = new Demands();
    demands.read(memory, part.fullest().words(ranges));
    demands.write(next, around.sum(ranges, part.portWriteModes(), part.shape()::words));
    return cost(part, demands, counts, Optional.of(memory), next);
  }

  private long everywhere(Part part, Ranges ranges) {
    List<Instances.Mode> each = Collections.nCopies(part.readModes().size(), Instances.Mode.EACH);
    return around.sum(ranges, each, part.shape()::words);
  }

  private static Cost.OfTile cost(
      Part part, Demands demands, Counters.Builder counts, Optional<Memory> from, Memory to) {
    return new Cost.OfTile(
        Service.of(0, demands.build()),
        part.tensor(),
        Stream.concat(from.stream(), Stream.of(to)).map(Memory::name).distinct().toList(),
        from.map(Memory::readDelay),
        to.writeDelay(),
        counts.build());
  }
}
