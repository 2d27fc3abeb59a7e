package dev.weir.einsum.zoo;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An operator: its cascade, and what the comment above it says.
 *
 * @param file where it stands
 * @param source numbers in the zoo, paper, what is particular
 * @param equation what it computes
 * @param family what kind of operator it is
 * @param phase prefill, decode or both
 * @param passes expected passes over the ranks that matter
 * @param shapes shapes to try it with
 */
public record ZooEntry(
    Path file,
    Cascade cascade,
    String source,
    String equation,
    String family,
    String phase,
    SortedMap<RankName, Integer> passes,
    String shapes) {

  private static final Pattern FACTS =
      Pattern.compile(
          "Equation: (.+?)\\. Family: (.+?)\\. Phase: (.+?)\\. Passes: (.+?)\\. Shapes:"
              + " (.+?)\\.?$");
  private static final Pattern PASSES = Pattern.compile("([A-Z][A-Za-z0-9]*)=([0-9]+)");

  /**
   * Reads a file of the zoo.
   *
   * @throws InvalidInputException when it is wrong or its comment does not say all of this
   */
  public static ZooEntry readFile(Path file) {
    Cascade cascade = CascadeReader.readFile(file);
    String header =
        SourceFile.read(file)
            .text()
            .lines()
            .takeWhile(line -> line.startsWith("#"))
            .map(line -> line.substring(1).strip())
            .collect(Collectors.joining(" "));
    Matcher facts = FACTS.matcher(header);
    if (!facts.find()) {
      throw new InvalidInputException(
          "%s:1:1: error: the comment above the cascade says no 'Equation: … Family: … Phase: … Passes: M=1. Shapes: …' (got '%s')%n"
              .formatted(file, header));
    }
    SortedMap<RankName, Integer> passes = new TreeMap<>();
    PASSES
        .matcher(facts.group(4))
        .results()
        .forEach(
            found -> passes.put(new RankName(found.group(1)), Integer.parseInt(found.group(2))));
    String source = header.substring(0, facts.start()).strip();
    return new ZooEntry(
        file,
        cascade,
        source,
        facts.group(1),
        facts.group(2),
        facts.group(3),
        passes,
        facts.group(5));
  }
}
