package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the head of a schedule and the blocks of its tree; {@link NodeParser} reads the nodes. */
final class ScheduleParser {

  private static final Set<String> DECLARATIONS = Set.of("parameter", "shape");

  static final Set<String> NODES =
      Set.of(
          "for",
          "spatial",
          "iterate",
          "last",
          "keep",
          "seq",
          "par",
          "pipeline",
          "stage",
          "interleave",
          "compute");

  static final Set<String> KEYWORDS =
      Set.of(
          "schedule",
          "parameter",
          "shape",
          "by",
          "on",
          "at",
          "for",
          "spatial",
          "iterate",
          "last",
          "keep",
          "seq",
          "par",
          "pipeline",
          "stage",
          "interleave",
          "compute",
          "flow",
          "multicast",
          "reduce",
          "recompute",
          "skip",
          "copies",
          "double",
          "refetch");

  /** A node and where it and its children stand. */
  record Placed(Node node, Span span, List<Placed> children) {}

  private final SourceFile file;
  private final TokenCursor cursor;
  private final NodeParser nodes;
  private final Map<String, Long> parameters = new LinkedHashMap<>();
  private final Map<RankName, Size> shapes = new LinkedHashMap<>();
  private final Map<RankName, Span> shapePlaces = new HashMap<>();

  /** Words of declarations that could not be read: nothing is said where they are used. */
  private final Set<String> excused = new HashSet<>();

  ScheduleParser(SourceFile file, Diagnostics diagnostics) {
    this.file = file;
    this.cursor = new TokenCursor(file, diagnostics);
    this.nodes = new NodeParser(cursor, parameters.keySet(), excused, this::block);
  }

  Optional<ParsedSchedule> file() {
    try {
      return Optional.of(schedule());
    } catch (TokenCursor.Unreadable _) {
      return Optional.empty();
    }
  }

  private ParsedSchedule schedule() {
    cursor.expect("schedule", "at the beginning");
    String name = cursor.name("the name of the schedule", KEYWORDS).text();
    String description = cursor.peek().kind() == Token.Kind.QUOTED ? cursor.advance().text() : "";
    cursor.expect("for", "and the name of the cascade");
    Token cascade = cursor.name("the name of a cascade", KEYWORDS);
    head();
    int start = cursor.peek().span().start();
    List<Placed> parts = parts(start);
    if (cursor.peek().kind() != Token.Kind.END) {
      throw cursor.error(cursor.peek().span(), "a brace that closes nothing");
    }
    Placed root = sequence(parts);
    Map<NodePath, Span> places = new HashMap<>();
    place(root, NodePath.ROOT, places);
    Schedule schedule =
        new Schedule(name, description, cascade.text(), parameters, shapes, root.node());
    return new ParsedSchedule(schedule, file, places, cascade.span(), shapePlaces);
  }

  private void head() {
    while (beginsDeclaration()) {
      int start = cursor.peek().span().start();
      try {
        declaration();
      } catch (TokenCursor.Unreadable _) {
        skip(DECLARATIONS);
        excused.addAll(cursor.wordsSince(start));
      }
    }
  }

  /** Also a misspelt one: no node has an equals sign after a second word. */
  private boolean beginsDeclaration() {
    Token first = cursor.peek();
    boolean misspelt =
        first.kind() == Token.Kind.WORD
            && !NODES.contains(first.text())
            && cursor.peek(1).kind() == Token.Kind.WORD
            && cursor.peek(2).is("=");
    return misspelt || DECLARATIONS.contains(first.text());
  }

  private void declaration() {
    if (cursor.accept("parameter")) {
      Token name = cursor.name("the name of a parameter", KEYWORDS);
      cursor.expect("=", "and the value of the parameter");
      Span valueAt = cursor.peek().span();
      long value = cursor.number("a number");
      if (value < 1) {
        throw cursor.error(valueAt, "a parameter is at least 1 (got " + value + ")", "write 1");
      }
      if (parameters.put(name.text(), value) != null) {
        throw cursor.error(name.span(), "parameter " + name.text() + " is declared twice");
      }
    } else if (!cursor.accept("shape")) {
      throw cursor.unexpected("'parameter', 'shape' or a node", DECLARATIONS);
    } else {
      Token rank = cursor.name("a rank", KEYWORDS);
      if (!rank.text().matches("[A-Z][A-Za-z0-9_]*")) {
        throw cursor.error(
            rank.span(),
            "a rank begins with an upper-case letter (got " + rank.text() + ")",
            "write " + NodeParser.upperCase(rank.text()));
      }
      cursor.expect("=", "and the shape of the rank");
      if (shapes.put(new RankName(rank.text()), nodes.size()) != null) {
        throw cursor.error(rank.span(), "the shape of rank " + rank.text() + " is given twice");
      }
      shapePlaces.put(new RankName(rank.text()), new Span(rank.span().start(), cursor.end()));
    }
  }

  /** A block in braces; the cursor stands at the opening one. */
  private List<Placed> block() {
    int start = cursor.peek().span().start();
    cursor.expect("{", "and a block");
    List<Placed> parts = parts(start);
    if (!cursor.accept("}")) {
      throw cursor.error(
          new Span(start, start + 1), "a brace that is never closed", "write } at the block's end");
    }
    return parts;
  }

  /** Nodes up to a closing brace or the end, at least one. */
  private List<Placed> parts(int start) {
    List<Placed> parts = new ArrayList<>();
    boolean failed = false;
    while (cursor.peek().kind() != Token.Kind.END && !cursor.peek().is("}")) {
      try {
        parts.add(part());
      } catch (TokenCursor.Unreadable _) {
        failed = true;
        skip(NODES);
      }
    }
    if (parts.isEmpty()) {
      throw failed
          ? new TokenCursor.Unreadable()
          : cursor.error(new Span(start, cursor.end()), "a block without a node");
    }
    return parts;
  }

  /** A keep takes the rest of the block, so it is the block's last part. */
  private Placed part() {
    if (!cursor.peek().is("keep")) {
      return nodes.node(this::part);
    }
    int start = cursor.peek().span().start();
    NodeParser.KeepHead head = nodes.keepHead();
    Span span = new Span(start, cursor.end());
    Placed body = sequence(parts(start));
    return new Placed(head.around(body.node()), span, List.of(body));
  }

  private void skip(Set<String> stops) {
    while (cursor.peek().kind() != Token.Kind.END
        && stops.stream().noneMatch(cursor.peek()::is)
        && NODES.stream().noneMatch(cursor.peek()::is)
        && !cursor.peek().is("{")
        && !cursor.peek().is("}")) {
      cursor.advance();
    }
  }

  static Placed sequence(List<Placed> parts) {
    return parts.size() == 1
        ? parts.getFirst()
        : new Placed(
            new Node.Seq(parts.stream().map(Placed::node).toList()),
            parts.getFirst().span(),
            parts);
  }

  private static void place(Placed placed, NodePath path, Map<NodePath, Span> places) {
    places.put(path, placed.span());
    for (int child = 0; child < placed.children().size(); child++) {
      place(placed.children().get(child), path.child(child), places);
    }
  }
}
