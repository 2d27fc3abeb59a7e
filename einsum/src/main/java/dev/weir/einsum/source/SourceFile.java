package dev.weir.einsum.source;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * A text with the name a person knows it by.
 *
 * @param name the path as the user wrote it, or a label such as {@code <text>}
 * @param text the whole text; lines end with {@code \n}
 */
public record SourceFile(String name, String text) {

  public SourceFile {
    requireNonNull(name, "name");
    requireNonNull(text, "text");
  }

  /**
   * Reads a UTF-8 file; {@code \r\n} becomes {@code \n}, and a byte order mark at the start is
   * skipped. The name stays as the path was given.
   *
   * @throws InvalidInputException when there is no such file, it cannot be read or is no text; the
   *     message says which, with the nearest name of a file beside it
   */
  public static SourceFile read(Path path) {
    return new SourceFile(path.toString(), InputBytes.text(path).replace("\r\n", "\n"));
  }

  /**
   * What is in a file that a user named, as it is.
   *
   * @throws InvalidInputException when there is no such file or it cannot be read
   */
  public static byte[] bytes(Path path) {
    return InputBytes.of(path);
  }

  /** Line of an offset, counted from 1. */
  public int line(int offset) {
    return (int) text.substring(0, clamp(offset)).chars().filter(c -> c == '\n').count() + 1;
  }

  /** Column of an offset in its line, counted from 1. */
  public int column(int offset) {
    int at = clamp(offset);
    return at - (text.lastIndexOf('\n', at - 1) + 1) + 1;
  }

  /** Text of the line in which an offset lies, without its line end. */
  public String lineText(int offset) {
    int at = clamp(offset);
    int from = text.lastIndexOf('\n', at - 1) + 1;
    int to = text.indexOf('\n', at);
    return text.substring(from, to < 0 ? text.length() : to);
  }

  private int clamp(int offset) {
    return Math.clamp(offset, 0, text.length());
  }
}
