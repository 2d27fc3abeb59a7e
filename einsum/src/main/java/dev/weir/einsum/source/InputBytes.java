package dev.weir.einsum.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Opens the files that a user names, and says in the same words everywhere why one cannot be. */
final class InputBytes {

  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final int MOST_NAMES = 12;
  private static final long MOST_BYTES = 16L << 20;

  private InputBytes() {}

  static byte[] of(Path path) {
    if (Files.isDirectory(path)) {
      throw refuse(path + " is a folder (expected a file)", Optional.empty());
    }
    if (Files.notExists(path)) {
      throw missing(path);
    }
    try {
      return Files.readAllBytes(path);
    } catch (IOException unreadable) {
      throw refuse("cannot read " + path + ": " + reason(unreadable), Optional.empty());
    }
  }

  /** What a file system says, in words; most of its messages repeat the path and nothing else. */
  static String reason(IOException unreadable) {
    return switch (unreadable) {
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException failed when failed.getReason() != null -> failed.getReason();
      case FileSystemException failed -> failed.getClass().getSimpleName();
      case IOException other ->
          other.getMessage() == null ? other.getClass().getSimpleName() : other.getMessage();
    };
  }

  static String text(Path path) {
    refuseHuge(path);
    ByteBuffer bytes = ByteBuffer.wrap(of(path));
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    // UTF-8 has at least as many bytes as characters, so there is always room.
    CharBuffer characters = CharBuffer.allocate(bytes.remaining());
    CoderResult result = decoder.decode(bytes, characters, true);
    if (result.isError()) {
      throw notText(path, bytes.position(), "is not UTF-8");
    }
    String text = characters.flip().toString();
    int zero = text.indexOf('\0');
    if (zero >= 0) {
      int before = text.substring(0, zero).getBytes(StandardCharsets.UTF_8).length;
      throw notText(path, before, "is 0");
    }
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }

  /** Nobody writes such a text by hand, and what is made of one takes many times its size. */
  private static void refuseHuge(Path path) {
    long size = path.toFile().length();
    if (size > MOST_BYTES) {
      throw refuse(
          "%s is too large for a text that is read here (got %,d B, expected at most %,d B)"
              .formatted(path, size, MOST_BYTES),
          Optional.empty());
    }
  }

  private static InvalidInputException notText(Path path, int bytesBefore, String wrong) {
    return refuse(
        "%s is no text (byte %d %s, expected UTF-8)".formatted(path, bytesBefore + 1, wrong),
        Optional.empty());
  }

  private static InvalidInputException missing(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return refuse(
          path + " does not exist (expected a file in a folder that is there)", Optional.empty());
    }
    String name = path.getFileName().toString();
    List<String> there = filesLike(name, folder);
    String expected =
        there.isEmpty() || there.size() > MOST_NAMES
            ? "an existing file"
            : "one of " + String.join(", ", there);
    return refuse(
        path + " does not exist (got " + name + ", expected " + expected + ")",
        Spelling.nearest(name, there).map(near -> path.resolveSibling(near).toString()));
  }

  /** Names of the files in a folder that end alike; of all files when the name has no ending. */
  private static List<String> filesLike(String name, Path folder) {
    int dot = name.lastIndexOf('.');
    String ending = dot < 0 ? "" : name.substring(dot);
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(ending))
          .sorted()
          .toList();
    } catch (IOException _) {
      // The folder is only asked for a hint; without it the message still names the file.
      return List.of();
    }
  }

  private static InvalidInputException refuse(String what, Optional<String> fix) {
    return new InvalidInputException(what, fix);
  }
}
