package dev.weir.opencl.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that nobody else can look into and that is gone afterwards. */
record WorkFolder(Path path) implements AutoCloseable {

  static WorkFolder make() throws IOException {
    return new WorkFolder(Files.createTempDirectory("weir-gpu-"));
  }

  @Override
  public void close() throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(path)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
