package dev.weir.cli.experiment;

import dev.weir.reports.model.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the report in a folder says of the run that wrote it.
 *
 * @param experiment its experiment; nothing when there is no report of Weir
 * @param files names of the files that such a run writes beside its report
 */
record EarlierResults(Optional<String> experiment, Set<String> files) {

  /** Its name in a report. */
  private static final String FACT = "files beside";

  /** Names without a folder: a report is a text that anybody may have changed. */
  private static final Pattern OURS = Pattern.compile("[A-Za-z0-9_-]+\\.(schedule|cl)");

  private static final EarlierResults NONE = new EarlierResults(Optional.empty(), Set.of());

  EarlierResults {
    files = Set.copyOf(files);
  }

  /** What a report must say for a later run to know. */
  static Provenance.Fact fact(Collection<String> files) {
    return new Provenance.Fact(FACT, String.join(", ", new TreeSet<>(files)));
  }

  static EarlierResults in(Path folder) {
    Path report = folder.resolve("report.json");
    if (!Files.isRegularFile(report)) {
      return NONE;
    }
    try {
      JsonNode root = JsonMapper.shared().readTree(Files.readString(report));
      if (!root.path("title").isString() || !root.path("sections").isArray()) {
        return NONE;
      }
      String listed = root.path("provenance").path("facts").path(FACT).asString("");
      Set<String> files =
          Stream.of(listed.split(", ", -1))
              .filter(OURS.asMatchPredicate())
              .collect(Collectors.toSet());
      return new EarlierResults(Optional.of(root.path("title").asString()), files);
    } catch (IOException | JacksonException _) {
      // No report of ours, or a broken one: nothing is known, so nothing is removed.
      return NONE;
    }
  }
}
