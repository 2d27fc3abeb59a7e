package dev.weir.reports.model;

import java.util.List;

/**
 * What is needed to get the same report again.
 *
 * @param command what was typed
 * @param facts name and value each: version, commit, Java, system, seed, time
 * @param inputs every file that was read
 */
public record Provenance(String command, List<Fact> facts, List<InputFile> inputs) {

  /** One line of provenance. */
  public record Fact(String name, String value) {}

  public Provenance {
    facts = List.copyOf(facts);
    inputs = inputs.stream().sorted().distinct().toList();
  }
}
