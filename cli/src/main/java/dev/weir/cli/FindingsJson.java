package dev.weir.cli;

import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Findings as a tree of maps and lists for JSON; docs/analysis.md describes every key. */
final class FindingsJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** A message about what is no text: where it was given, what is wrong, the fix. */
  private static final Pattern MESSAGE =
      Pattern.compile(
          "(?s)(?:(?<origin>[^\\n]*?): )?error: (?<what>.*?)(?:\\n *fix: (?<fix>.*?))?\\s*");

  private FindingsJson() {}

  /** One document with a line end. */
  static String document(Map<String, Object> tree) {
    return MAPPER.writeValueAsString(tree) + "\n";
  }

  /** The document of a verb that could not do its work. */
  static String refusal(InvalidInputException invalid, String file) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("diagnostics", of(invalid, file));
    return document(tree);
  }

  /**
   * All findings of a refusal.
   *
   * @param file the file that was asked for, for a message that has no place of its own
   */
  static List<Map<String, Object>> of(InvalidInputException invalid, String file) {
    return invalid.diagnostics().isEmpty()
        ? List.of(withoutPlace(invalid.getMessage(), file))
        : invalid.diagnostics().stream().map(FindingsJson::of).toList();
  }

  /** One finding; lines and columns count from 1, the end is the place after the last character. */
  static Map<String, Object> of(Diagnostic diagnostic) {
    SourceFile file = diagnostic.file();
    return finding(
        file.name(),
        file.line(diagnostic.span().start()),
        file.column(diagnostic.span().start()),
        file.line(diagnostic.span().end()),
        file.column(diagnostic.span().end()),
        diagnostic.severity().name().toLowerCase(Locale.ROOT),
        diagnostic.message(),
        diagnostic.fix());
  }

  private static Map<String, Object> withoutPlace(String message, String file) {
    Matcher matcher = MESSAGE.matcher(message);
    boolean isKnown = matcher.matches();
    return finding(
        file,
        null,
        null,
        null,
        null,
        "error",
        isKnown ? matcher.group("what") : message.strip(),
        isKnown ? Optional.ofNullable(matcher.group("fix")) : Optional.empty());
  }

  private static Map<String, Object> finding(
      String file,
      Integer line,
      Integer column,
      Integer endLine,
      Integer endColumn,
      String severity,
      String message,
      Optional<String> fix) {
    Map<String, Object> finding = new LinkedHashMap<>();
    finding.put("file", file);
    finding.put("line", line);
    finding.put("column", column);
    finding.put("endLine", endLine);
    finding.put("endColumn", endColumn);
    finding.put("severity", severity);
    finding.put("message", message);
    finding.put("fix", fix.orElse(null));
    return finding;
  }
}
