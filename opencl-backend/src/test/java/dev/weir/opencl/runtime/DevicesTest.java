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
    DeviceDescription description = Tools.processor().description();

    assertThat(description.name()).isNotBlank();
    assertThat(description.version()).startsWith("OpenCL ");
    assertThat(description.maxGroupSize()).isPositive();
    assertThat(description.maxBufferBytes()).isBetween(1L, description.globalBytes());
  }

  @Test
  void withoutADriverThereIsAReasonAndARemedy() throws Exception {
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Search.class.getName()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("OCL_ICD_VENDORS", folder.resolve("nothing").toString());
    Process process = builder.start();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(output))
        .startsWith("NoDevice[reason=no OpenCL")
        .contains("remedy=unset OCL_ICD_VENDORS, which", "install an OpenCL driver")
        .doesNotContain("Exception in");
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
