package dev.weir.einsum.ir;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Name of a rank, such as {@code M} or {@code M0}: an upper-case letter, then letters and digits.
 *
 * @param text the name
 */
public record RankName(String text) implements Comparable<RankName> {

  private static final Pattern FORM = Pattern.compile("[A-Z][A-Za-z0-9_]*");

  public RankName {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("rank name '" + text + "'");
    }
  }

  /** The rank with the variable of this name: {@code m0} belongs to {@code M0}. */
  public static RankName ofVariable(String variable) {
    return new RankName(variable.substring(0, 1).toUpperCase(Locale.ROOT) + variable.substring(1));
  }

  /** The rank variable, {@code m0} for {@code M0}. */
  public String variable() {
    return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }

  @Override
  public int compareTo(RankName other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
