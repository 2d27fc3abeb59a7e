package dev.weir.cli.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
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

  private static final EarlierResults NONE = new EarlierResults(Optional.empty(), Set.of());

  EarlierResults {
    files = Set.copyOf(files);
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
      Set<String> files = new HashSet<>();
      for (JsonNode section : root.path("sections")) {
        String id = section.path("id").asString("");
        // The names of targets; anything else would not be one of our files.
        if (id.matches("[a-z][a-z0-9-]*")) {
          files.add(id + ".schedule");
          files.add(id + ".cl");
        }
      }
      return new EarlierResults(Optional.of(root.path("title").asString()), files);
    } catch (IOException | JacksonException _) {
      // No report of ours, or a broken one: nothing is known, so nothing is removed.
      return NONE;
    }
  }
}
