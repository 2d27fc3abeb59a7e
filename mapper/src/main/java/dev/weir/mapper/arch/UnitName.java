package dev.weir.mapper.arch;

/**
 * Name of a compute unit, such as {@code Array2D}.
 *
 * @param text the name: a letter, then letters, digits and underscores
 */
public record UnitName(String text) implements Comparable<UnitName> {

  public UnitName {
    if (!text.matches("[A-Za-z][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException("unit name '" + text + "'");
    }
  }

  @Override
  public int compareTo(UnitName other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
