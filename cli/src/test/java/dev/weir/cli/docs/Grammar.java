package dev.weir.cli.docs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A grammar as a page prints it: {@code rule = "word" [ option ] { repetition } ( a | b ) .} Names
 * in capitals are tokens.
 */
final class Grammar {

  private static final Pattern TOKEN = Pattern.compile("\"[^\"]+\"|[A-Za-z]+|[=.|(){}\\[\\]]");

  private sealed interface Part {
    record Word(String text) implements Part {}

    record Name(String name) implements Part {}

    record All(List<Part> parts) implements Part {}

    record OneOf(List<Part> parts) implements Part {}

    record Optional(Part part) implements Part {}

    record Repeated(Part part) implements Part {}
  }

  private static final int UNKNOWN = 1000;

  private final Map<String, Part> rules = new HashMap<>();
  private final Map<String, Integer> heights = new HashMap<>();
  private List<String> tokens = List.of();
  private int next;

  /**
   * Reads rules.
   *
   * @param text without the definitions of tokens
   */
  Grammar(String text) {
    Matcher matcher = TOKEN.matcher(text);
    tokens = matcher.results().map(result -> result.group()).toList();
    while (next < tokens.size()) {
      String name = take();
      expect("=");
      rules.put(name, alternatives());
      expect(".");
    }
    for (int round = 0; round < rules.size(); round++) {
      rules.forEach((name, part) -> heights.put(name, Math.min(height(part), UNKNOWN)));
    }
  }

  private String take() {
    return tokens.get(next++);
  }

  private boolean found(String token) {
    boolean found = next < tokens.size() && tokens.get(next).equals(token);
    next += found ? 1 : 0;
    return found;
  }

  private void expect(String token) {
    if (!found(token)) {
      throw new AssertionError("expected " + token + " at " + tokens.subList(next, tokens.size()));
    }
  }

  private Part alternatives() {
    List<Part> parts = new ArrayList<>(List.of(sequence()));
    while (found("|")) {
      parts.add(sequence());
    }
    return parts.size() == 1 ? parts.getFirst() : new Part.OneOf(parts);
  }

  private Part sequence() {
    List<Part> parts = new ArrayList<>();
    while (!List.of("|", ".", ")", "]", "}").contains(tokens.get(next))) {
      parts.add(part());
    }
    return parts.size() == 1 ? parts.getFirst() : new Part.All(parts);
  }

  private Part part() {
    String token = take();
    return switch (token) {
      case "(" -> closed(alternatives(), ")");
      case "[" -> closed(new Part.Optional(alternatives()), "]");
      case "{" -> closed(new Part.Repeated(alternatives()), "}");
      default ->
          token.startsWith("\"")
              ? new Part.Word(token.substring(1, token.length() - 1))
              : new Part.Name(token);
    };
  }

  private Part closed(Part part, String end) {
    expect(end);
    return part;
  }

  /**
   * A random text of a rule.
   *
   * @param tokenText what to write for a token's name
   */
  String derive(String rule, Random random, UnaryOperator<String> tokenText) {
    StringBuilder text = new StringBuilder();
    write(new Part.Name(rule), text, random, tokenText, 14);
    return text.toString();
  }

  private void write(
      Part part, StringBuilder text, Random random, UnaryOperator<String> tokenText, int depth) {
    switch (part) {
      case Part.Word word -> text.append(word.text()).append(' ');
      case Part.Name(String name) -> {
        if (name.equals(name.toUpperCase(Locale.ROOT))) {
          text.append(tokenText.apply(name)).append(' ');
        } else {
          if (!rules.containsKey(name)) {
            throw new AssertionError("the page has no rule for " + name);
          }
          write(rules.get(name), text, random, tokenText, depth - 1);
        }
      }
      case Part.All all -> all.parts().forEach(p -> write(p, text, random, tokenText, depth));
      case Part.OneOf choice -> {
        Part chosen =
            depth > 0
                ? choice.parts().get(random.nextInt(choice.parts().size()))
                : choice.parts().stream().min(Comparator.comparingInt(this::height)).orElseThrow();
        write(chosen, text, random, tokenText, depth);
      }
      case Part.Optional option -> {
        if (depth > 0 && random.nextBoolean()) {
          write(option.part(), text, random, tokenText, depth);
        }
      }
      case Part.Repeated repeated -> {
        for (int i = random.nextInt(3); depth > 0 && i > 0; i--) {
          write(repeated.part(), text, random, tokenText, depth - i);
        }
      }
    }
  }

  /** How deep the shortest derivation goes; more for what is not known yet. */
  private int height(Part part) {
    return switch (part) {
      case Part.Word _, Part.Optional _, Part.Repeated _ -> 0;
      case Part.Name(String name) ->
          rules.containsKey(name) ? 1 + heights.getOrDefault(name, UNKNOWN) : 0;
      case Part.All all -> all.parts().stream().mapToInt(this::height).max().orElse(0);
      case Part.OneOf one -> one.parts().stream().mapToInt(this::height).min().orElse(0);
    };
  }
}
