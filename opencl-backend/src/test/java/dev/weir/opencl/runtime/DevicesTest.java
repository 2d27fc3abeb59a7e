package dev.weir.opencl.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.opencl.example.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevicesTest {

  @TempDir private Path folder;

  @Test
  void deviceDescribesItself() {
    DeviceDescription description = Tools.localProcessor().description();

    assertThat(description.name()).isNotBlank();
    assertThat(description.version()).startsWith("OpenCL ");
    assertThat(description.maxGroupSize()).isPositive();
    assertThat(description.maxBufferBytes()).isBetween(1L, description.globalBytes());
  }

  @Test
  void withoutADriverThereIsAReasonAndARemedy() throws Exception {
    assertThat(search("OCL_ICD_VENDORS", folder.resolve("nothing").toString()))
        .startsWith("NoDevice[reason=no OpenCL")
        .contains("remedy=unset OCL_ICD_VENDORS, which", "install an OpenCL driver")
        .doesNotContain("Exception in");
  }

  @Test
  void driverThatCrashesWhenAskedIsNamedWithARemedy() throws Exception {
    Device _ = Tools.localProcessor().device();

    // PoCL aborts with this when it is asked for its devices.
    assertThat(search("POCL_CACHE_DIR", ""))
        .startsWith("NoDevice[reason=no OpenCL device was found; Portable Computing Language is")
        .contains("the driver crashed while it was asked for its devices (exit status 134): ")
        .contains("remedy=remove that driver, or name the good ones to the loader");
  }

  private String search(String variable, String value) throws Exception {
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Search.class.getName()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put(variable, value);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output);
  }

  /** Looks for devices in a Java of its own. */
  static final class Search {
    private Search() {}

    /** Entry point. */
    public static void main(String[] arguments) {
      System.out.println(Devices.list());
    }
  }
}
