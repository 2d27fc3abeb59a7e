package dev.weir.mapper.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random indices through which a rank is read, in the language: windows, strides, shifts, mirrors
 * and head maps, of which several may read the same rank.
 */
final class RandomIndex {

  private final Random random;
  private final String first;
  private final String second;
  private final String heads;
  private final String own;

  /**
   * Indices over two ranks.
   *
   * @param first a rank variable
   * @param second another one
   * @param heads the rank of the first
   * @param own the rank that is read
   */
  RandomIndex(Random random, String first, String second, String heads, String own) {
    this.random = random;
    this.first = first;
    this.second = second;
    this.heads = heads;
    this.own = own;
  }

  /** One, or several that are all affine. */
  List<String> some() {
    if (random.nextInt(4) == 0) {
      return List.of(first + "*" + own + "/" + heads);
    }
    String terms = terms();
    List<String> indices = new ArrayList<>(List.of(terms + offset()));
    if (random.nextInt(4) == 0) {
      String other = (random.nextInt(3) == 0 ? terms() : terms) + offset();
      if (!indices.contains(other)) {
        indices.add(other);
      }
    }
    return indices;
  }

  private String terms() {
    String one = random.nextInt(3) == 0 ? "2*" + first : first;
    return switch (random.nextInt(6)) {
      case 0 -> "2*" + first;
      case 1 -> (2 + random.nextInt(4)) + "-" + first;
      case 2 -> one + "-" + second;
      case 3 -> one + "+2*" + second;
      default -> one + "+" + second;
    };
  }

  private String offset() {
    int offset = random.nextInt(5) - 2;
    return offset == 0 ? "" : offset > 0 ? "+" + offset : String.valueOf(offset);
  }
}
