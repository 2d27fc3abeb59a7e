package dev.weir.reports.data;

import dev.weir.reports.model.Card;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.InputFile;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Report;
import dev.weir.reports.model.Section;
import dev.weir.reports.model.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a report as JSON: the same parts as the HTML page, every number as {@code {value, unit,
 * source}} with the exact value, sources numbered from 1 as on the page.
 */
public final class JsonReport {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final List<Source> sources;

  private JsonReport(Report report) {
    this.sources = report.sources();
  }

  /** The whole document. */
  public static String render(Report report) {
    return MAPPER.writeValueAsString(new JsonReport(report).report(report)) + "\n";
  }

  private Map<String, Object> report(Report report) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("title", report.title());
    out.put("description", report.description());
    out.put("outcome", report.outcome().name());
    out.put("sections", report.sections().stream().map(this::section).toList());
    List<Map<String, Object>> numbered = new ArrayList<>();
    for (Source source : sources) {
      numbered.add(
          map(
              "number",
              numbered.size() + 1,
              "reader",
              source.reader(),
              "about",
              source.about(),
              "inputs",
              files(source.inputs())));
    }
    out.put("sources", numbered);
    Map<String, String> facts = new LinkedHashMap<>();
    report.provenance().facts().forEach(fact -> facts.put(fact.name(), fact.value()));
    out.put(
        "provenance",
        map(
            "command", report.provenance().command(),
            "inputs", files(report.provenance().inputs()),
            "facts", facts));
    return out;
  }

  private Map<String, Object> section(Section section) {
    return map(
        "id", section.id(),
        "title", section.title(),
        "description", section.description(),
        "outcome", section.outcome().name(),
        "cards", section.cards().stream().map(this::card).toList(),
        "parts", section.parts().stream().map(this::part).toList());
  }

  private Map<String, Object> card(Card card) {
    return map(
        "label", card.label(),
        "value", cell(card.value()),
        "note", card.noteText(),
        "noteFigures", card.note().stream().flatMap(Part::figureOf).map(this::figure).toList());
  }

  private Map<String, Object> part(Part part) {
    return switch (part) {
      case Part.Table table ->
          described(
              "table",
              part,
              table.explanation(),
              map(
                  "headings",
                  table.headings(),
                  "rows",
                  table.rows().stream()
                      .map(row -> row.stream().map(this::cell).toList())
                      .toList()));
      case Part.LoopNest nest ->
          described(
              "loopNest",
              part,
              nest.explanation(),
              map("lines", nest.lines().stream().map(JsonReport::line).toList()));
      case Part.Timeline timeline -> timeline(timeline);
      case Part.Epochs epochs -> epochs(epochs);
      case Part.OverTime profile -> overTime(profile);
      case Part.CascadeGraph graph ->
          described(
              "cascadeGraph",
              part,
              graph.explanation(),
              map(
                  "rank", graph.rank(),
                  "nodes", graph.nodes(),
                  "links", graph.links(),
                  "groups", graph.groups()));
      case Part.Bars bars ->
          described(
              "bars",
              part,
              bars.explanation(),
              map("bars", bars.bars().stream().map(this::bar).toList()));
      case Part.Kernel kernel ->
          described(
              "kernel",
              part,
              kernel.explanation(),
              map("file", kernel.file(), "text", kernel.text()));
      case Part.Notice notice ->
          described(
              "notice", part, "", map("outcome", notice.outcome().name(), "text", notice.text()));
      case Part.Listing listing ->
          described("listing", part, listing.explanation(), map("text", listing.text()));
    };
  }

  private static Map<String, Object> described(
      String kind, Part part, String explanation, Map<String, Object> content) {
    Map<String, Object> all = map("kind", kind, "title", part.title());
    if (!explanation.isEmpty()) {
      all.put("explanation", explanation);
    }
    all.putAll(content);
    return all;
  }

  private static Map<String, Object> line(Part.LoopNest.Line line) {
    return map(
        "depth", line.depth(), "kind", line.kind(), "text", line.text(), "note", line.note());
  }

  private Map<String, Object> timeline(Part.Timeline timeline) {
    return described(
        "timeline",
        timeline,
        timeline.explanation(),
        map(
            "from", figure(timeline.from()),
            "to", figure(timeline.to()),
            "lanes", timeline.lanes()));
  }

  private Map<String, Object> epochs(Part.Epochs epochs) {
    return described(
        "epochs",
        epochs,
        epochs.explanation(),
        map(
            "columns",
            epochs.columns().stream().map(this::column).toList(),
            "rows",
            epochs.rows()));
  }

  private Map<String, Object> overTime(Part.OverTime profile) {
    return described(
        "overTime",
        profile,
        profile.explanation(),
        map(
            "cycles", figure(profile.cycles()),
            "borders", profile.borders(),
            "strips", profile.strips()));
  }

  private Map<String, Object> column(Part.Epochs.Column column) {
    return switch (column) {
      case Part.Epochs.Epoch epoch ->
          map(
              "epoch", epoch.number(),
              "start", figure(epoch.start()),
              "length", figure(epoch.length()));
      case Part.Epochs.Gap gap -> map("gap", gap.text());
    };
  }

  private Map<String, Object> bar(Part.Bars.Bar bar) {
    return map(
        "label", bar.label(),
        "segments",
            bar.segments().stream()
                .map(segment -> map("name", segment.name(), "figure", figure(segment.figure())))
                .toList());
  }

  private Object cell(Cell cell) {
    return switch (cell) {
      case Cell.Words words -> words.text();
      case Cell.Measured measured -> figure(measured.figure());
      case Cell.Verdict verdict ->
          map("outcome", verdict.outcome().name(), "reason", verdict.reason());
    };
  }

  private Map<String, Object> figure(Figure figure) {
    return map(
        "value", figure.value(),
        "unit", figure.unit().exactSymbol(),
        "source", sources.indexOf(figure.source()) + 1);
  }

  private static List<Map<String, Object>> files(List<InputFile> files) {
    return files.stream().map(f -> map("name", f.name(), "sha256", f.sha256())).toList();
  }

  private static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
