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
  private final Map<PartKey, FlowTime.Part> parts = new HashMap<>();

  /** Iterations of loops that are all of one kind. */
  private final Map<FlowTime.Part, Integer> counts = new HashMap<>();

  private final Map<TileKey, Integer> tiles = new LinkedHashMap<>();
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

  /** The time of a flow; none if it has too many stages or kinds of tiles. */
  Optional<FlowTime> of(Work flow, SymbolicKind kind) {
    FlowTime.Part root = part(flow, kind);
    Work inside = flow;
    while (!(inside instanceof Work.Pipeline)) {
      inside = inside.children().getFirst();
    }
    Work.Pipeline pipeline = (Work.Pipeline) inside;
    boolean fits = tiles.size() <= FlowTime.MOST_TILES && pipeline.deepest() < FlowTime.MOST_STAGES;
    return fits
        ? Optional.of(new FlowTime(root, epoch(pipeline.body()), pipeline.deepest()))
        : Optional.empty();
  }

  private int input(int expression) {
    return positions.computeIfAbsent(
        expression,
        _ -> {
          inputs.add(expression);
          return inputs.size() - 1;
        });
  }

  private FlowTime.Part part(Work work, SymbolicKind any) {
    SymbolicKind kind = times.only(work, any);
    PartKey key = new PartKey(work.id(), kind);
    FlowTime.Part part = parts.get(key);
    if (part == null) {
      part = fresh(work, kind);
      parts.put(key, part);
    }
    return part;
  }

  private FlowTime.Part fresh(Work work, SymbolicKind kind) {
    return switch (work) {
      case Work.Loop loop -> turns(loop, kind);
      case Work.Residence keep ->
          new FlowTime.Kept(
              input(times.loadCycles(keep, kind)),
              input(times.storeCycles(keep, kind)),
              keep.exposure(),
              part(keep.body(), kind));
      case Work.Pipeline pipeline -> tiles(pipeline, kind);
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

  private FlowTime.Part turns(Work.Loop work, SymbolicKind kind) {
    SymbolicLoop loop = times.loop(work.loop(), kind);
    int count = loop.count();
    FlowTime.Part other = part(work.body(), loop.other(false));
    FlowTime.Part first = part(work.body(), loop.other(true));
    FlowTime.Part last = part(work.body(), loop.last(false));
    FlowTime.Part only = part(work.body(), loop.last(true));
    boolean sees = plan.nodes().seesNeighbours(work.id());
    if (!hasOneKind(work)) {
      return new FlowTime.Turns(input(count), first, other, last, only, sees);
    }
    if (hasOneKind(work.body())) {
      int inside = counts.get(other);
      FlowTime.Part body = ((FlowTime.Turns) other).other();
      return ofOneKind(symbols.expressions.times(count, inside), body, sees);
    }
    return ofOneKind(count, other, sees);
  }

  /** Whether, in every kind around it, all iterations of a loop are of one kind. */
  private boolean hasOneKind(Work work) {
    return work instanceof Work.Loop loop && times.hasOneKind(loop.loop());
  }

  /** Loops directly inside each other, all iterations of which are of one kind, are as one loop. */
  private FlowTime.Turns ofOneKind(int count, FlowTime.Part body, boolean sees) {
    FlowTime.Turns turns = new FlowTime.Turns(input(count), body, body, body, body, sees);
    counts.put(turns, count);
    return turns;
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
    return tiles.computeIfAbsent(new TileKey(kind, isFirst, isLast), _ -> tiles.size() + 1);
  }

  /** What the stages in a node take, those of one stage together. */
  private FlowTime.Epoch epoch(Work work) {
    Map<Integer, List<ToIntFunction<TileKey>>> stages = new TreeMap<>();
    List<FlowTime.Epoch> sum = new ArrayList<>();
    collect(work, stages, sum);
    stages.forEach((offset, terms) -> sum.add(stage(offset, terms)));
    return sum.size() == 1 ? sum.getFirst() : new FlowTime.Sum(sum);
  }

  private FlowTime.Stage stage(int offset, List<ToIntFunction<TileKey>> terms) {
    List<Integer> byTile = new ArrayList<>(List.of(0));
    for (TileKey tile : tiles.keySet()) {
      int cycles = symbols.constant(0);
      for (ToIntFunction<TileKey> term : terms) {
        cycles = symbols.expressions.plus(cycles, term.applyAsInt(tile));
      }
      byTile.add(input(cycles));
    }
    return new FlowTime.Stage(offset, List.copyOf(byTile));
  }

  private void collect(
      Work work, Map<Integer, List<ToIntFunction<TileKey>>> stages, List<FlowTime.Epoch> sum) {
    switch (work) {
      case Work.Stage stage -> add(stages, stage.offset(), tile -> cycles(stage.body(), tile));
      case Work.Residence keep -> {
        collect(keep.body(), stages, sum);
        add(
            stages,
            plan.nodes().firstStage(keep),
            tile -> isExposed(keep, tile.isFirst()) ? times.loadCycles(keep, tile.kind()) : none());
        add(
            stages,
            plan.nodes().lastStage(keep),
            tile -> isExposed(keep, tile.isLast()) ? times.storeCycles(keep, tile.kind()) : none());
      }
      case Work.Sequence sequence -> sequence.parts().forEach(part -> collect(part, stages, sum));
      case Work.Branches branches ->
          sum.add(new FlowTime.Most(branches.parts().stream().map(this::epoch).toList()));
      case Work.Nest _, Work.Loop _, Work.Waves _, Work.OnlyLast _, Work.Pipeline _, Work.Phase _ ->
          throw new IllegalArgumentException("work between a pipeline and its stages");
    }
  }

  private static void add(
      Map<Integer, List<ToIntFunction<TileKey>>> stages,
      int offset,
      ToIntFunction<TileKey> cycles) {
    stages.computeIfAbsent(offset, _ -> new ArrayList<>()).add(cycles);
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
