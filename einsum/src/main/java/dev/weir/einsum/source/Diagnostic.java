package dev.weir.einsum.source;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * One finding about a text: what is wrong, with what was got and expected, and the nearest fix.
 *
 * @param severity error or warning
 * @param file text the finding is about
 * @param span where in it
 * @param message one sentence without full stop, such as {@code unknown rank Q (got Q, expected one
 *     of B, H, P)}
 * @param fix what to write instead, when that is known
 */
public record Diagnostic(
    Severity severity, SourceFile file, Span span, String message, Optional<String> fix) {

  /** Characters of a line that are shown; of a longer one, what stands around the place. */
  private static final int WIDEST = 400;

  private static final String ELLIPSIS = "…";

  /** By file name, then by place. */
  public static final Comparator<Diagnostic> BY_PLACE =
      Comparator.comparing((Diagnostic d) -> d.file().name())
          .thenComparingInt(d -> d.span().start())
          .thenComparing(Diagnostic::message);

  public Diagnostic {
    requireNonNull(severity, "severity");
    requireNonNull(file, "file");
    requireNonNull(span, "span");
    requireNonNull(message, "message");
    requireNonNull(fix, "fix");
  }

  /** {@code file:line:column}. */
  public String position() {
    return file.name() + ":" + file.line(span.start()) + ":" + file.column(span.start());
  }

  /**
   * The finding as a person reads it: position and message, the source line, a caret under the
   * span, and the fix.
   */
  public String render() {
    String whole = file.lineText(span.start());
    int cut = whole.length() <= WIDEST ? 0 : Math.max(0, file.column(span.start()) - WIDEST / 2);
    String line = (cut == 0 ? "" : ELLIPSIS) + shortened(whole.substring(cut));
    int column = file.column(span.start()) - cut + (cut == 0 ? 0 : ELLIPSIS.length());
    int width = Math.max(1, Math.min(span.end() - span.start(), line.length() - column + 1));
    StringBuilder out = new StringBuilder();
    out.append(position()).append(": ").append(severity.name().toLowerCase(Locale.ROOT));
    out.append(": ").append(message).append('\n');
    out.append("    ").append(line).append('\n');
    out.append("    ").append(blankLike(line, column - 1)).append("^".repeat(width)).append('\n');
    fix.ifPresent(f -> out.append("    fix: ").append(f).append('\n'));
    return out.toString();
  }

  private static String shortened(String line) {
    return line.length() <= WIDEST ? line : line.substring(0, WIDEST) + ELLIPSIS;
  }

  /**
   * Spaces as wide as the first characters of a line: tabs stay tabs so that the caret lines up.
   */
  private static String blankLike(String line, int count) {
    return line.substring(0, Math.min(count, line.length())).replaceAll("[^\t]", " ");
  }
}
