package dev.weir.einsum.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpellingTest {

  @Test
  void findsTheNameThatWasMeant() {
    List<String> known = List.of("QK", "SLNV", "GlobalBuffer", "Array2D");
    assertThat(Spelling.nearest("qk", known)).contains("QK");
    assertThat(Spelling.nearest("SNLV", known)).contains("SLNV");
    assertThat(Spelling.nearest("GlobelBufer", known)).contains("GlobalBuffer");
    assertThat(Spelling.nearest("registers", known)).isEmpty();
  }

  @Test
  void oneLetterIsNearToItselfOnly() {
    List<String> known = List.of("B", "H", "M1");
    assertThat(Spelling.nearest("X", known)).isEmpty();
    assertThat(Spelling.nearest("m", known)).isEmpty();
    assertThat(Spelling.nearest("b", known)).contains("B");
    assertThat(Spelling.nearest("Bx", known)).contains("B");
    assertThat(Spelling.nearestInPlace("X", List.of("H"))).contains("H");
  }

  @Test
  void anAbbreviationFindsTheOnlyNameItFits() {
    List<String> axes = List.of("Array1D.lanes", "Array2D.columns", "Array2D.rows");
    assertThat(Spelling.nearest("Array2D.cols", axes)).contains("Array2D.columns");
    assertThat(Spelling.nearest("Array2D.col", axes)).contains("Array2D.columns");
    assertThat(Spelling.nearest("Array2D.row", axes)).contains("Array2D.rows");
    assertThat(Spelling.nearest("Arry2D.colums", axes)).contains("Array2D.columns");
    assertThat(Spelling.nearest("GB", List.of("DRAM", "GlobalBuffer"))).contains("GlobalBuffer");
    assertThat(Spelling.nearest("Reg", List.of("RegisterFile1D", "RegisterFile2D"))).isEmpty();
    assertThat(Spelling.nearest("RegFile2D", List.of("RegisterFile1D", "RegisterFile2D")))
        .contains("RegisterFile2D");
    assertThat(Spelling.nearest("fusemax", List.of("flat_cloud", "fusemax_cloud")))
        .contains("fusemax_cloud");
    assertThat(Spelling.nearest("more", List.of("memories", "word"))).isEmpty();
  }

  /** Against breadth-first search over single edits, which shares nothing with the recurrence. */
  @Test
  void distanceIsTheFewestEditsOnShortWords() {
    long seed = 20261124;
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      String from = word(random);
      String to = word(random);
      int fewest = fewestEdits(from, to);
      if (fewest <= 2) {
        assertThat(Spelling.distance(from, to))
            .as("seed %d: %s to %s", seed, from, to)
            .isEqualTo(fewest);
      } else {
        assertThat(Spelling.distance(from, to)).isGreaterThan(2);
      }
    }
  }

  private static String word(Random random) {
    StringBuilder word = new StringBuilder();
    int length = random.nextInt(4);
    for (int i = 0; i < length; i++) {
      word.append((char) ('a' + random.nextInt(2)));
    }
    return word.toString();
  }

  /**
   * 0, 1 or 2; 3 stands for more. Two-letter words make overlapping swaps possible, so stop there.
   */
  private static int fewestEdits(String from, String to) {
    Set<String> reached = new HashSet<>(Set.of(from));
    for (int edits = 0; edits <= 1; edits++) {
      if (reached.contains(to)) {
        return edits;
      }
      Set<String> next = new HashSet<>();
      reached.forEach(word -> next.addAll(oneEditAway(word)));
      reached = next;
    }
    return reached.contains(to) ? 2 : 3;
  }

  private static Set<String> oneEditAway(String word) {
    Set<String> words = new HashSet<>();
    for (int i = 0; i <= word.length(); i++) {
      for (String letter : List.of("a", "b")) {
        words.add(word.substring(0, i) + letter + word.substring(i));
        if (i < word.length()) {
          words.add(word.substring(0, i) + letter + word.substring(i + 1));
        }
      }
      if (i < word.length()) {
        words.add(word.substring(0, i) + word.substring(i + 1));
      }
      if (i + 1 < word.length()) {
        words.add(
            word.substring(0, i) + word.charAt(i + 1) + word.charAt(i) + word.substring(i + 2));
      }
    }
    return words;
  }
}
