package dev.weir.cli.experiment;

import dev.weir.einsum.source.InvalidInputException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where results go. A file is written under another name and then moved, so that whoever looks
 * finds the old one or the new one, never a half; the files of one run appear together at its end,
 * and what an earlier run of the same experiment wrote and this one does not then goes. Closing it
 * removes folders that were made for results that never came.
 */
public final class ResultFolder implements AutoCloseable {

  private final Path folder;
  private final List<Path> made;
  private final Set<String> earlier;

  private ResultFolder(Path folder, List<Path> made, Set<String> earlier) {
    this.folder = folder;
    this.made = made;
    this.earlier = earlier;
  }

  /**
   * Makes the folder and tries to write to it, before hours of work are spent for it.
   *
   * @param experiment the name of the experiment
   * @throws EnvironmentException when results cannot be written there
   * @throws InvalidInputException when the results of another experiment are there
   */
  public static ResultFolder at(Path folder, String experiment) {
    EarlierResults earlier = EarlierResults.in(folder);
    earlier
        .experiment()
        .filter(there -> !there.equals(experiment))
        .ifPresent(
            there -> {
              throw new InvalidInputException(
                  ("%s: error: the results of another experiment are there (got %s, expected those"
                          + " of %s or none)%n    fix: give another folder with --output FOLDER, or"
                          + " remove this one%n")
                      .formatted(folder, there, experiment));
            });
    ResultFolder results = new ResultFolder(folder, missing(folder), earlier.files());
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, ".weir-", ".tmp"));
    } catch (IOException e) {
      results.close();
      throw results.cannotWrite(folder, e);
    }
    return results;
  }

  /** The folder and those above it that are not there yet, the innermost first. */
  private static List<Path> missing(Path folder) {
    List<Path> missing = new ArrayList<>();
    Path at = folder.toAbsolutePath();
    while (at != null && !Files.exists(at)) {
      missing.add(at);
      at = at.getParent();
    }
    return missing;
  }

  /** Removes what was made for nothing; folders with anything in them stay. */
  @Override
  public void close() {
    try {
      for (Path one : made) {
        Files.deleteIfExists(one);
      }
    } catch (IOException _) {
      // Something is in it, or it cannot be removed: then it stays, and those above it too.
    }
  }

  public Path path() {
    return folder;
  }

  /**
   * Writes all files, moves all into place, then removes those of the earlier run that are not
   * among them.
   *
   * @param texts by file name
   */
  public void write(Map<String, String> texts) {
    Map<Path, Path> moves = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, String> text : texts.entrySet()) {
        Path temporary = Files.createTempFile(folder, ".weir-", ".tmp");
        moves.put(temporary, folder.resolve(text.getKey()));
        temporary.toFile().deleteOnExit();
        Files.writeString(temporary, text.getValue());
      }
      for (Map.Entry<Path, Path> move : moves.entrySet()) {
        makeReadable(move.getKey());
        Files.move(
            move.getKey(),
            move.getValue(),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      }
      for (String name : earlier) {
        if (!texts.containsKey(name)) {
          Files.deleteIfExists(folder.resolve(name));
        }
      }
    } catch (IOException e) {
      moves.keySet().forEach(ResultFolder::deleteQuietly);
      throw cannotWrite(folder, e);
    }
  }

  /** Temporary files are private by default; results are for whoever may see the folder. */
  private static void makeReadable(Path file) {
    file.toFile().setReadable(true, false);
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException _) {
      // The reason why nothing could be written is about to be told; this is the same one.
    }
  }

  private EnvironmentException cannotWrite(Path where, IOException why) {
    String reason =
        switch (why) {
          case AccessDeniedException _ -> "no permission";
          case FileAlreadyExistsException _ -> "there is a file of that name";
          case FileSystemException system when system.getReason() != null -> system.getReason();
          default -> why.getMessage();
        };
    return new EnvironmentException(
        "cannot write results to "
            + where
            + ": "
            + reason
            + "\n    fix: free room or give another folder with --output FOLDER");
  }
}
