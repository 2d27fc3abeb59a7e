package dev.weir.opencl.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.ScheduleReader;
import dev.weir.opencl.example.Gpus;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.gpu.CompiledKernel;
import dev.weir.opencl.gpu.GpuCompiler;
import dev.weir.opencl.gpu.Resources;
import dev.weir.opencl.gpu.Target;
import dev.weir.opencl.gpu.TargetResult;
import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Kernels for GPUs compile for GPUs, whether or not one is at hand. */
class GpuCompilersTest {

  private static final Path CONFIGS = Path.of("..", "configs");

  private static final Map<String, Long> SIZES =
      Map.of("B", 1L, "H", 12L, "P", 4096L, "M", 4096L, "E", 64L, "F", 64L);

  /** Every shipped schedule for GPUs with every shipped cascade that it is legal for. */
  static Stream<Arguments> problems() {
    List<Arguments> problems = new ArrayList<>();
    for (Path file : files("schedules", "opencl_\\w*gpu\\w*\\.schedule")) {
      Schedule schedule = ScheduleReader.readFile(file).schedule();
      for (Path cascadeFile : files("cascades", ".*\\.edge")) {
        Cascade cascade = CascadeReader.readFile(cascadeFile);
        if (computed(schedule.root()).equals(outputs(cascade))) {
          Problem problem = problem(cascade, schedule);
          if (Legality.judge(problem).isLegal()) {
            problems.add(Arguments.of(schedule.name(), cascade.name(), problem));
          }
        }
      }
    }
    return problems.stream();
  }

  private static Set<TensorName> computed(Node node) {
    Set<TensorName> computed = new HashSet<>();
    if (node instanceof Node.Compute compute) {
      computed.add(compute.einsum());
    }
    node.children().forEach(child -> computed.addAll(computed(child)));
    return computed;
  }

  private static Set<TensorName> outputs(Cascade cascade) {
    return cascade.einsums().stream()
        .map(einsum -> einsum.output().tensor())
        .collect(Collectors.toSet());
  }

  private static List<Path> files(String folder, String name) {
    try (Stream<Path> walk = Files.walk(CONFIGS.resolve(folder))) {
      return walk.filter(file -> file.getFileName().toString().matches(name)).sorted().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Problem problem(Cascade cascade, Schedule schedule) {
    Map<RankName, Long> shapes = new HashMap<>();
    for (RankName rank : cascade.workloadRanks()) {
      shapes.put(
          rank, cascade.defaultShapes().getOrDefault(rank, SIZES.getOrDefault(rank.text(), 64L)));
    }
    return Problem.of(
        cascade,
        schedule,
        ArchitectureReader.readFile(CONFIGS.resolve("devices/generic-gpu.yaml")),
        shapes);
  }

  @Test
  void theCascadesOfAttentionAreAmongThem() {
    assertThat(problems().map(one -> one.get()[0] + " for " + one.get()[1]))
        .contains(
            "opencl_1pass_gpu for attention_1pass",
            "opencl_1pass_gpu for attention_1pass_causal",
            "opencl_1pass_gpu for attention_1pass_masked");
  }

  @ParameterizedTest(name = "{0} for {1}")
  @MethodSource("problems")
  void compileWithoutSpillsForEveryTarget(String schedule, String cascade, Problem problem) {
    KernelProgram program = Problems.program(problem);
    GpuCompiler compiler = GpuCompiler.ofMachine();
    for (Target target : Target.values()) {
      TargetResult.Compiled compiled = Gpus.compiled(compiler.compile(program, target));

      assertThat(compiled.kernels())
          .extracting(CompiledKernel::name)
          .containsExactlyElementsOf(program.kernels().stream().map(Kernel::name).toList());
      assertThat(compiled.spills()).as(target.toString()).isFalse();
      for (int i = 0; i < compiled.kernels().size(); i++) {
        CompiledKernel kernel = compiled.kernels().get(i);
        assertThat(kernel.instructions().multiplyAdds()).as(kernel.name()).isPositive();
        long localBytes = program.kernels().get(i).localBytes();
        kernel.resources().ifPresent(found -> agree(found, localBytes));
        System.out.printf("%s for %s, %s: %s%n", schedule, cascade, target, kernel);
      }
    }
  }

  /** What the kernel's text declares is what its compiler takes. */
  private static void agree(Resources resources, long localBytes) {
    assertThat(resources.localBytes()).isEqualTo(localBytes);
    assertThat(resources.occupancy().waves()).isPositive();
  }
}
