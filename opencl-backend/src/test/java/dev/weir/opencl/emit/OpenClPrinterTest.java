package dev.weir.opencl.emit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.example.Problems;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * Texts of kernels, compared with files named after the tests. After a wanted change: {@code
 * -Dweir.golden=update}, and read the difference.
 */
class OpenClPrinterTest {

  private static final Path FOLDER = Path.of("src", "test", "resources", "golden");

  private Path golden;

  @BeforeEach
  void nameAfterTest(TestInfo test) {
    String name = test.getTestMethod().map(Method::getName).orElseThrow();
    golden = FOLDER.resolve("OpenClPrinterTest." + name + ".cl");
  }

  @Test
  void onePassOnVectorLanes() throws IOException {
    check(
        Problems.shipped(
            "attention_1pass", "opencl_1pass_cpu", "pocl-cpu", "B=1 H=2 P=64 M=128 E=64 F=64"));
  }

  @Test
  void onePassWithMaskAndTails() throws IOException {
    check(
        Problems.shipped(
            "attention_1pass_masked",
            "opencl_1pass_cpu",
            "pocl-cpu",
            "B=1 H=2 P=75 M=75 E=64 F=64"));
  }

  @Test
  void onePassOnWorkItems() throws IOException {
    check(
        Problems.shipped(
            "attention_1pass", "opencl_1pass_gpu", "generic-gpu", "B=1 H=2 P=128 M=128 E=64 F=64"));
  }

  @Test
  void threePassThroughGlobalMemory() throws IOException {
    check(
        Problems.shipped(
            "attention_3pass", "opencl_3pass_cpu", "pocl-cpu", "B=1 H=2 P=64 M=64 E=64 F=64"));
  }

  @Test
  void threeKernelsOfAnUnfusedSchedule() throws IOException {
    check(
        Problems.shipped(
            "attention_3pass",
            "opencl_3pass_unfused_cpu",
            "pocl-cpu",
            "B=1 H=2 P=64 M=64 E=64 F=64"));
  }

  @Test
  void causalTilesWholeInPartAndLeftOut() throws IOException {
    check(
        Problems.shipped(
            "attention_1pass_triangular",
            "opencl_1pass_causal_cpu",
            "pocl-cpu",
            "B=1 H=2 P=128 M=128 E=64 F=64"));
  }

  private void check(Problem problem) throws IOException {
    String text = OpenClPrinter.print(Problems.program(problem));
    if ("update".equals(System.getProperty("weir.golden"))) {
      assertThat(System.getenv("CI")).as("golden files are not updated in CI").isNull();
      Files.createDirectories(FOLDER);
      Files.writeString(golden, text);
    }
    assertThat(golden)
        .as("after a wanted change: -Dweir.golden=update")
        .usingCharset("UTF-8")
        .hasContent(text);
  }
}
