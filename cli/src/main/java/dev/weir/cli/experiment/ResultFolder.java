package dev.weir.cli.experiment;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where results go. A file is written under another name and then moved, so that whoever looks
 * finds the old one or the new one, never a half; the files of one run appear together at its end.
 */
public final class ResultFolder {

  private final Path folder;

  private ResultFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes the folder and tries to write to it, before hours of work are spent for it.
   *
   * @throws EnvironmentException when results cannot be written there
   */
  public static ResultFolder at(Path folder) {
    ResultFolder results = new ResultFolder(folder);
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, ".weir-", ".tmp"));
    } catch (IOException e) {
      throw results.cannotWrite(folder, e);
    }
    return results;
  }

  public Path path() {
    return folder;
  }

  /**
   * Writes all files, then moves all into place.
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
