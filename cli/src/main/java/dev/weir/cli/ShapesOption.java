package dev.weir.cli;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.InvalidInputException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Shapes of ranks on the command line. */
final class ShapesOption {

  private static final Pattern SHAPE =
      Pattern.compile("(?<rank>[A-Z][A-Za-z0-9_]*)=(?<number>[1-9][0-9]{0,11})(?<scale>[KMG]?)");

  @Option(
      names = "--shape",
      split = ",",
      paramLabel = "RANK=SHAPE",
      description = {
        "Shape of a rank in elements; K, M and G mean 1024, 1024² and 1024³.",
        "Several are separated by commas: --shape B=1,H=12,P=4K,M=4K"
      })
  private List<String> shapes = List.of();

  /** The shapes by rank. */
  Map<RankName, Long> byRank() {
    Map<RankName, Long> byRank = new TreeMap<>();
    for (String text : shapes) {
      Matcher matcher = SHAPE.matcher(text);
      if (!matcher.matches()) {
        throw new InvalidInputException(
            "--shape: error: not a shape (got " + text + ", expected one such as P=4K)");
      }
      RankName rank = new RankName(matcher.group("rank"));
      if (byRank.put(rank, elements(matcher)) != null) {
        throw new InvalidInputException("--shape: error: rank " + rank + " has two shapes");
      }
    }
    return byRank;
  }

  private static long elements(Matcher matcher) {
    int power =
        switch (matcher.group("scale")) {
          case "K" -> 10;
          case "M" -> 20;
          case "G" -> 30;
          default -> 0;
        };
    return Math.multiplyExact(Long.parseLong(matcher.group("number")), 1L << power);
  }
}
