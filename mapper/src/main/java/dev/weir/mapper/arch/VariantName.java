package dev.weir.mapper.arch;

/**
 * Name of a variant of an operation, such as {@code exp_polynomial}.
 *
 * @param text the name: a letter, then letters, digits and underscores
 */
public record VariantName(String text) implements Comparable<VariantName> {

  public VariantName {
    if (!text.matches("[A-Za-z][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException("variant name '" + text + "'");
    }
  }

  @Override
  public int compareTo(VariantName other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
