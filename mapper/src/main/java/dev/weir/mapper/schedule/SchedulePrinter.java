package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.VariantName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes a schedule so that {@link ScheduleReader} reads the same value back. Loops that stand
 * directly in one another share a line; whatever has several parts is a block.
 */
public final class SchedulePrinter {

  private final StringBuilder out = new StringBuilder();

  private SchedulePrinter() {}

  /** The whole text, with a line end at its end. */
  public static String print(Schedule schedule) {
    SchedulePrinter printer = new SchedulePrinter();
    printer.head(schedule);
    printer.block(schedule.root(), 1);
    return printer.out.toString();
  }

  /** The head of one node, without its body: what a message calls it. */
  public static String head(Node node) {
    return switch (node) {
      case Node.For loop ->
          "for %s by %s%s%s%s"
              .formatted(
                  loop.rank().variable(),
                  print(loop.tile()),
                  loop.skip() ? " skip" : "",
                  list(" recompute ", loop.recompute()),
                  loop.flow() ? " flow" : "");
      case Node.Spatial loop ->
          "spatial %s by %s on %s%s%s%s"
              .formatted(
                  loop.rank().variable(),
                  print(loop.tile()),
                  loop.axis(),
                  list(" multicast ", loop.multicast()),
                  list(" reduce ", loop.reduce()),
                  list(" recompute ", loop.recompute()));
      case Node.Iterate loop -> "iterate " + loop.rank().variable() + (loop.flow() ? " flow" : "");
      case Node.Last last -> "last " + last.rank().variable();
      case Node.Keep keep -> keep(keep);
      case Node.Seq _ -> "seq";
      case Node.Par _ -> "par";
      case Node.Pipeline pipeline ->
          "pipeline " + pipeline.rank().variable() + " by " + print(pipeline.tile());
      case Node.Stage stage -> "stage " + stage.offset();
      case Node.Interleave interleave -> "interleave " + interleave.unit();
      case Node.Compute compute -> compute(compute);
    };
  }

  /** A size as it is written. */
  public static String print(Size size) {
    return switch (size) {
      case Size.Constant constant -> Long.toString(constant.value());
      case Size.Parameter parameter -> parameter.name();
      case Size.ShapeOf shape -> shape.rank().text();
      case Size.Product product -> print(product.left()) + "*" + factor(product.right());
    };
  }

  private static String factor(Size size) {
    return size instanceof Size.Product ? "(" + print(size) + ")" : print(size);
  }

  private static String keep(Node.Keep keep) {
    String tensors =
        keep.tensors().stream().map(TensorName::toString).collect(Collectors.joining(", "));
    String copies = keep.copies().equals(Size.of(1)) ? "" : " copies " + print(keep.copies());
    return "keep "
        + tensors
        + " at "
        + keep.level()
        + copies
        + (keep.doubleBuffered() ? " double" : "")
        + (keep.refetch() ? " refetch" : "")
        + keep.inPlaceOf().map(old -> " in place of " + old).orElse("");
  }

  private static String compute(Node.Compute compute) {
    String head = "compute " + compute.einsum() + " on " + compute.unit();
    return compute.variants().isEmpty()
        ? head
        : compute.variants().stream()
            .map(VariantName::text)
            .collect(Collectors.joining(", ", head + " with ", ""));
  }

  private static String list(String before, Collection<TensorName> names) {
    return names.isEmpty()
        ? ""
        : names.stream()
            .sorted()
            .map(TensorName::toString)
            .collect(Collectors.joining(", ", before, ""));
  }

  private void head(Schedule schedule) {
    out.append("schedule ").append(schedule.name());
    if (!schedule.description().isEmpty()) {
      out.append(" \"").append(schedule.description()).append('"');
    }
    out.append(" for ").append(schedule.cascade()).append('\n');
    schedule.parameters().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> line(1, "parameter " + e.getKey() + " = " + e.getValue()));
    schedule.shapes().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> line(1, "shape " + e.getKey() + " = " + print(e.getValue())));
  }

  /** The node as all that stands in a block. */
  private void block(Node node, int depth) {
    if (node instanceof Node.Seq seq && seq.parts().size() > 1) {
      parts(seq.parts(), depth);
    } else {
      part(node, depth, true);
    }
  }

  private void parts(List<Node> parts, int depth) {
    for (int i = 0; i < parts.size(); i++) {
      part(parts.get(i), depth, i == parts.size() - 1);
    }
  }

  /** One part of a block. A keep takes all that follows, so elsewhere it needs braces. */
  private void part(Node node, int depth, boolean isLast) {
    if (node instanceof Node.Keep keep) {
      if (isLast) {
        line(depth, head(keep));
        block(keep.body(), depth);
      } else {
        line(depth, "{");
        part(keep, depth + 1, true);
        line(depth, "}");
      }
      return;
    }
    out.append("  ".repeat(depth));
    chain(node, depth);
  }

  /** The rest of a line: loops in loops down to a compute or to a block. */
  private void chain(Node node, int depth) {
    out.append(head(node));
    switch (node) {
      case Node.Compute _ -> out.append('\n');
      case Node.Seq seq -> braces(seq.parts(), depth);
      case Node.Par par -> braces(par.parts(), depth);
      case Node.Interleave interleave -> braces(interleave.parts(), depth);
      case Node.For _,
          Node.Spatial _,
          Node.Iterate _,
          Node.Last _,
          Node.Keep _,
          Node.Pipeline _,
          Node.Stage _ ->
          body(node.children().getFirst(), depth);
    }
  }

  private void body(Node body, int depth) {
    if (body instanceof Node.Seq seq && seq.parts().size() > 1) {
      braces(seq.parts(), depth);
    } else if (body instanceof Node.Keep) {
      braces(List.of(body), depth);
    } else {
      out.append("  ");
      chain(body, depth);
    }
  }

  private void braces(List<Node> parts, int depth) {
    out.append(" {\n");
    parts(parts, depth + 1);
    line(depth, "}");
  }

  private void line(int depth, String text) {
    out.append("  ".repeat(depth)).append(text).append('\n');
  }
}
