package dev.weir.cli;

import dev.weir.cli.experiment.ShapeText;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Shapes of ranks on the command line. */
final class ShapesOption {

  private static final Pattern SHAPE = Pattern.compile("(?<rank>[A-Z][A-Za-z0-9_]*)=(?<shape>.*)");

  @Option(
      names = "--shape",
      split = ",",
      paramLabel = "RANK=SHAPE",
      description = {
        "Shape of a rank in elements; K, M and G mean 1024, 1024² and 1024³.",
        "Several are separated by commas: --shape B=1,H=12,P=4K,M=4K"
      })
  private List<String> shapes = List.of();

  /** Whether any was given, readable or not. */
  boolean isGiven() {
    return !shapes.isEmpty();
  }

  /** The shapes by rank. */
  Map<RankName, Long> byRank() {
    Map<RankName, Long> byRank = new TreeMap<>();
    List<String> mistakes = new ArrayList<>();
    for (String text : shapes) {
      Matcher matcher = SHAPE.matcher(text);
      OptionalLong elements =
          matcher.matches() ? ShapeText.elements(matcher.group("shape")) : OptionalLong.empty();
      if (elements.isEmpty()) {
        mistakes.add(notAShape(text));
        continue;
      }
      RankName rank = new RankName(matcher.group("rank"));
      if (byRank.put(rank, elements.getAsLong()) != null) {
        mistakes.add(
            "--shape: error: rank %s has two shapes (got %s, expected one)%n    fix: leave out one of them%n"
                .formatted(rank, String.join(",", shapes)));
      }
    }
    if (!mistakes.isEmpty()) {
      throw new InvalidInputException(String.join("", mistakes));
    }
    return byRank;
  }

  private static String notAShape(String text) {
    // A rank in lower case and a sign before a number are seen through.
    String[] parts = text.split("[=:]", 2);
    String rank =
        parts[0].matches("[A-Za-z][A-Za-z0-9_]*")
            ? parts[0].substring(0, 1).toUpperCase(Locale.ROOT) + parts[0].substring(1)
            : "P";
    String shape = parts.length == 2 ? parts[1].replaceFirst("^[-+]", "") : "";
    String fix = ShapeText.elements(shape).isPresent() ? shape : ShapeText.fix(shape).orElse("4K");
    return "--shape: error: not a shape (got %s, expected one such as P=4K, at most 1024G)%n    fix: %s=%s%n"
        .formatted(text, rank, fix);
  }
}
