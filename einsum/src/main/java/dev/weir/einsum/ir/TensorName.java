package dev.weir.einsum.ir;

import java.util.regex.Pattern;

/**
 * Name of a tensor, such as {@code QK} or {@code scale}. An Einsum is called by the tensor it
 * produces.
 *
 * @param text the name: a letter, then letters and digits
 */
public record TensorName(String text) implements Comparable<TensorName> {

  private static final Pattern FORM = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

  public TensorName {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("tensor name '" + text + "'");
    }
  }

  @Override
  public int compareTo(TensorName other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
