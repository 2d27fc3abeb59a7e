package dev.weir.opencl.example;

import dev.weir.opencl.runtime.Device;
import dev.weir.opencl.runtime.DeviceSearch;
import dev.weir.opencl.runtime.Devices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.opentest4j.TestAbortedException;

/** Devices and programs that a test needs: missing, it is skipped, and in CI it fails. */
public final class Tools {

  private Tools() {}

  /** A processor as a device: results are compared, so any will do, but its kernels are known. */
  public static Device processor() {
    makeCacheFolder();
    DeviceSearch search = Devices.list();
    return switch (search) {
      case DeviceSearch.Found found -> found.devices().getLast();
      case DeviceSearch.NoDevice none -> throw missing(none.reason() + "; " + none.remedy());
    };
  }

  /** PoCL does not make the folder of its cache. */
  private static void makeCacheFolder() {
    String folder = System.getenv("POCL_CACHE_DIR");
    if (folder != null) {
      try {
        Files.createDirectories(Path.of(folder));
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  /** The first of some files that exists. */
  public static Path file(List<Path> candidates, String remedy) {
    Optional<Path> found = candidates.stream().filter(Files::exists).findFirst();
    return found.orElseThrow(() -> missing("none of " + candidates + " exists; " + remedy));
  }

  static RuntimeException missing(String reason) {
    if (System.getenv("CI") != null) {
      throw new AssertionError(reason);
    }
    return new TestAbortedException(reason);
  }
}
