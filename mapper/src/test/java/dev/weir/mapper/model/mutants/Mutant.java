package dev.weir.mapper.model.mutants;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A fault in a class.
 *
 * @param id names it
 * @param type name of the class whose source is changed, as far as it is not that of all
 * @param fault what kind of fault it is
 * @param inPrograms whether it shows in programs of plans, not in walks over their trees
 * @param original what is replaced; stands in the source once, whatever its line breaks are
 * @param replacement what replaces it
 */
public record Mutant(
    String id, String type, String fault, boolean inPrograms, String original, String replacement) {

  private static final Pattern HEAD = Pattern.compile("(\\S+) {2}([\\w.]+) {2}(\\S.*)");

  /**
   * Reads mutants from text: for each one a line with id, class and kind of fault, two spaces
   * between them, lines of the original that begin with {@code -}, and lines of the replacement
   * that begin with {@code +}. Empty lines stand between them; others begin with {@code #}.
   *
   * @param inPrograms whether they show in programs of plans
   */
  public static List<Mutant> read(String text, boolean inPrograms) {
    List<Mutant> mutants = new ArrayList<>();
    String body = text.lines().filter(l -> !l.startsWith("#")).collect(Collectors.joining("\n"));
    for (String entry : body.strip().split("\n\n+", -1)) {
      List<String> lines = entry.lines().toList();
      Matcher head = HEAD.matcher(lines.getFirst());
      if (!head.matches()
          || lines.stream().skip(1).anyMatch(line -> !line.matches("[-+] .*|\\+"))) {
        throw new IllegalArgumentException("no mutant: " + entry);
      }
      mutants.add(
          new Mutant(
              head.group(1),
              head.group(2),
              head.group(3),
              inPrograms,
              side(lines, "-"),
              side(lines, "+")));
    }
    return mutants;
  }

  private static String side(List<String> lines, String sign) {
    return lines.stream()
        .skip(1)
        .filter(line -> line.startsWith(sign))
        .map(line -> line.substring(1).strip())
        .collect(Collectors.joining(" "));
  }

  /**
   * The source with the fault.
   *
   * @throws IllegalArgumentException if the original does not stand there exactly once
   */
  public String in(String source) {
    Matcher found = pattern().matcher(source);
    long times = found.results().count();
    if (times != 1) {
      throw new IllegalArgumentException(
          "%s: the original stands %d times in %s, expected once: %s"
              .formatted(id, times, type, original));
    }
    return found.replaceFirst(Matcher.quoteReplacement(replacement));
  }

  /** Line breaks are the formatter's. */
  private Pattern pattern() {
    return Pattern.compile(
        Arrays.stream(original.split("\\s+", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining("\\s+")));
  }

  @Override
  public String toString() {
    return "%s (%s in %s)%n  - %s%n  + %s".formatted(id, fault, type, original, replacement);
  }
}
