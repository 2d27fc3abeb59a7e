package dev.weir.mapper.arch;

/**
 * Name of an axis of a compute unit, such as {@code Array2D.columns} or {@code groups.x}.
 *
 * @param text two names with a dot between them
 */
public record AxisName(String text) implements Comparable<AxisName> {

  public AxisName {
    if (!text.matches("[A-Za-z][A-Za-z0-9_]*\\.[A-Za-z][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException("axis name '" + text + "'");
    }
  }

  @Override
  public int compareTo(AxisName other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
