package dev.weir.mapper.arch;

/**
 * Name of a memory level, such as {@code GlobalBuffer}.
 *
 * @param text the name: a letter, then letters, digits and underscores
 */
public record LevelName(String text) implements Comparable<LevelName> {

  public LevelName {
    if (!text.matches("[A-Za-z][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException("level name '" + text + "'");
    }
  }

  @Override
  public int compareTo(LevelName other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
