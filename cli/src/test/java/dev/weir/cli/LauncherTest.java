package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher's own decisions, with what it finds on the machine put in its place. */
class LauncherTest {

  private static final long LIMIT_SECONDS = 60;
  private static final Path ENVIRONMENT =
      CommandLineRun.ROOT.resolve("cli/src/main/sh/environment.sh");

  @TempDir Path folder;

  private CommandLineRun bash(Map<String, String> environment, String script) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            "bash",
            "-c",
            "set -euo pipefail\nsource '" + ENVIRONMENT + "'\nstate='" + folder + "'\n" + script);
    builder.environment().putAll(environment);
    return finished(builder);
  }

  private CommandLineRun finished(ProcessBuilder builder) throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    return new CommandLineRun(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  @Test
  void allThatAKernelVerbLacksIsNamedInOneLine() throws Exception {
    CommandLineRun run =
        bash(
            Map.of(),
            """
            can_install() { false; }
            build_is_current() { false; }
            missing_build_packages() { printf 'maven '; }
            missing_opencl_packages() { printf 'ocl-icd-libopencl1 pocl-opencl-icd '; }
            require_for_kernels
            """);

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).hasLineCount(1).contains("maven ocl-icd-libopencl1 pocl-opencl-icd");
  }

  @Test
  void withoutOpenClABuiltWeirStartsNevertheless() throws Exception {
    CommandLineRun run =
        bash(
            Map.of(),
            """
            can_install() { false; }
            build_is_current() { true; }
            missing_build_packages() { printf 'maven '; }
            missing_opencl_packages() { printf 'pocl-opencl-icd '; }
            require_for_kernels
            echo started
            """);

    assertThat(run.code()).isZero();
    assertThat(run.out()).isEqualTo("started\n");
    assertThat(run.err()).contains("pocl-opencl-icd").doesNotContain("maven");
  }

  @Test
  void driverThatTheVariableHidesIsNotCalledMissing() throws Exception {
    Path installed = Path.of("/etc/OpenCL/vendors/pocl.icd");
    assumeThat(installed).as("PoCL").exists();

    CommandLineRun run =
        bash(
            Map.of("OCL_ICD_VENDORS", folder.toString()),
            "missing_opencl_packages\nweir_doctor_environment");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern("missing +PoCL .*hidden by OCL_ICD_VENDORS=" + folder + ": unset it")
        .doesNotContain("pocl-opencl-icd");
  }

  @Test
  void driverInAFolderOfTheUsersIsFound() throws Exception {
    Path own = Files.createDirectory(folder.resolve("my drivers"));
    Path driver = Files.createFile(own.resolve("pocl-new.icd"));

    CommandLineRun run =
        bash(Map.of("OCL_ICD_VENDORS", own.toString()), "find_opencl_driver\nfind_pocl");

    assertThat(run.out()).isEqualTo(driver + "\n" + driver + "\n");
  }

  @Test
  void misspeltOptionOfVerifyIsSaid() throws Exception {
    CommandLineRun maven = bash(Map.of(), "command -v mvn || true");
    assumeThat(maven.out()).as("Maven").isNotBlank();

    CommandLineRun run =
        finished(
            new ProcessBuilder(CommandLineRun.ROOT.resolve("weir").toString(), "verify", "--hlep"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("verify: Unrecognized option: --hlep", "help: ./weir verify --help");
  }
}
