package dev.weir.cli.experiment;

import dev.weir.einsum.source.SourceFile;
import dev.weir.reports.model.InputFile;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Remembers what was read, with hashes, so that every figure can name it. */
public final class InputFiles {

  private final SortedMap<Path, InputFile> files = new TreeMap<>();
  private final Map<Path, List<Path>> used = new HashMap<>();

  /** The file with the hash of what is in it now. */
  public InputFile of(Path path) {
    return files.computeIfAbsent(path, InputFiles::hashed);
  }

  /** The file and those that it uses. */
  List<InputFile> withUsed(Path path) {
    return Stream.concat(Stream.of(path), used.getOrDefault(path, List.of()).stream())
        .map(this::of)
        .toList();
  }

  /** Remembers that a file is not whole without others. */
  void uses(Path path, List<Path> others) {
    used.put(path, List.copyOf(others));
    others.forEach(this::of);
  }

  /** All files that were asked for. */
  public List<InputFile> all() {
    return List.copyOf(files.values());
  }

  private static InputFile hashed(Path path) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(SourceFile.bytes(path));
      return new InputFile(path.toString(), HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
