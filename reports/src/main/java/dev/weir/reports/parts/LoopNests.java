package dev.weir.reports.parts;

import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.SchedulePrinter;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Part.LoopNest.Kind;
import dev.weir.reports.model.Part.LoopNest.Line;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A schedule as the lines of a loop nest, with sizes worked out. */
public final class LoopNests {

  private final Problem problem;
  private final List<Line> lines = new ArrayList<>();
  private final List<NodePath> nodes = new ArrayList<>();

  private LoopNests(Problem problem) {
    this.problem = problem;
  }

  /** The whole schedule of a problem; loops that lead straight to a compute share its line. */
  public static Part.LoopNest of(String title, String explanation, Problem problem) {
    return new Part.LoopNest(title, explanation, whole(problem).lines);
  }

  /** For each line of the loop nest of a problem the node that it begins with. */
  public static List<NodePath> nodes(Problem problem) {
    return List.copyOf(whole(problem).nodes);
  }

  private static LoopNests whole(Problem problem) {
    LoopNests nests = new LoopNests(problem);
    nests.add(problem.schedule().root(), NodePath.ROOT, 0, Map.of());
    return nests;
  }

  private void add(Node node, NodePath path, int depth, Map<RankName, Long> ranges) {
    boolean isNest = isNest(node);
    if (isNest || !(node instanceof Node.Seq)) {
      nodes.add(path);
    }
    if (isNest) {
      lines.add(new Line(depth, Kind.COMPUTE, nestHeads(node), ""));
      return;
    }
    String head = SchedulePrinter.head(node);
    switch (node) {
      case Node.For loop -> {
        long tile = problem.value(loop.tile());
        line(depth, Kind.LOOP, head, tiles(range(loop.rank(), ranges), tile));
        add(loop.body(), path.child(0), depth + 1, narrowed(ranges, loop.rank(), tile));
      }
      case Node.Spatial loop -> {
        long tile = problem.value(loop.tile());
        line(depth, Kind.SPATIAL, head, tiles(range(loop.rank(), ranges), tile));
        add(loop.body(), path.child(0), depth + 1, narrowed(ranges, loop.rank(), tile));
      }
      case Node.Pipeline pipeline -> {
        long tile = problem.value(pipeline.tile());
        line(depth, Kind.LOOP, head, tiles(range(pipeline.rank(), ranges), tile));
        add(pipeline.body(), path.child(0), depth + 1, narrowed(ranges, pipeline.rank(), tile));
      }
      case Node.Iterate loop -> {
        line(depth, Kind.LOOP, head, "%,d steps".formatted(range(loop.rank(), ranges)));
        add(loop.body(), path.child(0), depth + 1, narrowed(ranges, loop.rank(), 1));
      }
      case Node.Keep keep -> {
        line(depth, Kind.KEEP, head, keep.doubleBuffered() ? "double-buffered" : "");
        add(keep.body(), path.child(0), depth, ranges);
      }
      case Node.Seq seq -> addAll(seq.parts(), path, depth, ranges);
      case Node.Par par -> block(head, par.parts(), path, depth, ranges);
      case Node.Interleave interleave -> block(head, interleave.parts(), path, depth, ranges);
      case Node.Stage stage -> block(head, List.of(stage.body()), path, depth, ranges);
      case Node.Last last -> block(head, List.of(last.body()), path, depth, ranges);
      case Node.Compute _ -> line(depth, Kind.COMPUTE, head, "");
    }
  }

  private void block(
      String head, List<Node> parts, NodePath path, int depth, Map<RankName, Long> ranges) {
    line(depth, Kind.STRUCTURE, head, "");
    addAll(parts, path, depth + 1, ranges);
  }

  private void addAll(List<Node> parts, NodePath path, int depth, Map<RankName, Long> ranges) {
    for (int i = 0; i < parts.size(); i++) {
      add(parts.get(i), path.child(i), depth, ranges);
    }
  }

  private void line(int depth, Kind kind, String text, String note) {
    lines.add(new Line(depth, kind, List.of(text), note));
  }

  private long range(RankName rank, Map<RankName, Long> ranges) {
    return ranges.containsKey(rank) ? ranges.get(rank) : problem.shapes().of(rank);
  }

  private static Map<RankName, Long> narrowed(
      Map<RankName, Long> ranges, RankName rank, long tile) {
    Map<RankName, Long> inner = new HashMap<>(ranges);
    inner.merge(rank, tile, Math::min);
    return inner;
  }

  private static String tiles(long range, long tile) {
    long count = Math.ceilDiv(range, tile);
    long last = range - (count - 1) * Math.min(tile, range);
    String shorter =
        last < tile && count > 1 ? String.format(Locale.ROOT, ", the last of %,d", last) : "";
    return String.format(
        Locale.ROOT,
        "%,d %s of %,d%s",
        count,
        count == 1 ? "tile" : "tiles",
        Math.min(tile, range),
        shorter);
  }

  /** Whether loops lead straight to one compute. */
  private static boolean isNest(Node node) {
    return switch (node) {
      case Node.For loop -> isNest(loop.body());
      case Node.Spatial loop -> isNest(loop.body());
      case Node.Compute _ -> true;
      case Node.Iterate _,
          Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Pipeline _,
          Node.Stage _,
          Node.Interleave _ ->
          false;
    };
  }

  private static List<String> nestHeads(Node node) {
    List<String> heads = new ArrayList<>();
    Node at = node;
    heads.add(SchedulePrinter.head(at));
    while (!at.children().isEmpty()) {
      at = at.children().getFirst();
      heads.add(SchedulePrinter.head(at));
    }
    return heads;
  }
}
