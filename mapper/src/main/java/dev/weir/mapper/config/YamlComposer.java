package dev.weir.mapper.config;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.source.Spelling;
import dev.weir.mapper.config.ConfigNode.Mapping;
import dev.weir.mapper.config.ConfigNode.Sequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Builds the tree of one document from the parser's events. Anchored values are shared, so memory
 * stays small; the values that they stand for are counted, so that readers which write them out
 * never meet an exploding file.
 */
final class YamlComposer {

  /** A finished value that an alias can name, and how many values it stands for. */
  private record Anchored(ConfigNode node, int values) {}

  /** Reading stops at once: hundreds of thousands of brackets cost the parser half a minute. */
  private static final class TooDeep extends RuntimeException {

    private final transient Span place;

    TooDeep(Span place) {
      this.place = place;
    }
  }

  private final Iterator<Event> events;
  private final YamlReader.Offsets offsets;
  private final SourceFile file;
  private final Diagnostics diagnostics;
  private final YamlScalars scalars;
  private final YamlEntries entries;

  private final Map<String, Anchored> anchors = new TreeMap<>();
  private final Set<String> open = new HashSet<>();
  private int values;
  private int endOfLastToken;
  private boolean broken;

  YamlComposer(
      Iterator<Event> events,
      YamlReader.Offsets offsets,
      LoadSettings settings,
      SourceFile file,
      Diagnostics diagnostics) {
    this.events = events;
    this.offsets = offsets;
    this.file = file;
    this.diagnostics = diagnostics;
    this.scalars = new YamlScalars(settings.getSchema().getScalarResolver(), file, diagnostics);
    this.entries = new YamlEntries(file, diagnostics);
  }

  /** The only document, when the whole file could be understood. */
  Optional<ConfigNode> document() {
    try {
      return onlyDocument();
    } catch (TooDeep e) {
      return refuse(
          e.place,
          "nested too deeply (got more than %1$d levels, expected at most %1$d)"
              .formatted(YamlReader.DEEPEST));
    }
  }

  private Optional<ConfigNode> onlyDocument() {
    events.next(); // start of the stream
    Event first = events.next();
    if (first.getEventId() == Event.ID.StreamEnd) {
      diagnostics.error(
          file, new Span(0, 0), "the file holds nothing (got an empty file, expected YAML)");
      return Optional.empty();
    }
    ConfigNode root = node(events.next(), 0);
    events.next(); // end of the document
    Event after = events.next();
    if (after.getEventId() != Event.ID.StreamEnd) {
      return refuse(
          span(after), "a second document starts here (got two or more, expected one document)");
    }
    return broken ? Optional.empty() : Optional.of(root);
  }

  private ConfigNode node(Event event, int depth) {
    if (event instanceof AliasEvent alias) {
      return aliased(alias);
    }
    NodeEvent start = (NodeEvent) event;
    int before = values;
    values++;
    Optional<String> anchor = start.getAnchor().map(name -> name.getValue());
    anchor.ifPresent(open::add);
    ConfigNode node =
        start instanceof ScalarEvent scalar
            ? scalar(scalar)
            : collection((CollectionStartEvent) start, depth + 1);
    anchor.ifPresent(
        name -> {
          open.remove(name);
          anchors.put(name, new Anchored(node, values - before));
        });
    return node;
  }

  private ConfigNode scalar(ScalarEvent event) {
    endOfLastToken = end(event);
    return scalars.read(event, span(event));
  }

  private ConfigNode collection(CollectionStartEvent start, int depth) {
    checkTag(start);
    if (depth > YamlReader.DEEPEST) {
      throw new TooDeep(span(start));
    }
    List<ConfigNode> items = new ArrayList<>();
    boolean isMapping = start instanceof MappingStartEvent;
    List<YamlEntries.Written> written = new ArrayList<>();
    Event event = events.next();
    while (!isEnd(event)) {
      if (isMapping) {
        boolean plain = event instanceof ScalarEvent scalar && scalar.isPlain();
        Span keySpan = span(event);
        ConfigNode key = node(event, depth);
        written.add(new YamlEntries.Written(key, keySpan, plain, node(events.next(), depth)));
      } else {
        items.add(node(event, depth));
      }
      event = events.next();
    }
    if (start.isFlow()) {
      endOfLastToken = end(event);
    }
    // The parser ends a block where the next token starts, lines below what it holds.
    int from = offset(start.getStartMark());
    Span span = new Span(from, Math.max(from, endOfLastToken));
    return isMapping
        ? new Mapping(entries.resolve(written), file, span)
        : new Sequence(items, file, span);
  }

  private static boolean isEnd(Event event) {
    return event.getEventId() == Event.ID.MappingEnd || event.getEventId() == Event.ID.SequenceEnd;
  }

  private ConfigNode aliased(AliasEvent alias) {
    Span span = span(alias);
    endOfLastToken = span.end();
    String name = alias.getAlias().getValue();
    if (open.contains(name)) {
      refuse(
          span,
          "alias *%s stands inside the value that it names (got *%1$s, expected an alias of a"
                  .formatted(name)
              + " finished value)");
      return placeholder(span);
    }
    Anchored target = anchors.get(name);
    if (target == null) {
      unknownAnchor(span, name);
      return placeholder(span);
    }
    if (values > YamlReader.MOST_VALUES - target.values()) {
      if (!broken) {
        refuse(
            span,
            "aliases stand for too many values (got more than %1$d, expected at most %1$d)"
                .formatted(YamlReader.MOST_VALUES));
      }
      return placeholder(span);
    }
    values += target.values();
    return target.node();
  }

  private void unknownAnchor(Span span, String name) {
    broken = true;
    String known =
        anchors.isEmpty() ? "no alias" : "one of *" + String.join(", *", anchors.keySet());
    String message = "no value above is called &%s (got *%1$s, expected %s)".formatted(name, known);
    Spelling.nearest(name, anchors.keySet())
        .ifPresentOrElse(
            near -> diagnostics.error(file, span, message, "write *" + near),
            () -> diagnostics.error(file, span, message));
  }

  private void checkTag(CollectionStartEvent start) {
    start
        .getTag()
        .filter(tag -> !tag.equals(Tag.MAP.getValue()) && !tag.equals(Tag.SEQ.getValue()))
        .ifPresent(tag -> scalars.unknownTag(tag, span(start)));
  }

  private Optional<ConfigNode> refuse(Span span, String message) {
    broken = true;
    diagnostics.error(file, span, message);
    return Optional.empty();
  }

  /** Can be merged, so that one mistake is not reported twice. */
  private ConfigNode placeholder(Span span) {
    return new Mapping(List.of(), file, span);
  }

  private Span span(Event event) {
    int from = offset(event.getStartMark());
    return new Span(from, Math.max(from, end(event)));
  }

  /** End of a token without the line ends that a block scalar carries along. */
  private int end(Event event) {
    int from = offset(event.getStartMark());
    return from
        + file.text()
            .substring(from, Math.max(from, offset(event.getEndMark())))
            .stripTrailing()
            .length();
  }

  private int offset(Optional<Mark> mark) {
    return offsets.of(mark.orElseThrow().getIndex());
  }
}
