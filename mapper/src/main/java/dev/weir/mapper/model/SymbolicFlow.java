package dev.weir.mapper.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * A pipeline with the flowing loops around it, inside a kind: which counts and times decide what it
 * takes, and how.
 */
final class SymbolicFlow {

  private final Plan plan;
  private final Symbols symbols;
  private final SymbolicTime times;

  /** Numbers of parts by what they are; equal ones are one. */
  private final Map<FlowTime.Part, Integer> numbers = new HashMap<>();

  private final List<FlowTime.Part> parts = new ArrayList<>();
  private final Map<PartKey, Integer> partOf = new HashMap<>();

  /** Iterations of loops that are all of one kind, by the number of the part. */
  private final Map<Integer, Integer> counts = new HashMap<>();

  /** By table: what its stage takes, for a tile. */
  private final List<List<ToIntFunction<TileKey>>> stages = new ArrayList<>();

  /** What the stages take for a tile; tiles for which all take the same are one. */
  private final Map<List<Integer>, Integer> tiles = new LinkedHashMap<>();

  private final Map<TileKey, Integer> tileOf = new HashMap<>();
  private final List<Integer> inputs = new ArrayList<>();
  private final Map<Integer, Integer> positions = new HashMap<>();

  private record PartKey(int node, SymbolicKind kind) {}

  /** A tile of the pipeline; whether it is the first and the last one of its phase. */
  private record TileKey(SymbolicKind kind, boolean isFirst, boolean isLast) {}

  SymbolicFlow(Plan plan, Symbols symbols, SymbolicTime times) {
    this.plan = plan;
    this.symbols = symbols;
    this.times = times;
  }

  /** What the time is worked out of; in order. */
  List<Integer> inputs() {
    return inputs;
  }

  /** A flow; none if it has too many stages or kinds of tiles. */
  Optional<FlowTime.Form> of(Work flow, SymbolicKind kind) {
    Work inside = flow;
    while (!(inside instanceof Work.Pipeline)) {
      inside = inside.children().getFirst();
    }
    Work.Pipeline pipeline = (Work.Pipeline) inside;
    EpochTime.Epoch epoch = epoch(pipeline.body());
    part(flow, kind);
    boolean fits =
        tiles.size() <= EpochTime.MOST_TILES
            && pipeline.deepest() < EpochTime.MOST_STAGES
            && parts.size() <= FlowMemo.MOST_PARTS;
    if (!fits) {
      return Optional.empty();
    }
    int tables = inputs.size();
    for (int table = 0; table < stages.size(); table++) {
      inputs.add(symbols.constant(0));
      for (List<Integer> cycles : tiles.keySet()) {
        inputs.add(cycles.get(table));
      }
    }
    int rows = 1 + tiles.size();
    return Optional.of(new FlowTime.Form(parts, epoch, pipeline.deepest(), tables, rows));
  }

  private int input(int expression) {
    return positions.computeIfAbsent(
        expression,
        _ -> {
          inputs.add(expression);
          return inputs.size() - 1;
        });
  }

  /** The number of a part. */
  private int part(Work work, SymbolicKind any) {
    SymbolicKind kind = times.only(work, any);
    PartKey key = new PartKey(work.id(), kind);
    Integer known = partOf.get(key);
    if (known != null) {
      return known;
    }
    int number = fresh(work, kind);
    partOf.put(key, number);
    return number;
  }

  private int number(FlowTime.Part part) {
    return numbers.computeIfAbsent(
        part,
        _ -> {
          parts.add(part);
          return parts.size() - 1;
        });
  }

  private int fresh(Work work, SymbolicKind kind) {
    return switch (work) {
      case Work.Loop loop -> turns(loop, kind);
      case Work.Residence keep -> {
        int body = part(keep.body(), kind);
        yield number(
            new FlowTime.Kept(
                input(times.loadCycles(keep, kind)),
                input(times.storeCycles(keep, kind)),
                keep.exposure(),
                body));
      }
      case Work.Pipeline pipeline -> number(tiles(pipeline, kind));
      case Work.Nest _,
          Work.Waves _,
          Work.OnlyLast _,
          Work.Sequence _,
          Work.Branches _,
          Work.Stage _,
          Work.Phase _ ->
          throw new IllegalStateException("only keeps stand between flowing loops and a pipeline");
    };
  }

  private int turns(Work.Loop work, SymbolicKind kind) {
    SymbolicLoop loop = times.loop(work.loop(), kind);
    int count = loop.count();
    int other = part(work.body(), loop.other(false));
    int first = part(work.body(), loop.other(true));
    int last = part(work.body(), loop.last(false));
    int only = part(work.body(), loop.last(true));
    boolean sees = plan.nodes().seesNeighbours(work.id());
    if (!hasOneKind(work)) {
      return number(new FlowTime.Turns(input(count), first, other, last, only, sees));
    }
    if (hasOneKind(work.body())) {
      int body = ((FlowTime.Turns) parts.get(other)).other();
      return ofOneKind(symbols.expressions.times(count, counts.get(other)), body, sees);
    }
    return ofOneKind(count, other, sees);
  }

  /** Whether, in every kind around it, all iterations of a loop are of one kind. */
  private boolean hasOneKind(Work work) {
    return work instanceof Work.Loop loop && times.hasOneKind(loop.loop());
  }

  /** Loops directly inside each other, all iterations of which are of one kind, are as one loop. */
  private int ofOneKind(int count, int body, boolean sees) {
    int number = number(new FlowTime.Turns(input(count), body, body, body, body, sees));
    counts.put(number, count);
    return number;
  }

  private FlowTime.Tiles tiles(Work.Pipeline pipeline, SymbolicKind kind) {
    SymbolicLoop loop = times.loop(pipeline.loop(), kind);
    boolean sees = plan.nodes().seesNeighbours(pipeline.id());
    return new FlowTime.Tiles(
        input(loop.count()),
        tile(pipeline, loop.other(true), sees),
        tile(pipeline, loop.other(false), sees),
        tile(pipeline, loop.last(false), sees),
        tile(pipeline, loop.last(true), sees),
        sees);
  }

  private FlowTime.Tile tile(Work.Pipeline pipeline, SymbolicKind any, boolean sees) {
    SymbolicKind kind = times.only(pipeline.body(), any);
    return new FlowTime.Tile(
        number(kind, false, false),
        number(kind, sees, false),
        number(kind, false, sees),
        number(kind, sees, sees));
  }

  private int number(SymbolicKind kind, boolean isFirst, boolean isLast) {
    return tileOf.computeIfAbsent(new TileKey(kind, isFirst, isLast), this::number);
  }

  private int number(TileKey tile) {
    List<Integer> cycles = stages.stream().map(terms -> cycles(terms, tile)).toList();
    return tiles.computeIfAbsent(cycles, _ -> tiles.size() + 1);
  }

  private int cycles(List<ToIntFunction<TileKey>> terms, TileKey tile) {
    int cycles = symbols.constant(0);
    for (ToIntFunction<TileKey> term : terms) {
      cycles = symbols.expressions.plus(cycles, term.applyAsInt(tile));
    }
    return cycles;
  }

  /** What the stages in a node take, those of one stage together. */
  private EpochTime.Epoch epoch(Work work) {
    Map<Integer, List<ToIntFunction<TileKey>>> byOffset = new TreeMap<>();
    List<EpochTime.Epoch> sum = new ArrayList<>();
    collect(work, byOffset, sum);
    byOffset.forEach(
        (offset, terms) -> {
          sum.add(new EpochTime.Stage(offset, stages.size()));
          stages.add(terms);
        });
    return sum.size() == 1 ? sum.getFirst() : new EpochTime.Sum(sum);
  }

  private void collect(
      Work work, Map<Integer, List<ToIntFunction<TileKey>>> byOffset, List<EpochTime.Epoch> sum) {
    switch (work) {
      case Work.Stage stage -> add(byOffset, stage.offset(), tile -> cycles(stage.body(), tile));
      case Work.Residence keep -> {
        collect(keep.body(), byOffset, sum);
        add(
            byOffset,
            plan.nodes().arrival(keep),
            tile -> isExposed(keep, tile.isFirst()) ? times.loadCycles(keep, tile.kind()) : none());
        add(
            byOffset,
            plan.nodes().departure(keep),
            tile -> isExposed(keep, tile.isLast()) ? times.storeCycles(keep, tile.kind()) : none());
      }
      case Work.Sequence sequence -> sequence.parts().forEach(part -> collect(part, byOffset, sum));
      case Work.Branches branches ->
          sum.add(new EpochTime.Most(branches.parts().stream().map(this::epoch).toList()));
      case Work.Nest _, Work.Loop _, Work.Waves _, Work.OnlyLast _, Work.Pipeline _, Work.Phase _ ->
          throw new IllegalArgumentException("work between a pipeline and its stages");
    }
  }

  private static void add(
      Map<Integer, List<ToIntFunction<TileKey>>> byOffset,
      int offset,
      ToIntFunction<TileKey> cycles) {
    byOffset.computeIfAbsent(offset, _ -> new ArrayList<>()).add(cycles);
  }

  private int none() {
    return symbols.constant(0);
  }

  private static boolean isExposed(Work.Residence keep, boolean isEnd) {
    return !keep.doubled() || isEnd;
  }

  /** Inside a stage only the first and the last tile of the phase know that they are. */
  private int cycles(Work body, TileKey tile) {
    Neighbour alike = new Neighbour.OfKind(tile.kind());
    return times.cycles(
        body,
        tile.kind(),
        tile.isFirst() ? Neighbour.NONE : alike,
        tile.isLast() ? Neighbour.NONE : alike);
  }
}
