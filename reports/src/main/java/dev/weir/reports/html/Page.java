package dev.weir.reports.html;

import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Report;
import dev.weir.reports.model.Section;
import dev.weir.reports.model.Source;
import gg.jte.Content;
import gg.jte.TemplateEngine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the templates ask for while a report is rendered. */
public final class Page {

  private static final int DEEPEST = 20;

  private final Report report;
  private final TemplateEngine engine;
  private final String style = resource("report.css");
  private final String script = resource("report.js");
  private final Map<Source, Integer> numbers = new LinkedHashMap<>();

  private final Map<String, Palette> timelinePalettes = new LinkedHashMap<>();
  private final Map<String, Palette> barPalettes = new LinkedHashMap<>();

  Page(Report report, TemplateEngine engine) {
    this.report = report;
    this.engine = engine;
    report.sources().forEach(source -> numbers.put(source, numbers.size() + 1));
  }

  public Report report() {
    return report;
  }

  /** The sources of all figures, in the order of their numbers. */
  public List<Source> sources() {
    return List.copyOf(numbers.keySet());
  }

  /** Number of a figure's source in the table of sources, from 1. */
  public int number(Source source) {
    return numbers.get(source);
  }

  public String style() {
    return style;
  }

  public String script() {
    return script;
  }

  /** Allows this page's own style and script by their hashes, and nothing else. */
  public String policy() {
    return "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src "
        + hash(style)
        + "; script-src "
        + hash(script);
  }

  /** A part of a section through the template for its kind. */
  public Content part(Section section, Part part) {
    return switch (part) {
      case Part.Table table -> template("table.jte", Map.of("part", table));
      case Part.LoopNest nest -> template("loopnest.jte", Map.of("part", nest));
      case Part.Timeline timeline ->
          template(
              "timeline.jte",
              Map.of(
                  "part", timeline, "drawing", TimelineDrawing.of(timeline, timelines(section))));
      case Part.Epochs epochs ->
          template(
              "epochs.jte",
              Map.of("part", epochs, "drawing", EpochsDrawing.of(epochs, timelines(section))));
      case Part.OverTime profile ->
          template(
              "overtime.jte",
              Map.of("part", profile, "drawing", OverTimeDrawing.of(profile, bars(section))));
      case Part.CascadeGraph graph ->
          template("cascade.jte", Map.of("part", graph, "drawing", CascadeDrawing.of(graph)));
      case Part.Bars bars ->
          template(
              "bars.jte", Map.of("part", bars, "drawing", BarsDrawing.of(bars, bars(section))));
      case Part.Kernel kernel -> template("kernel.jte", Map.of("part", kernel));
      case Part.Notice notice -> template("notice.jte", Map.of("part", notice));
      case Part.Listing listing -> template("listing.jte", Map.of("part", listing));
    };
  }

  /** Work is named by Einsums and tensors; bars have names of their own kind. */
  private Palette timelines(Section section) {
    return timelinePalettes.computeIfAbsent(section.id(), _ -> new Palette());
  }

  private Palette bars(Section section) {
    return barPalettes.computeIfAbsent(section.id(), _ -> new Palette());
  }

  /** A cell through the template for its kind. */
  public Content cell(Cell cell) {
    return switch (cell) {
      case Cell.Words words -> template("words.jte", Map.of("text", words.text()));
      case Cell.Measured measured -> figure(measured.figure());
      case Cell.Verdict verdict -> template("verdict.jte", Map.of("verdict", verdict));
    };
  }

  /** A number with its unit, and its source to point at. */
  public Content figure(Figure figure) {
    return template("figure.jte", Map.of("figure", figure));
  }

  /** Class of the coloured label for an outcome. */
  public static String outcomeClass(Outcome outcome) {
    return switch (outcome) {
      case PASSED -> "passed";
      case FAILED -> "failed";
      case NOT_RUN -> "notrun";
    };
  }

  /** Class of a line of a loop nest. */
  public static String lineClass(Part.LoopNest.Kind kind) {
    return switch (kind) {
      case LOOP -> "loop";
      case SPATIAL -> "spatial";
      case KEEP -> "keep";
      case COMPUTE -> "compute";
      case STRUCTURE -> "structure";
    };
  }

  /** Steps of indentation that {@code report.css} knows; deeper lines stand at the last one. */
  public static int indent(Part.LoopNest.Line line) {
    return Math.min(line.depth(), DEEPEST);
  }

  private Content template(String name, Map<String, Object> parameters) {
    Map<String, Object> all = new LinkedHashMap<>(parameters);
    all.put("page", this);
    return output -> engine.render(name, all, output);
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  private static String resource(String name) {
    try (InputStream stream = Page.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("resource " + name + " is not in the jar");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
