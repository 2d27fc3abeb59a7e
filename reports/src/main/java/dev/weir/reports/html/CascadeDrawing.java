package dev.weir.reports.html;

import dev.weir.reports.model.Part.CascadeGraph;
import dev.weir.reports.model.Part.CascadeGraph.Group;
import dev.weir.reports.model.Part.CascadeGraph.Link;
import dev.weir.reports.model.Part.CascadeGraph.Node;
import dev.weir.reports.model.Part.CascadeGraph.NodeKind;
import dev.weir.reports.model.Part.CascadeGraph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where the Einsums of a cascade lie, in units of the view box: one row each, and to their left one
 * upright line a tensor, from the row that writes it to the rows that read it.
 */
public record CascadeDrawing(
    int width,
    int height,
    List<Row> rows,
    List<Wire> wires,
    List<Tap> taps,
    List<Box> boxes,
    List<Palette.Entry> legend) {

  private static final int TOP = 14;
  private static final int ROW = 40;
  private static final int NODE = 28;
  private static final int LANE = 13;
  private static final int LEFT = 14;
  private static final int ROOM_OF_BOX = 10;
  private static final int NODE_WIDTH = 84;
  private static final double BOLD_LETTER = 8.6;
  private static final double LETTER = 7.3;
  private static final double LABEL_LETTER = 6.6;
  private static final int LONGEST = 96;

  /** An Einsum or an input. */
  public record Row(
      int x,
      int y,
      int width,
      int height,
      String style,
      String name,
      int whenX,
      String when,
      int textX,
      String text,
      String tooltip) {}

  /** The upright part of a tensor's line. */
  public record Wire(int x, int from, int to, String style, String tooltip) {}

  /** A level part: from the upright one to a node. */
  public record Tap(String path, String arrow, String style, String tooltip) {}

  /** A frame around Einsums that advance together. */
  public record Box(int x, int y, int width, int height, String label, int labelX, int labelY) {}

  static CascadeDrawing of(CascadeGraph graph) {
    return new Layout(graph).drawing();
  }

  /** One use for one graph. */
  private static final class Layout {

    private final CascadeGraph graph;
    private final int[] laneOf;
    private final int lanes;
    private final int nodeX;
    private final int nodeWidth;

    Layout(CascadeGraph graph) {
      this.graph = graph;
      this.laneOf = new int[graph.nodes().size()];
      this.lanes = assignLanes();
      this.nodeX = LEFT + lanes * LANE + ROOM_OF_BOX * (deepest() + 1) + 22;
      int longest = graph.nodes().stream().mapToInt(node -> node.name().length()).max().orElse(1);
      this.nodeWidth = Math.max(NODE_WIDTH, (int) Math.ceil(longest * BOLD_LETTER) + 16);
    }

    CascadeDrawing drawing() {
      int longest =
          graph.nodes().stream().mapToInt(node -> shortened(node).length()).max().orElse(1);
      int labels =
          graph.groups().stream().mapToInt(group -> group.label().length() + 3).max().orElse(0);
      int width =
          textX()
              + (int) Math.ceil(longest * LETTER)
              + (int) Math.ceil(labels * LABEL_LETTER)
              + LEFT
              + ROOM_OF_BOX * deepest();
      List<Row> rows = new ArrayList<>();
      for (int at = 0; at < graph.nodes().size(); at++) {
        rows.add(row(at));
      }
      List<Wire> wires = new ArrayList<>();
      List<Tap> taps = new ArrayList<>();
      for (int at = 0; at < graph.nodes().size(); at++) {
        wire(at, wires, taps);
      }
      return new CascadeDrawing(
          width, TOP + graph.nodes().size() * ROW, rows, wires, taps, boxes(width), legend());
    }

    private int textX() {
      int longest =
          graph.nodes().stream().mapToInt(node -> graph.when(node).length()).max().orElse(0);
      return nodeX + nodeWidth + 20 + (int) Math.ceil(longest * LABEL_LETTER);
    }

    private int middle(int at) {
      return TOP + at * ROW + ROW / 2;
    }

    private Row row(int at) {
      Node node = graph.nodes().get(at);
      String tooltip = "%s — %s".formatted(node.text(), graph.when(node));
      return new Row(
          nodeX,
          middle(at) - NODE / 2,
          nodeWidth,
          NODE,
          style(node),
          node.name(),
          nodeX + nodeWidth + 12,
          graph.when(node),
          textX(),
          shortened(node),
          tooltip);
    }

    private static String shortened(Node node) {
      String text = node.text().replaceAll("\\s+", " ");
      return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }

    private String style(Node node) {
      String kind = node.kind().name().toLowerCase(Locale.ROOT);
      if (node.kind() == NodeKind.INPUT || node.pass() == 0) {
        return "node " + kind + " nopass";
      }
      return "node " + kind + " " + colour(node.pass()) + (node.isAfterPass() ? " after" : "");
    }

    /** Neighbouring passes have colours that differ in hue and in lightness. */
    private static String colour(int pass) {
      return "c" + (pass - 1) % 6;
    }

    private List<Link> linksOf(int from) {
      return graph.links().stream().filter(link -> link.from() == from).toList();
    }

    /** Short lines lie near the Einsums; no two of one lane share a row. */
    private int assignLanes() {
      List<List<int[]>> taken = new ArrayList<>();
      List<Integer> order = new ArrayList<>();
      for (int at = 0; at < laneOf.length; at++) {
        order.add(at);
      }
      order.sort((a, b) -> Integer.compare(span(a)[1] - span(a)[0], span(b)[1] - span(b)[0]));
      for (int at : order) {
        if (linksOf(at).isEmpty()) {
          continue;
        }
        int[] span = span(at);
        int lane = 0;
        while (lane < taken.size()
            && taken.get(lane).stream().anyMatch(o -> o[0] <= span[1] && span[0] <= o[1])) {
          lane++;
        }
        if (lane == taken.size()) {
          taken.add(new ArrayList<>());
        }
        taken.get(lane).add(span);
        laneOf[at] = lane;
      }
      return taken.size();
    }

    private int[] span(int at) {
      int first = at;
      int last = at;
      for (Link link : linksOf(at)) {
        first = Math.min(first, link.to());
        last = Math.max(last, link.to());
      }
      return new int[] {first, last};
    }

    private int laneX(int at) {
      return LEFT + (lanes - 1 - laneOf[at]) * LANE + LANE / 2;
    }

    private void wire(int at, List<Wire> wires, List<Tap> taps) {
      List<Link> links = linksOf(at);
      if (links.isEmpty()) {
        return;
      }
      String name = graph.nodes().get(at).name();
      int x = laneX(at);
      int leaves = middle(at) + NODE / 2 - 5;
      int top = leaves;
      int bottom = leaves;
      boolean isComplete = links.stream().allMatch(link -> link.value() == Value.COMPLETE);
      boolean isPrevious = links.stream().allMatch(link -> link.value() == Value.PREVIOUS);
      String style = isComplete ? "complete" : isPrevious ? "previous" : "step";
      for (Link link : links) {
        int y = arrival(link);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
        String reader = graph.nodes().get(link.to()).name();
        taps.add(
            new Tap(
                "M%d %dH%d".formatted(x, y, nodeX - 7),
                "M%d %dl-7 -3.5v7z".formatted(nodeX - 1, y),
                link.value().name().toLowerCase(Locale.ROOT),
                name + " → " + reader + words(link.value())));
      }
      taps.add(new Tap("M%d %dH%d".formatted(x, leaves, nodeX), "", style, name));
      wires.add(new Wire(x, top, bottom, style, name));
    }

    private String words(Value value) {
      return switch (value) {
        case STEP -> "";
        case COMPLETE -> ", complete only when the pass over " + graph.rank() + " has ended";
        case PREVIOUS -> ", the value of the step before";
      };
    }

    /** Lines that end in one row come in above each other, and above the one that leaves it. */
    private int arrival(Link link) {
      List<Link> into = graph.links().stream().filter(other -> other.to() == link.to()).toList();
      double step = (NODE - 11.0) / Math.max(1, into.size());
      return (int) Math.round(middle(link.to()) - NODE / 2.0 + 4 + step * into.indexOf(link));
    }

    private int depth(Group group) {
      return (int)
          graph.groups().stream()
              .filter(outer -> !outer.equals(group))
              .filter(outer -> outer.first() <= group.first() && outer.last() >= group.last())
              .count();
    }

    private int deepest() {
      return graph.groups().stream().mapToInt(this::depth).max().orElse(0);
    }

    private List<Box> boxes(int width) {
      List<Box> boxes = new ArrayList<>();
      for (Group group : graph.groups()) {
        int inset = depth(group) * ROOM_OF_BOX;
        int x = nodeX - 18 - ROOM_OF_BOX * deepest() + inset;
        int y = TOP + group.first() * ROW + 1 + depth(group) * 2;
        int height = (group.last() - group.first() + 1) * ROW - 2 - depth(group) * 4;
        int right = width - 4 - inset;
        boxes.add(new Box(x, y, right - x, height, group.label(), right - 8, y + 15));
      }
      return boxes;
    }

    private List<Palette.Entry> legend() {
      return graph.nodes().stream()
          .filter(node -> node.pass() > 0)
          .mapToInt(Node::pass)
          .distinct()
          .sorted()
          .mapToObj(
              pass -> new Palette.Entry("pass " + pass + " over " + graph.rank(), colour(pass)))
          .toList();
    }
  }
}
