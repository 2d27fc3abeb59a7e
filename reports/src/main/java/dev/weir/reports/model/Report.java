package dev.weir.reports.model;

import java.util.List;

/**
 * The results of one experiment.
 *
 * @param title its name
 * @param description what it asks, one or two sentences
 * @param provenance how to get it again
 * @param sections one a target
 */
public record Report(
    String title, String description, Provenance provenance, List<Section> sections) {

  public Report {
    sections = List.copyOf(sections);
    if (sections.stream().map(Section::id).distinct().count() < sections.size()) {
      throw new IllegalArgumentException("two sections of report '" + title + "' have one id");
    }
  }

  /** The worst outcome of all sections. */
  public Outcome outcome() {
    return sections.stream().map(Section::outcome).reduce(Outcome.PASSED, Outcome::and);
  }

  /** The sources of all figures in the order in which they are first met. */
  public List<Source> sources() {
    return sections.stream().flatMap(Section::figures).map(Figure::source).distinct().toList();
  }
}
