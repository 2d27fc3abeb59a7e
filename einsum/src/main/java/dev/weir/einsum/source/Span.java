package dev.weir.einsum.source;

/**
 * A half-open range of character offsets in a {@link SourceFile}.
 *
 * @param start first offset, from 0
 * @param end offset after the last character, at least {@code start}
 */
public record Span(int start, int end) {

  public Span {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("span " + start + ".." + end);
    }
  }

  /** The smallest span that contains both. */
  public Span to(Span other) {
    return new Span(Math.min(start, other.start), Math.max(end, other.end));
  }
}
