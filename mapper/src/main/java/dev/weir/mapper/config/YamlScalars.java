package dev.weir.mapper.config;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.mapper.config.ConfigNode.Scalar;
import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/** Decides what a scalar is taken for. */
final class YamlScalars {

  private static final Map<String, Scalar.Kind> KINDS =
      Map.of(
          Tag.STR.getValue(),
          Scalar.Kind.TEXT,
          "!",
          Scalar.Kind.TEXT,
          Tag.INT.getValue(),
          Scalar.Kind.INTEGER,
          Tag.FLOAT.getValue(),
          Scalar.Kind.DECIMAL,
          Tag.BOOL.getValue(),
          Scalar.Kind.BOOLEAN,
          Tag.NULL.getValue(),
          Scalar.Kind.NULL);

  /** Longer ones cost more time than any honest file asks for: 1e999999999 has a gigabyte. */
  private static final Pattern HUGE_NUMBER = Pattern.compile(".{400,}|.*[eE][+-]?0*[1-9]\\d{3,}");

  private final ScalarResolver resolver;
  private final SourceFile file;
  private final Diagnostics diagnostics;

  YamlScalars(ScalarResolver resolver, SourceFile file, Diagnostics diagnostics) {
    this.resolver = resolver;
    this.file = file;
    this.diagnostics = diagnostics;
  }

  Scalar read(ScalarEvent event, Span span) {
    String text = event.getValue();
    Scalar.Kind resolved =
        KINDS.getOrDefault(resolver.resolve(text, true).getValue(), Scalar.Kind.TEXT);
    Scalar.Kind kind = event.isPlain() ? resolved : Scalar.Kind.TEXT;
    if (event.getTag().isPresent()) {
      kind = tagged(event.getTag().get(), text, resolved, span);
    }
    boolean isNumber = kind == Scalar.Kind.INTEGER || kind == Scalar.Kind.DECIMAL;
    if (isNumber && HUGE_NUMBER.matcher(text).matches()) {
      diagnostics.error(
          file, span, "number out of range (got " + shortened(text) + ", expected at most 1e999)");
      kind = Scalar.Kind.TEXT;
    }
    return new Scalar(text, kind, file, span);
  }

  private static String shortened(String text) {
    return text.length() <= 30 ? text : text.substring(0, 30) + "...";
  }

  private Scalar.Kind tagged(String tag, String text, Scalar.Kind resolved, Span span) {
    Scalar.Kind wanted = KINDS.get(tag);
    if (wanted == null) {
      unknownTag(tag, span);
      return Scalar.Kind.TEXT;
    }
    boolean widens = wanted == Scalar.Kind.DECIMAL && resolved == Scalar.Kind.INTEGER;
    if (wanted != Scalar.Kind.TEXT && wanted != resolved && !widens) {
      diagnostics.error(
          file,
          span,
          "tag %s does not fit its value (got %s, expected no tag)".formatted(shown(tag), text));
      return Scalar.Kind.TEXT;
    }
    return wanted;
  }

  void unknownTag(String tag, Span span) {
    diagnostics.error(
        file, span, "unknown tag %s (got %1$s, expected no tag)".formatted(shown(tag)));
  }

  private static String shown(String tag) {
    return tag.startsWith(Tag.PREFIX) ? "!!" + tag.substring(Tag.PREFIX.length()) : tag;
  }
}
