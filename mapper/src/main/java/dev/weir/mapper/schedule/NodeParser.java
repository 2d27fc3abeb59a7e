package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.source.Spelling;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.arch.VariantName;
import dev.weir.mapper.schedule.ScheduleParser.Placed;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Reads the nodes of a schedule other than {@code keep}, which depends on its block. */
final class NodeParser {

  /** {@code keep T… at L [copies n] [double] [refetch] [in place of U]}. */
  record KeepHead(
      List<TensorName> tensors,
      LevelName level,
      Size copies,
      boolean doubleBuffered,
      boolean refetch,
      Optional<TensorName> inPlaceOf) {
    Node around(Node body) {
      return new Node.Keep(tensors, level, copies, doubleBuffered, refetch, inPlaceOf, body);
    }
  }

  /** What may stand at the end of a node's head. */
  private static final Set<String> MODIFIERS =
      Set.of(
          "copies", "double", "refetch", "in", "skip", "flow", "multicast", "reduce", "recompute");

  private final TokenCursor cursor;
  private final Set<String> parameters;
  private final Set<String> excused;
  private final Supplier<List<Placed>> block;

  /**
   * Reads from a cursor.
   *
   * @param parameters the parameters declared so far, as they grow
   * @param excused words that mean something unknown because of an earlier finding, as they grow
   * @param block reads a block in braces
   */
  NodeParser(
      TokenCursor cursor,
      Set<String> parameters,
      Set<String> excused,
      Supplier<List<Placed>> block) {
    this.cursor = cursor;
    this.parameters = parameters;
    this.excused = excused;
    this.block = block;
  }

  /**
   * One node.
   *
   * @param body reads the part that follows a loop
   */
  Placed node(Supplier<Placed> body) {
    Token first = cursor.peek();
    int start = first.span().start();
    if (first.kind() == Token.Kind.WORD && ScheduleParser.NODES.contains(first.text())) {
      cursor.advance();
    }
    return switch (first.text()) {
      case "{" -> ScheduleParser.sequence(block.get());
      case "for" -> around(start, temporal(), body);
      case "spatial" -> around(start, spatial(), body);
      case "iterate" -> around(start, iterate(), body);
      case "last" -> around(start, last(), body);
      case "pipeline" -> around(start, pipeline(), body);
      case "stage" -> around(start, stage(), body);
      case "seq" -> parts(start, Node.Seq::new);
      case "par" -> parts(start, Node.Par::new);
      case "interleave" -> {
        UnitName unit = unit();
        yield parts(start, parts -> new Node.Interleave(unit, parts));
      }
      case "compute" -> compute(start);
      default -> throw noNode();
    };
  }

  /** What follows a node may be a misspelt word of the node before it. */
  private TokenCursor.Unreadable noNode() {
    List<String> modifiers = cursor.missed().stream().filter(MODIFIERS::contains).toList();
    Set<String> meant = new LinkedHashSet<>(ScheduleParser.NODES);
    meant.addAll(modifiers);
    return cursor.unexpected(
        (modifiers.isEmpty() ? "" : String.join(", ", modifiers) + " or ")
            + "a node: for, spatial, iterate, last, keep, seq, par, pipeline, stage, interleave,"
            + " compute or a block in braces",
        meant);
  }

  KeepHead keepHead() {
    cursor.expect("keep", "");
    List<TensorName> tensors = tensors();
    cursor.expect("at", "and a memory level");
    Token level = plainName("a memory level");
    Size copies = cursor.accept("copies") ? size() : Size.of(1);
    boolean doubleBuffered = cursor.accept("double");
    boolean refetch = cursor.accept("refetch");
    return new KeepHead(
        tensors, new LevelName(level.text()), copies, doubleBuffered, refetch, inPlaceOf());
  }

  private Optional<TensorName> inPlaceOf() {
    if (!cursor.accept("in")) {
      return Optional.empty();
    }
    cursor.expect("place", "as in: in place of U");
    cursor.expect("of", "and a tensor");
    return Optional.of(new TensorName(plainName("a tensor").text()));
  }

  Size size() {
    Size size = factor();
    while (cursor.accept("*")) {
      size = new Size.Product(size, factor());
    }
    return size;
  }

  static String upperCase(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static Placed wrap(int start, int end, UnaryOperator<Node> head, Placed body) {
    return new Placed(head.apply(body.node()), new Span(start, end), List.of(body));
  }

  private Placed around(int start, UnaryOperator<Node> head, Supplier<Placed> body) {
    int end = cursor.end();
    return wrap(start, end, head, body.get());
  }

  private UnaryOperator<Node> temporal() {
    RankName rank = rank();
    Size tile = tile();
    boolean skip = cursor.accept("skip");
    Set<TensorName> recompute = clause("recompute");
    boolean flow = cursor.accept("flow");
    return body -> new Node.For(rank, tile, skip, recompute, flow, body);
  }

  private UnaryOperator<Node> spatial() {
    RankName rank = rank();
    Size tile = tile();
    cursor.expect("on", "and an axis");
    AxisName axis = axis();
    Set<TensorName> multicast = clause("multicast");
    Set<TensorName> reduce = clause("reduce");
    Set<TensorName> recompute = clause("recompute");
    return body -> new Node.Spatial(rank, tile, axis, multicast, reduce, recompute, body);
  }

  private Set<TensorName> clause(String word) {
    return cursor.accept(word) ? new LinkedHashSet<>(tensors()) : Set.of();
  }

  private UnaryOperator<Node> iterate() {
    RankName rank = rank();
    boolean flow = cursor.accept("flow");
    return body -> new Node.Iterate(rank, flow, body);
  }

  private UnaryOperator<Node> last() {
    RankName rank = rank();
    return body -> new Node.Last(rank, body);
  }

  private UnaryOperator<Node> pipeline() {
    RankName rank = rank();
    Size tile = tile();
    return body -> new Node.Pipeline(rank, tile, body);
  }

  private UnaryOperator<Node> stage() {
    long offset = cursor.number("the number of a stage, from 0");
    return body -> new Node.Stage((int) offset, body);
  }

  private Placed parts(int start, Function<List<Node>, Node> head) {
    int end = cursor.end();
    List<Placed> parts = block.get();
    Node node = head.apply(parts.stream().map(Placed::node).toList());
    return new Placed(node, new Span(start, end), parts);
  }

  private Placed compute(int start) {
    TensorName einsum = new TensorName(plainName("the output of an Einsum").text());
    cursor.expect("on", "and a compute unit");
    Node node = new Node.Compute(einsum, unit(), variants());
    return new Placed(node, new Span(start, cursor.end()), List.of());
  }

  private List<VariantName> variants() {
    List<VariantName> variants = new ArrayList<>();
    if (cursor.accept("with")) {
      do {
        variants.add(new VariantName(plainName("a variant of an operation").text()));
      } while (cursor.accept(","));
    }
    return variants;
  }

  private Size tile() {
    cursor.expect("by", "and a tile size");
    return size();
  }

  private Size factor() {
    if (cursor.accept("(")) {
      Size inner = size();
      cursor.expect(")", "after a product");
      return inner;
    }
    Token token = cursor.peek();
    if (token.kind() == Token.Kind.NUMBER) {
      long value = cursor.number("a size");
      if (value < 1) {
        throw cursor.error(token.span(), "a size is at least 1 (got " + value + ")", "write 1");
      }
      return Size.of(value);
    }
    Token name = plainName("a size: a number, a parameter or the shape of a rank");
    if (parameters.contains(name.text())) {
      return new Size.Parameter(name.text());
    }
    if (name.text().matches("[A-Z].*")) {
      return new Size.ShapeOf(new RankName(name.text()));
    }
    if (excused.contains(name.text())) {
      // Whatever it is: the schedule has an error already and is not used.
      return Size.of(1);
    }
    String message = "unknown parameter " + name.text() + " (declared: " + declared() + ")";
    throw Spelling.nearest(name.text(), parameters)
        .map(near -> cursor.error(name.span(), message, "write " + near))
        .orElseGet(() -> cursor.error(name.span(), message));
  }

  private String declared() {
    return parameters.isEmpty() ? "none" : String.join(", ", parameters);
  }

  private RankName rank() {
    Token token = plainName("a rank variable");
    if (!token.text().matches("[a-z].*")) {
      String variable = token.text().substring(0, 1).toLowerCase(Locale.ROOT);
      throw cursor.error(
          token.span(),
          "a loop names a rank variable, in lower case (got " + token.text() + ")",
          "write " + variable + token.text().substring(1));
    }
    return RankName.ofVariable(token.text());
  }

  private AxisName axis() {
    Token token = cursor.name("an axis", ScheduleParser.KEYWORDS);
    if (!token.text().matches("[A-Za-z]\\w*\\.[A-Za-z]\\w*")) {
      throw cursor.error(
          token.span(),
          "an axis is a unit and a direction with a dot between them (got " + token.text() + ")");
    }
    return new AxisName(token.text());
  }

  private UnitName unit() {
    return new UnitName(plainName("a compute unit").text());
  }

  private List<TensorName> tensors() {
    List<TensorName> tensors = new ArrayList<>();
    do {
      tensors.add(new TensorName(plainName("a tensor").text()));
    } while (cursor.accept(","));
    return tensors;
  }

  private Token plainName(String what) {
    Token token = cursor.name(what, ScheduleParser.KEYWORDS);
    if (!token.text().matches("[A-Za-z][A-Za-z0-9_]*")) {
      throw cursor.error(token.span(), "'" + token.text() + "' is not " + what);
    }
    return token;
  }
}
