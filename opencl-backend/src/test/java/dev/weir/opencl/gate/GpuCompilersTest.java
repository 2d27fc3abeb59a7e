package dev.weir.opencl.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.opencl.example.Gpus;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.gate.GpuBindings.Bound;
import dev.weir.opencl.gpu.CompiledKernel;
import dev.weir.opencl.gpu.GpuCompiler;
import dev.weir.opencl.gpu.Resources;
import dev.weir.opencl.gpu.Target;
import dev.weir.opencl.gpu.TargetResult;
import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelProgram;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kernels for GPUs compile for GPUs, whether or not one is at hand. */
class GpuCompilersTest {

  /**
   * An array that data index, {@code Cs[J[w]]}, and one in a nest too long to unroll: neither is in
   * registers. NVIDIA's compiler takes the stack, AMD's local memory.
   */
  private static final Set<String> OUTSIDE_REGISTERS = Set.of("plain_hip_attention_1");

  static List<Bound> bindings() {
    return GpuBindings.all();
  }

  static Stream<Bound> shipped() {
    return bindings().stream().filter(Bound::isShipped);
  }

  @Test
  void everyCascadeIsAmongThemAndAttentionHasSchedulesOfItsOwn() {
    assertThat(bindings().stream().map(bound -> bound.problem().cascade().name()).distinct())
        .hasSize(GpuBindings.cascades());
    assertThat(shipped().map(Bound::toString))
        .contains(
            "opencl_1pass_gpu for attention_1pass",
            "opencl_1pass_gpu for attention_1pass_causal",
            "opencl_1pass_gpu for attention_1pass_masked",
            "opencl_1pass_causal_gpu for attention_1pass_triangular",
            "opencl_3pass_gpu for attention_3pass",
            "opencl_3pass_gpu for attention_3pass_masked",
            "opencl_decode_gpu for attention_decode_ragged",
            "opencl_gemm_gpu for gemm",
            "opencl_titans_chunks_gpu for titans_chunks");
  }

  /** One target of each maker; its two compilers run at the same time. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("bindings")
  void compilesForBothMakersWithoutSpills(Bound bound) {
    KernelProgram program = Problems.program(bound.problem());
    List<TargetResult.Compiled> compiled =
        Stream.of(Target.SM_80, Target.GFX90A)
            .parallel()
            .map(target -> Gpus.compiled(GpuCompiler.ofMachine().compile(program, target)))
            .toList();

    compiled.forEach(one -> requireFit(bound, program, one));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shipped")
  void shippedSchedulesCompileForTheOtherTargetsToo(Bound bound) {
    KernelProgram program = Problems.program(bound.problem());
    for (Target target : List.of(Target.SM_90, Target.GFX1030, Target.GFX906)) {
      requireFit(bound, program, Gpus.compiled(GpuCompiler.ofMachine().compile(program, target)));
    }
  }

  private static void requireFit(
      Bound bound, KernelProgram program, TargetResult.Compiled compiled) {
    assertThat(compiled.kernels())
        .extracting(CompiledKernel::name)
        .containsExactlyElementsOf(program.kernels().stream().map(Kernel::name).toList());
    assertThat(compiled.spills()).as("%s on %s", bound, compiled.target()).isFalse();
    for (int i = 0; i < compiled.kernels().size(); i++) {
      CompiledKernel kernel = compiled.kernels().get(i);
      long localBytes = program.kernels().get(i).localBytes();
      kernel
          .resources()
          .ifPresent(found -> requireFit(bound, kernel, compiled.target(), localBytes, found));
    }
    print(bound, compiled);
  }

  private static void requireFit(
      Bound bound, CompiledKernel kernel, Target target, long localBytes, Resources resources) {
    String name = "%s of %s on %s".formatted(kernel.name(), bound, target);
    if (!OUTSIDE_REGISTERS.contains(kernel.name())) {
      // What the kernel's text declares is what its compiler takes.
      assertThat(resources.localBytes()).as(name).isEqualTo(localBytes);
      assertThat(resources.stackBytes()).as("stack of " + name).isZero();
    }
    if (bound.isShipped()) {
      assertThat(resources.occupancy().fraction())
          .as("occupancy of " + name)
          .isGreaterThanOrEqualTo(leastOccupancy(target));
    }
  }

  /** Two work-groups of 256 that share the local memory of a compute unit of AMD's, at least. */
  private static double leastOccupancy(Target target) {
    return switch (target) {
      case SM_80, SM_90, GFX90A, GFX1030 -> 0.25;
      case GFX906 -> 0.2;
    };
  }

  /** The most and the least of its kernels. */
  private static void print(Bound bound, TargetResult.Compiled compiled) {
    List<Resources> resources =
        compiled.kernels().stream().flatMap(kernel -> kernel.resources().stream()).toList();
    if (!resources.isEmpty()) {
      System.out.printf(
          "%s, %s: kernels %d, registers %s, local memory %s B, occupancy %s %%%n",
          bound,
          compiled.target(),
          resources.size(),
          range(resources.stream().map(found -> (double) found.vectorRegisters()).toList()),
          range(resources.stream().map(found -> (double) found.localBytes()).toList()),
          range(resources.stream().map(found -> 100 * found.occupancy().fraction()).toList()));
    }
  }

  private static String range(List<Double> values) {
    List<String> ends =
        Stream.of(values.stream().min(Double::compare), values.stream().max(Double::compare))
            .map(end -> "%.0f".formatted(end.orElseThrow()))
            .distinct()
            .collect(Collectors.toList());
    return String.join(" to ", ends);
  }
}
