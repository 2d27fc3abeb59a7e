package dev.weir.mapper.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped schedules, on machines and shapes small enough to run, with tails everywhere. */
class ShippedInterpretationTest {

  /** Blocks of 8 queries and keys, register tiles of 2 by 2. */
  private static final String[] BLOCKS = {
    "by 4", "by 2", "by 16", "by 4", "64", "8", "128", "6", "= 17", "= 2", "= 16", "= 3"
  };

  /** Four keys a step, two in a row of work-items. */
  private static final String[] KEYS = {
    "by 64", "by 2", "by 8", "by 2", "= 17", "= 2", "= 32", "= 3"
  };

  static Stream<Problem> problems() {
    Architecture fuseMax = ExampleArchitectures.fuseMax(4, 4096);
    Architecture tpu =
        ArchitectureReader.readFile(Path.of("../configs/architectures/tpu_like.yaml"));
    Architecture openCl = ExampleArchitectures.openCl(4, 8, 4096, 4096);
    Architecture gpu =
        ExampleArchitectures.openCl(List.of("items.x", "items.y", "items.z"), 4, 8, 4096, 4096);
    return Stream.of(
        problem("fusemax/binding", fuseMax, "B=1 H=2 P=15 M=11 E=3 F=2", "P1 = 16", "P1 = 2"),
        problem("fusemax/binding", fuseMax, "B=2 H=1 P=8 M=3 E=1 F=1", "P1 = 16", "P1 = 2"),
        problem("fusemax/architecture", fuseMax, "B=1 H=2 P=15 M=11 E=3 F=2", "P1 = 16", "P1 = 2"),
        problem("fusemax/cascade", fuseMax, "B=1 H=1 P=29 M=11 E=3 F=2", "P1 = 16", "P1 = 4"),
        problem("fusemax/unfused", fuseMax, "B=1 H=2 P=15 M=11 E=3 F=2", "P1 = 16", "P1 = 2"),
        problem("fusemax/flat", fuseMax, "B=2 H=1 P=15 M=11 E=3 F=2"),
        problem("fusemax/flat_values", fuseMax, "B=1 H=2 P=10 M=11 E=3 F=2"),
        problem("fusemax/flat_queries", fuseMax, "B=1 H=2 P=10 M=11 E=3 F=2"),
        problem("fusemax/flat_spilled", fuseMax, "B=1 H=2 P=15 M=11 E=3 F=2"),
        problem("fusemax/flat_off_chip", fuseMax, "B=2 H=1 P=21 M=11 E=3 F=2", "P1 = 4", "P1 = 2"),
        problem("attention_3pass_unfused", fuseMax, "B=2 H=1 P=6 M=11 E=3 F=2"),
        problem(
            "attention_3pass_tpu", tpu, "B=1 H=2 P=11 M=7 E=3 F=5", "128", "2", "S = 4", "S = 3"),
        problem("opencl_1pass_cpu", openCl, "B=1 H=2 P=11 M=13 E=3 F=5", "16*", "4*", "64", "5"),
        problem("opencl_1pass_gpu", gpu, "B=1 H=2 P=11 M=13 E=3 F=5", BLOCKS),
        problem("opencl_1pass_causal_gpu", gpu, "B=1 H=2 P=11 M=13 E=3 F=5", BLOCKS),
        problem("opencl_3pass_gpu", gpu, "B=2 H=1 P=11 M=13 E=3 F=5", BLOCKS),
        problem("opencl_decode_gpu", gpu, "B=2 H=2 M=11 E=3 F=5", KEYS),
        problem("opencl_gemm_gpu", gpu, "M=19 N=9 K=11", "16*", "2*", "= 8", "= 2", "= 17", "= 3"),
        problem("opencl_3pass_cpu", openCl, "B=1 H=2 P=11 M=13 E=3 F=5", "16*", "4*"));
  }

  private static Problem problem(
      String name, Architecture architecture, String shapes, String... replacements) {
    List<String> all = Stream.concat(Stream.of(replacements), Stream.of("256", "4")).toList();
    Schedule schedule = Examples.shipped(name, all.toArray(String[]::new)).schedule();
    return Problem.of(
        Examples.cascade(schedule.cascade()), schedule, architecture, Examples.shapes(shapes));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void isLegal(Problem problem) {
    assertThat(Legality.judge(problem)).isEqualTo(new Judgement.Legal());
  }

  @ParameterizedTest
  @MethodSource("problems")
  void computesWhatTheCascadeSays(Problem problem) {
    Map<TensorName, DenseTensor> inputs =
        Examples.realInputs(problem.cascade(), problem.shapes(), 17);
    Map<TensorName, DenseTensor> expected =
        ReferenceEvaluator.evaluate(problem.cascade(), problem.shapes(), inputs);

    Map<TensorName, DenseTensor> actual = ScheduleInterpreter.run(problem, inputs).tensors();

    for (Tensor tensor : problem.cascade().tensors()) {
      assertThat(actual.get(tensor.name()).values())
          .as(tensor.name().text())
          .containsExactly(expected.get(tensor.name()).values(), within(1e-12));
    }
  }
}
