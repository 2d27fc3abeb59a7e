package dev.weir.opencl.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weir.opencl.example.Gpus;
import dev.weir.opencl.gpu.Occupancy.Limit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kernels whose needs are known beforehand. */
class GpuCompilerTest {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir private Path folder;

  private static CompiledKernel compile(String source, long groupSize, Target target) {
    TargetResult result =
        GpuCompiler.ofMachine().compile(source, Map.of("planted", groupSize), target);
    return Gpus.compiled(result).kernels().getFirst();
  }

  private static Resources resources(CompiledKernel kernel) {
    assumeThat(kernel.resources()).as("ptxas is there").isPresent();
    return kernel.resources().orElseThrow();
  }

  /** No compiler can keep an array in registers whose indices are data. */
  @ParameterizedTest
  @EnumSource(Target.class)
  void arrayWithUnknownIndicesIsOnTheStack(Target target) {
    Resources resources =
        resources(
            compile(
                """
                __kernel void planted(__global float *a, __global const int *i) {
                  float x[300];
                  for (int k = 0; k < 300; ++k) x[k] = a[i[k]];
                  for (int k = 0; k < 300; ++k) x[i[k + 300]] += a[k];
                  a[0] = x[i[7]];
                }
                """,
                64,
                target));

    assertThat(resources.stackBytes()).isBetween(1200L, 1280L);
    assertThat(resources.spills().isAny()).isFalse();
  }

  /** A kernel whose every step needs all of so many values of a work-item. */
  private static String alive(int values, int groupSize) {
    return """
    #define VECTORS %d
    __kernel __attribute__((reqd_work_group_size(%d, 1, 1)))
    void planted(__global float16 *restrict a, __global const float16 *restrict b) {
      int l = get_local_id(0);
      float16 x[VECTORS];
      #pragma unroll
      for (int k = 0; k < VECTORS; ++k) x[k] = b[l + 64 * k];
      for (int i = 0; i < 100; ++i) {
        #pragma unroll
        for (int k = 0; k < VECTORS; ++k) x[k] = x[k] * x[(k + 1) %% VECTORS] + b[i];
      }
      #pragma unroll
      for (int k = 0; k < VECTORS; ++k) a[l + 64 * k] = x[k];
    }
    """
        .formatted(values / 16, groupSize);
  }

  /** No target has more than 256 registers for a work-item of 1024. */
  @ParameterizedTest
  @EnumSource(Target.class)
  void moreValuesThanRegistersSpill(Target target) {
    int values = 320;

    Resources resources = resources(compile(alive(values, 1024), 1024, target));

    assertThat(resources.spills().storeBytes()).isGreaterThanOrEqualTo((values - 256) * 4L);
    assertThat(resources.spills().loadBytes()).isGreaterThanOrEqualTo((values - 256) * 4L);
    assertThat(resources.stackBytes()).isGreaterThanOrEqualTo((values - 256) * 4L);
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void localMemoryBarriersAndLoadsAreCounted(Target target) {
    CompiledKernel kernel =
        compile(
            """
            __kernel __attribute__((reqd_work_group_size(128, 1, 1)))
            void planted(__global float *restrict a, __global const float *restrict b) {
              __local float t[1000];
              int l = get_local_id(0);
              t[l] = b[l];
              barrier(CLK_LOCAL_MEM_FENCE);
              a[l] = fma(t[127 - l], t[127 - l], 2.0f);
              barrier(CLK_LOCAL_MEM_FENCE);
              t[l * 3] = b[l + 128];
              barrier(CLK_LOCAL_MEM_FENCE);
              a[l + 500] = t[381 - l * 3];
            }
            """,
            128,
            target);

    assertThat(kernel.instructions()).isEqualTo(new Instructions(1, 2, 2, 3));
    Resources resources = resources(kernel);
    assertThat(resources.localBytes()).isEqualTo(4000);
    assertThat(resources.stackBytes()).isZero();
    assertThat(resources.spills().isAny()).isFalse();
  }

  /**
   * What LLVM itself prints behind a kernel as its occupancy, in waves of a quarter of the unit.
   */
  @ParameterizedTest
  @EnumSource(names = {"GFX90A", "GFX1030", "GFX906"})
  void occupancyByRegistersIsWhatLlvmPrints(Target target) throws Exception {
    for (int values : List.of(32, 64, 128, 192)) {
      String text = alive(values, 64);
      Occupancy occupancy = resources(compile(text, 64, target)).occupancy();

      assertThat(occupancy.waves()).as(values + " values").isEqualTo(4 * printed(text, target));
    }
  }

  private int printed(String source, Target target) throws Exception {
    Path file = Files.writeString(folder.resolve("planted.cl"), source);
    GpuTools tools = GpuTools.ofMachine();
    Clang clang =
        new Clang(
            tools.program("clang-15").orElseThrow(),
            tools.library("amdgcn--amdhsa.bc").orElseThrow(),
            new ChildProcess(folder, LIMIT));
    String assembly =
        clang.assembly(
            file,
            List.of(
                "-cl-std=CL2.0",
                "-target",
                "amdgcn-amd-amdhsa",
                "-mcpu=" + target,
                "-nogpulib",
                "-w"));
    return assembly
        .lines()
        .filter(line -> line.startsWith("; Occupancy: "))
        .mapToInt(line -> Integer.parseInt(line.substring(13).strip()))
        .sum();
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void callOfNothingIsFound(Target target) {
    TargetResult.Failed failed =
        failed(
            """
            float missing(float);
            __kernel void planted(__global float *a) { a[0] = missing(a[1]); }
            """,
            target);

    assertThat(failed.reason()).contains("called but not defined: missing");
  }

  /** As when the library is of another machine: exp is declared, yet nobody has it. */
  @ParameterizedTest
  @EnumSource(Target.class)
  void missingLibraryIsFound(Target target) throws Exception {
    Path empty = folder.resolve("empty.ll");
    Files.writeString(empty, "target triple = \"" + triple(target) + "\"\n");
    String library = "nvptx64--nvidiacl.bc";
    if (target.vendor() == Vendor.AMD) {
      library = "amdgcn--amdhsa.bc";
    }
    Path clang = GpuTools.ofMachine().program("clang-15").orElse(empty);
    assumeThat(clang).isNotEqualTo(empty);
    ChildProcess process = new ChildProcess(folder, LIMIT);
    assertThat(
            process.run(
                List.of(
                    clang.toString(),
                    "-x",
                    "ir",
                    "-emit-llvm",
                    "-nogpulib",
                    "-c",
                    empty.toString(),
                    "-target",
                    triple(target),
                    "-o",
                    folder.resolve(library).toString())))
        .isInstanceOf(ChildProcess.Ending.Done.class);
    GpuCompiler compiler =
        new GpuCompiler(new GpuTools(GpuTools.ofMachine().programs(), List.of(folder)), LIMIT);

    TargetResult result =
        compiler.compile(
            "__kernel void planted(__global float *a) { a[0] = exp(a[1]); }\n",
            Map.of("planted", 64L),
            target);

    assertThat(result)
        .isInstanceOfSatisfying(
            TargetResult.Failed.class,
            failed -> assertThat(failed.reason()).contains("called but not defined", "exp"));
  }

  private static String triple(Target target) {
    return switch (target.vendor()) {
      case NVIDIA -> "nvptx64--nvidiacl";
      case AMD -> "amdgcn-amd-amdhsa";
    };
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void mistakeIsShownWithItsLine(Target target) {
    TargetResult.Failed failed =
        failed("__kernel void planted(__global float *a) {\n  a[0] = nothing;\n}\n", target);

    assertThat(failed.reason()).contains("clang-15 refuses the kernels (exit code 1)");
    assertThat(failed.log().getFirst())
        .contains("kernel.cl:2:", "error", "nothing")
        .doesNotContain(folder.getRoot() + "tmp");
    assertThat(failed.log()).contains("  2 | a[0] = nothing;");
  }

  @Test
  void kernelThatIsNotThereIsSaid() {
    assertThat(failed("__kernel void other(__global float *a) { a[0] = 1.0f; }\n", Target.SM_80))
        .extracting(TargetResult.Failed::reason)
        .isEqualTo("PTX has no kernel planted");
    assertThat(failed("__kernel void other(__global float *a) { a[0] = 1.0f; }\n", Target.GFX90A))
        .extracting(TargetResult.Failed::reason)
        .isEqualTo("the assembly has no kernel planted");
  }

  private static TargetResult.Failed failed(String source, Target target) {
    TargetResult result = GpuCompiler.ofMachine().compile(source, Map.of("planted", 64L), target);
    Gpus.requireTools(result);
    assertThat(result).isInstanceOf(TargetResult.Failed.class);
    return (TargetResult.Failed) result;
  }

  @Test
  void moreLocalMemoryThanThereIsFails() {
    TargetResult.Failed failed =
        failed(
            """
            __kernel __attribute__((reqd_work_group_size(64, 1, 1)))
            void planted(__global float *a) {
              __local float t[20000];
              int l = get_local_id(0);
              for (int k = l; k < 20000; k += 64) t[k] = a[k];
              barrier(CLK_LOCAL_MEM_FENCE);
              for (int k = l; k < 20000; k += 64) a[k] = t[19999 - k];
            }
            """,
            Target.GFX90A);

    assertThat(String.join("\n", failed.log())).contains("80000", "65536");
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void missingToolsAreNamed(Target target) {
    GpuCompiler nothing = new GpuCompiler(new GpuTools(List.of(), List.of()), LIMIT);
    assertThat(nothing.compile("", Map.of(), target))
        .isEqualTo(
            new TargetResult.ToolMissing(
                target,
                "clang-15",
                "on Debian 12: apt-get install clang-15 libclc-15 libclc-15-dev"));

    GpuCompiler withoutLibrary =
        new GpuCompiler(new GpuTools(GpuTools.ofMachine().programs(), List.of()), LIMIT);
    assumeThat(GpuTools.ofMachine().program("clang-15")).isPresent();
    assertThat(withoutLibrary.compile("", Map.of(), target))
        .isInstanceOfSatisfying(
            TargetResult.ToolMissing.class,
            missing -> assertThat(missing.tool()).startsWith("libclc's ").endsWith(".bc"));
  }

  @Test
  void withoutPtxasThePtxIsStillChecked() throws Exception {
    Path clang = GpuTools.ofMachine().program("clang-15").orElse(folder);
    assumeThat(clang).isNotEqualTo(folder);
    Files.createSymbolicLink(folder.resolve("clang-15"), clang);
    GpuCompiler compiler =
        new GpuCompiler(new GpuTools(List.of(folder), GpuTools.ofMachine().libraries()), LIMIT);

    TargetResult.Compiled compiled =
        Gpus.compiled(
            compiler.compile(
                "__kernel void planted(__global float *a) { a[0] = a[1]; }\n",
                Map.of("planted", 1L),
                Target.SM_90));

    assertThat(compiled.kernels().getFirst().resources()).isEmpty();
    assertThat(compiled.kernels().getFirst().instructions().globalLoads()).isEqualTo(1);
    assertThat(compiled.missing().map(TargetResult.ToolMissing::tool)).contains("ptxas");
  }

  @Test
  void toolThatHangsIsEnded() throws Exception {
    Path pid = folder.resolve("pid");
    tool("clang-15", "echo waits; echo $$ >" + pid + "; exec tail -f /dev/null");
    Files.createFile(folder.resolve("amdgcn--amdhsa.bc"));
    GpuCompiler compiler =
        new GpuCompiler(new GpuTools(List.of(folder), List.of(folder)), Duration.ofSeconds(1));

    TargetResult result = compiler.compile("", Map.of("planted", 1L), Target.GFX90A);

    assertThat(result)
        .isEqualTo(
            new TargetResult.Failed(
                Target.GFX90A,
                "clang-15 did not end (got more than 1 s, expected less)",
                List.of("waits")));
    ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
        .ifPresent(handle -> assertThat(handle.onExit()).succeedsWithin(LIMIT));
  }

  @Test
  void figuresThatCannotBeReadAreNotGuessed() throws Exception {
    Path clang = GpuTools.ofMachine().program("clang-15").orElse(folder);
    assumeThat(clang).isNotEqualTo(folder);
    Files.createSymbolicLink(folder.resolve("clang-15"), clang);
    tool("ptxas", "echo 'ptxas info: all is well'");
    GpuCompiler compiler =
        new GpuCompiler(new GpuTools(List.of(folder), GpuTools.ofMachine().libraries()), LIMIT);

    assertThat(
            compiler.compile(
                "__kernel void planted(__global float *a) { a[0] = a[1]; }\n",
                Map.of("planted", 1L),
                Target.SM_80))
        .isEqualTo(
            new TargetResult.Failed(
                Target.SM_80,
                "ptxas -v says nothing of kernel planted that can be read",
                List.of("ptxas info: all is well")));
  }

  private void tool(String name, String script) throws Exception {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    Path place = folder.resolve("place");
    tool("clang-15", "touch left; pwd >" + place + "; exit 7");
    Files.createFile(folder.resolve("amdgcn--amdhsa.bc"));
    GpuCompiler compiler = new GpuCompiler(new GpuTools(List.of(folder), List.of(folder)), LIMIT);

    TargetResult result = compiler.compile("", Map.of("planted", 1L), Target.GFX90A);

    assertThat(result)
        .isEqualTo(
            new TargetResult.Failed(
                Target.GFX90A, "clang-15 refuses the kernels (exit code 7)", List.of()));
    Path used = Path.of(Files.readString(place).strip());
    assertThat(used.getFileName().toString()).startsWith("weir-gpu-");
    assertThat(used).doesNotExist();
  }

  @Test
  void largeLocalMemoryLimitsOccupancy() {
    CompiledKernel kernel =
        compile(
            """
            __kernel __attribute__((reqd_work_group_size(64, 1, 1)))
            void planted(__global float *a) {
              __local float t[4096];
              int l = get_local_id(0);
              for (int k = l; k < 4096; k += 64) t[k] = a[k];
              barrier(CLK_LOCAL_MEM_FENCE);
              for (int k = l; k < 4096; k += 64) a[k] = t[4095 - k];
            }
            """,
            64,
            Target.GFX90A);

    assertThat(resources(kernel).occupancy())
        .isEqualTo(new Occupancy(4, 4, 32, Set.of(Limit.LOCAL_MEMORY)));
  }
}
