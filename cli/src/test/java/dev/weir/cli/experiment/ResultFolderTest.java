package dev.weir.cli.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.source.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFolderTest {

  @TempDir Path folder;

  private static String report(String experiment, String... files) {
    String facts = "{\"files beside\": \"" + String.join(", ", files) + "\"}";
    return "{\"title\": \"%s\", \"sections\": [], \"provenance\": {\"facts\": %s}}"
        .formatted(experiment, facts);
  }

  @Test
  void foldersMadeForNothingGo() {
    Path results = folder.resolve("runs/tiny");

    ResultFolder.at(results, "tiny").close();

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void foldersWithResultsOrFromOthersStay() throws Exception {
    Path results = Files.createDirectories(folder.resolve("runs/tiny"));
    ResultFolder.at(results, "tiny").close();
    assertThat(results).isEmptyDirectory();

    Path other = folder.resolve("runs/other");
    try (ResultFolder written = ResultFolder.at(other, "other")) {
      written.write(Map.of("report.json", report("other")));
    }
    assertThat(other.resolve("report.json")).exists();
  }

  @Test
  void whatTheEarlierRunWroteGoesAndWhatOthersWroteStays() throws Exception {
    try (ResultFolder first = ResultFolder.at(folder, "tiny")) {
      first.write(
          Map.of(
              "report.json",
              report("tiny", "array.schedule", "device.cl"),
              "array.schedule",
              "",
              "device.cl",
              ""));
    }
    Files.createFile(folder.resolve("notes.schedule"));

    try (ResultFolder second = ResultFolder.at(folder, "tiny")) {
      second.write(
          Map.of("report.json", report("tiny", "array.schedule"), "array.schedule", "new"));
    }

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("report.json", "array.schedule", "notes.schedule");
    }
    assertThat(folder.resolve("array.schedule")).hasContent("new");
  }

  @Test
  void resultsOfAnotherExperimentAreNotMixedUp() throws Exception {
    Files.writeString(folder.resolve("report.json"), report("first", "array.schedule"));

    assertThatThrownBy(() -> ResultFolder.at(folder, "second"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(
            folder
                + ": error: the results of another experiment are there (got first, expected those"
                + " of second or none)")
        .hasMessageContaining("fix: give another folder with --output FOLDER");
  }

  @Test
  void reportThatCannotBeReadRemovesNothing() throws Exception {
    Files.writeString(folder.resolve("report.json"), "{");
    Files.createFile(folder.resolve("array.schedule"));

    try (ResultFolder results = ResultFolder.at(folder, "tiny")) {
      results.write(Map.of("report.json", report("tiny")));
    }

    assertThat(folder.resolve("array.schedule")).exists();
  }

  @Test
  void fileOutsideTheFolderIsNeverTakenForAResult() throws Exception {
    Path results = Files.createDirectory(folder.resolve("results"));
    Files.createFile(folder.resolve("mine.schedule"));
    Files.writeString(results.resolve("report.json"), report("tiny", "../mine.schedule", ".."));

    try (ResultFolder second = ResultFolder.at(results, "tiny")) {
      second.write(Map.of("report.json", report("tiny")));
    }

    assertThat(folder.resolve("mine.schedule")).exists();
  }
}
