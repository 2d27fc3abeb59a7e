package dev.weir.mapper.config;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads YAML 1.2 with the merge keys of YAML 1.1. Works on the parser's events, as only they tell
 * where an alias stands and can be stopped before a hostile file has grown in memory.
 */
public final class YamlReader {

  /** Nesting beyond this is refused. */
  static final int DEEPEST = 64;

  /** Values that a file may have once its aliases are written out. */
  static final int MOST_VALUES = 100_000;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setSchema(new CoreSchema()).setUseMarks(true).build();

  private YamlReader() {}

  /**
   * The one document of a file. Empty, with at least one error reported, when the file cannot be
   * understood; a duplicate key is reported and its first value kept, so that reading can go on.
   */
  public static Optional<ConfigNode> read(SourceFile file, Diagnostics diagnostics) {
    Offsets offsets = new Offsets(file.text());
    try {
      var events = new Parse(SETTINGS).parseString(file.text()).iterator();
      return new YamlComposer(events, offsets, SETTINGS, file, diagnostics).document();
    } catch (MarkedYamlEngineException e) {
      diagnostics.error(file, place(e, offsets), "not YAML: " + sentence(e));
      return Optional.empty();
    } catch (ReaderException e) {
      diagnostics.error(
          file,
          offsets.point(e.getPosition()),
          "character U+%04X is not allowed in YAML (got U+%1$04X, expected printable text)"
              .formatted(e.getCodePoint()));
      return Optional.empty();
    } catch (YamlEngineException e) {
      diagnostics.error(file, new Span(0, 0), "not YAML: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** What is never closed is at fault where it was opened, not where the file ends. */
  private static Span place(MarkedYamlEngineException e, Offsets offsets) {
    boolean isUnclosed =
        e.getProblem() != null
            && e.getProblem().contains("unexpected end of stream")
            && e.getContextMark().isPresent();
    return (isUnclosed ? e.getContextMark() : e.getProblemMark())
        .map(offsets::point)
        .orElse(new Span(0, 0));
  }

  private static String sentence(MarkedYamlEngineException e) {
    String problem = e.getProblem() == null ? "unreadable" : e.getProblem();
    String whole = e.getContext() == null ? problem : e.getContext() + ": " + problem;
    return whole.strip().replaceAll("\\s+", " ");
  }

  /** The parser counts code points, a {@link SourceFile} counts characters. */
  static final class Offsets {

    private final String text;
    private final boolean same;

    Offsets(String text) {
      this.text = text;
      this.same = text.codePointCount(0, text.length()) == text.length();
    }

    int of(int codePoints) {
      int bounded = Math.min(codePoints, text.length());
      return same ? bounded : offsetInPairs(codePoints);
    }

    private int offsetInPairs(int codePoints) {
      int count = Math.min(codePoints, text.codePointCount(0, text.length()));
      return text.offsetByCodePoints(0, count);
    }

    Span point(Mark mark) {
      return point(mark.getIndex());
    }

    Span point(int codePoints) {
      int at = of(codePoints);
      return new Span(at, at);
    }
  }
}
