package dev.weir.opencl.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.opencl.emit.OpenClPrinter;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.example.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernels for GPUs compile for GPUs, whether or not one is at hand. */
class GpuCompilersTest {

  private static final String REMEDY =
      "on Debian 12: apt-get install clang-15 libclc-15 libclc-15-dev";

  @TempDir private Path folder;

  private Path kernel() throws IOException {
    String source =
        OpenClPrinter.print(
            Problems.program(
                Problems.shipped(
                    "attention_1pass",
                    "opencl_1pass_gpu",
                    "generic-gpu",
                    "B=1 H=12 P=4096 M=4096 E=64 F=64")));
    return Files.writeString(folder.resolve("kernel.cl"), source);
  }

  @Test
  void forNvidia() throws Exception {
    String assembly =
        compile(
            "nvptx64--nvidiacl.bc",
            List.of(
                "-cl-std=CL1.2",
                "-target",
                "nvptx64--nvidiacl",
                "-Xclang",
                "-target-cpu",
                "-Xclang",
                "sm_80"));

    assertThat(assembly).contains(".target sm_80", ".entry opencl_1pass_gpu", "fma.rn.f32");
  }

  @Test
  void forAmdWithoutSpills() throws Exception {
    String assembly =
        compile(
            "amdgcn--amdhsa.bc",
            List.of(
                "-cl-std=CL2.0",
                "-target",
                "amdgcn-amd-amdhsa",
                "-mcpu=gfx90a",
                "-nogpulib",
                "-w"));

    System.out.printf(
        "gfx90a: %d vector registers, %d spilled, %d bytes of scratch, %d bytes of local memory%n",
        number("\\.vgpr_count:\\s+(\\d+)", assembly),
        number("\\.vgpr_spill_count:\\s+(\\d+)", assembly),
        number("\\.private_segment_fixed_size:\\s+(\\d+)", assembly),
        number("\\.group_segment_fixed_size:\\s+(\\d+)", assembly));
    assertThat(number("\\.vgpr_spill_count:\\s+(\\d+)", assembly)).isZero();
    assertThat(number("\\.group_segment_fixed_size:\\s+(\\d+)", assembly))
        .as("K and V tiles of 32 keys by 64 floats")
        .isEqualTo(2 * 32 * 64 * 4);
  }

  private static int number(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  private String compile(String library, List<String> target) throws Exception {
    Path compiler = Tools.program("clang-15", REMEDY);
    Path linked =
        Tools.file(
            List.of(Path.of("/usr/lib/clc", library), Path.of("/usr/share/clc", library)), REMEDY);
    Path assembly = folder.resolve("kernel.s");
    Path messages = folder.resolve("messages.txt");
    List<String> command = new ArrayList<>(List.of(compiler.toString(), "-x", "cl"));
    command.addAll(target);
    command.addAll(
        List.of("-Xclang", "-finclude-default-header", "-O3", "-Xclang", "-mlink-bitcode-file"));
    command.addAll(List.of("-Xclang", linked.toString(), "-S", kernel().toString()));
    command.addAll(List.of("-o", assembly.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(messages.toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("the compiler finishes").isTrue();
    assertThat(process.exitValue()).as(Files.readString(messages)).isZero();
    return Files.readString(assembly);
  }
}
