package dev.weir.einsum.source;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Finds the name that was probably meant. */
public final class Spelling {

  private static final int SHORTEST_BEGINNING = 3;

  private Spelling() {}

  /**
   * The known name nearest to a misspelt one, when it is near enough to be a typo or a short form:
   *
   * <ul>
   *   <li>at most one edit for names up to four letters, two up to eight, else three; a name of one
   *       letter is near to no other letter, as any edit would change all of it
   *   <li>else the only name that it abbreviates, by its beginning or by those of its words, so
   *       that {@code cols} finds {@code columns}; names with dots are compared part by part
   * </ul>
   *
   * <p>One edit is a surer sign than an abbreviation, and that is a surer one than several edits.
   * Letter case does not count, so that {@code qk} finds {@code QK}.
   *
   * <p>Running time O(n·m) for each known name (restricted Damerau–Levenshtein distance).
   */
  public static Optional<String> nearest(String written, Collection<String> known) {
    return nearest(written, known, written.length() == 1 ? NO_EDIT : Spelling::editsWithinLimit);
  }

  /**
   * The same where the place says already that one of these names is meant, as the only rank that
   * nothing uses: a letter may then stand for another one.
   */
  public static Optional<String> nearestInPlace(String written, Collection<String> known) {
    return nearest(written, known, Spelling::editsWithinLimit);
  }

  private static Optional<String> nearest(String written, Collection<String> known, Edits edits) {
    record Typo(String name, int edits) {}
    Optional<Typo> typo =
        known.stream()
            .flatMap(
                name -> {
                  OptionalInt found = byParts(written, name, edits);
                  return found.isPresent()
                      ? Stream.of(new Typo(name, found.getAsInt()))
                      : Stream.empty();
                })
            .min(Comparator.comparingInt(Typo::edits).thenComparing(Typo::name));
    if (typo.filter(t -> t.edits() <= 1).isPresent()) {
      return typo.map(Typo::name);
    }
    List<String> longForms =
        known.stream().filter(name -> byParts(written, name, SHORTENING).isPresent()).toList();
    return longForms.size() == 1 ? Optional.of(longForms.getFirst()) : typo.map(Typo::name);
  }

  /** How many edits lead from one part of a name to another; none when these are too many. */
  private interface Edits {
    OptionalInt between(String from, String to);
  }

  private static final Edits NO_EDIT =
      (from, to) -> from.equalsIgnoreCase(to) ? OptionalInt.of(0) : OptionalInt.empty();

  private static final Edits SHORTENING =
      (from, to) ->
          from.equalsIgnoreCase(to) || abbreviates(from, to)
              ? OptionalInt.of(0)
              : OptionalInt.empty();

  /** Whether one may be a misspelt other. */
  public static boolean isNear(String written, String name) {
    return editsWithinLimit(written, name).isPresent();
  }

  private static OptionalInt editsWithinLimit(String from, String to) {
    int limit = from.length() <= 4 ? 1 : from.length() <= 8 ? 2 : 3;
    int distance = distance(from, to);
    return distance <= limit ? OptionalInt.of(distance) : OptionalInt.empty();
  }

  /** The sum over the parts between dots, when both have as many; else over the whole names. */
  private static OptionalInt byParts(String written, String name, Edits edits) {
    List<String> from = List.of(written.split("\\.", -1));
    List<String> to = List.of(name.split("\\.", -1));
    if (from.size() != to.size()) {
      return edits.between(written, name);
    }
    int sum = 0;
    for (int part = 0; part < from.size(); part++) {
      OptionalInt between = edits.between(from.get(part), to.get(part));
      if (between.isEmpty()) {
        return between;
      }
      sum += between.getAsInt();
    }
    return OptionalInt.of(sum);
  }

  /** A beginning; or the beginnings of all words of the name, so that {@code RegFile2D} is one. */
  private static boolean abbreviates(String shorter, String name) {
    if (shorter.length() < 2 || shorter.length() >= name.length()) {
      return false;
    }
    List<String> from = words(shorter);
    List<String> to = words(name);
    if (from.size() == 1) {
      return shorter.length() >= SHORTEST_BEGINNING && begins(shorter, name);
    }
    return begins(shorter, name)
        || (from.size() == to.size()
            && IntStream.range(0, to.size()).allMatch(i -> begins(from.get(i), to.get(i))));
  }

  /** Also with the plural's last letter: {@code cols} of {@code columns}. */
  private static boolean begins(String shorter, String whole) {
    String a = shorter.toLowerCase(Locale.ROOT);
    String b = whole.toLowerCase(Locale.ROOT);
    return b.startsWith(a)
        || (a.length() > SHORTEST_BEGINNING
            && a.endsWith("s")
            && b.endsWith("s")
            && b.startsWith(a.substring(0, a.length() - 1)));
  }

  private static List<String> words(String name) {
    return List.of(
        name.split("_|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z0-9])|(?<=[a-z])(?=[0-9])"));
  }

  /** Insertions, deletions, replacements and swaps of neighbours, ignoring letter case. */
  public static int distance(String from, String to) {
    return exactDistance(from.toLowerCase(Locale.ROOT), to.toLowerCase(Locale.ROOT));
  }

  /** The same where letter case counts. */
  public static int exactDistance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          cost[i][j] = Math.min(cost[i][j], 1 + cost[i - 2][j - 2]);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
