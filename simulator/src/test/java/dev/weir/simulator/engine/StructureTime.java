package dev.weir.simulator.engine;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.analysis.Operations;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Ranges;
import dev.weir.mapper.schedule.Size;
import java.util.ArrayList;
import java.util.List;

/**
 * Cycles of a schedule on a machine whose memories never limit, by visiting every iteration and
 * adding up as section 3 of {@code docs/schedule.md} reads: no events, no classes of tiles.
 */
public final class StructureTime {

  private final Problem problem;

  private StructureTime(Problem problem) {
    this.problem = problem;
  }

  public static long of(Problem problem) {
    return new StructureTime(problem)
        .time(
            problem.schedule().root(),
            Ranges.whole(problem.cascade(), problem.shapes()),
            List.of());
  }

  /**
   * @param window tiles of the stages of the pipeline around, youngest first, null where none is
   */
  private long time(Node node, Ranges ranges, List<Ranges> window) {
    if (isNest(node)) {
      return nest(node, ranges);
    }
    return switch (node) {
      case Node.For loop ->
          loop.flow()
              ? pipeline(node, ranges)
              : sum(loop.body(), tiles(loop.rank(), loop.tile(), ranges));
      case Node.Iterate loop ->
          loop.flow()
              ? pipeline(node, ranges)
              : sum(loop.body(), tiles(loop.rank(), Size.of(1), ranges));
      case Node.Spatial loop -> {
        long instances = axis(loop).instances();
        List<Ranges> tiles = tiles(loop.rank(), loop.tile(), ranges);
        long sum = 0;
        for (int first = 0; first < tiles.size(); first += (int) instances) {
          long longest = 0;
          for (Ranges tile :
              tiles.subList(first, (int) Math.min(tiles.size(), first + instances))) {
            longest = Math.max(longest, time(loop.body(), tile, window));
          }
          sum += longest;
        }
        yield sum;
      }
      case Node.Last last ->
          ranges.of(last.rank()).to() == problem.shapes().of(last.rank())
              ? time(last.body(), ranges, window)
              : 0;
      case Node.Keep keep -> time(keep.body(), ranges, window);
      case Node.Seq _, Node.Interleave _ ->
          node.children().stream().mapToLong(part -> time(part, ranges, window)).sum();
      case Node.Par par ->
          par.parts().stream().mapToLong(part -> time(part, ranges, window)).max().orElse(0);
      case Node.Pipeline _ -> pipeline(node, ranges);
      case Node.Stage stage -> {
        Ranges tile = window.get(stage.offset());
        yield tile == null ? 0 : time(stage.body(), tile, List.of());
      }
      case Node.Compute _ -> throw new AssertionError("a nest");
    };
  }

  private long sum(Node body, List<Ranges> tiles) {
    return tiles.stream().mapToLong(tile -> time(body, tile, List.of())).sum();
  }

  private List<Ranges> tiles(RankName rank, Size size, Ranges ranges) {
    long tile = problem.value(size);
    Ranges.Range whole = ranges.of(rank);
    List<Ranges> tiles = new ArrayList<>();
    for (long number = 0; number < whole.tiles(tile); number++) {
      tiles.add(ranges.with(rank, whole.tile(number, tile)));
    }
    return tiles;
  }

  private long pipeline(Node top, Ranges ranges) {
    List<Ranges> tiles = new ArrayList<>();
    Node body = number(top, ranges, tiles);
    int deepest = deepest(body);
    long sum = 0;
    for (int epoch = 0; epoch < tiles.size() + deepest; epoch++) {
      List<Ranges> window = new ArrayList<>();
      for (int stage = 0; stage <= deepest; stage++) {
        int tile = epoch - stage;
        window.add(tile >= 0 && tile < tiles.size() ? tiles.get(tile) : null);
      }
      sum += time(body, ranges, window);
    }
    return sum;
  }

  private Node number(Node node, Ranges ranges, List<Ranges> tiles) {
    return switch (node) {
      case Node.Keep keep -> number(keep.body(), ranges, tiles);
      case Node.For loop -> numberAll(loop.body(), tiles(loop.rank(), loop.tile(), ranges), tiles);
      case Node.Iterate loop ->
          numberAll(loop.body(), tiles(loop.rank(), Size.of(1), ranges), tiles);
      case Node.Pipeline pipeline -> {
        tiles.addAll(tiles(pipeline.rank(), pipeline.tile(), ranges));
        yield pipeline.body();
      }
      case Node.Spatial _,
          Node.Last _,
          Node.Seq _,
          Node.Par _,
          Node.Stage _,
          Node.Interleave _,
          Node.Compute _ ->
          throw new AssertionError(node);
    };
  }

  private Node numberAll(Node body, List<Ranges> steps, List<Ranges> tiles) {
    Node stages = body;
    for (Ranges step : steps) {
      stages = number(body, step, tiles);
    }
    return stages;
  }

  private static int deepest(Node node) {
    return node instanceof Node.Stage stage
        ? stage.offset()
        : node.children().stream().mapToInt(StructureTime::deepest).max().orElse(0);
  }

  private static boolean isNest(Node node) {
    return node instanceof Node.Compute
        || ((node instanceof Node.For || node instanceof Node.Spatial)
            && isNest(node.children().getFirst()));
  }

  private long nest(Node node, Ranges ranges) {
    Node inner = node;
    while (!(inner instanceof Node.Compute)) {
      inner = inner.children().getFirst();
    }
    Node.Compute compute = (Node.Compute) inner;
    ComputeUnit unit = problem.architecture().unit(compute.unit()).orElseThrow();
    Einsum einsum =
        problem.cascade().einsums().stream()
            .filter(e -> !e.isInitial() && e.output().tensor().equals(compute.einsum()))
            .findFirst()
            .orElseThrow();
    Rational each = Rational.ZERO;
    for (var kind : Operations.perPoint(einsum, problem.cascade()).entrySet()) {
      each =
          each.plus(
              unit.operations()
                  .get(kind.getKey())
                  .initiationIntervalCycles()
                  .times(kind.getValue()));
    }
    return each.times(steps(node, ranges)).ceiling() + fill(node, ranges) + drain(node, einsum);
  }

  private long drain(Node node, Einsum einsum) {
    long cycles = 0;
    for (Node at = node; !(at instanceof Node.Compute); at = at.children().getFirst()) {
      if (at instanceof Node.Spatial loop && loop.reduce().contains(einsum.output().tensor())) {
        cycles += axis(loop).drainCycles().getOrDefault(OperationKind.of(einsum.reduction()), 0L);
      }
    }
    return cycles;
  }

  private long steps(Node node, Ranges ranges) {
    return switch (node) {
      case Node.For loop ->
          tiles(loop.rank(), loop.tile(), ranges).stream()
              .mapToLong(tile -> steps(loop.body(), tile))
              .sum();
      case Node.Spatial loop -> {
        List<Ranges> tiles = tiles(loop.rank(), loop.tile(), ranges);
        long sum = 0;
        for (int first = 0; first < tiles.size(); first += (int) axis(loop).instances()) {
          sum += steps(loop.body(), tiles.get(first));
        }
        yield sum;
      }
      case Node.Compute _ -> 1;
      case Node.Iterate _,
          Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Pipeline _,
          Node.Stage _,
          Node.Interleave _ ->
          throw new AssertionError(node);
    };
  }

  private long fill(Node node, Ranges ranges) {
    if (node instanceof Node.Compute) {
      return 0;
    }
    List<Ranges> tiles;
    long own = 0;
    if (node instanceof Node.Spatial loop) {
      tiles = tiles(loop.rank(), loop.tile(), ranges);
      Axis axis = axis(loop);
      boolean shows = axis.takesTimeToPass();
      long used = Math.min(tiles.size(), axis.instances());
      long passed = axis.fill() == Axis.Fill.WHOLE ? axis.instances() : used;
      own = shows ? (passed - 1) * axis.hopCycles() : 0;
    } else {
      Node.For loop = (Node.For) node;
      tiles = tiles(loop.rank(), loop.tile(), ranges);
    }
    return own + fill(node.children().getFirst(), tiles.getFirst());
  }

  private Axis axis(Node.Spatial loop) {
    return problem.architecture().axis(loop.axis()).orElseThrow();
  }
}
