package dev.weir.mapper.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A legal schedule that ran on whole numbers, on FuseMax's machine with arrays of 4: all values are
 * those that the cascade means, and its words can be asked for by level.
 */
record CountedRun(Counts counts) {

  static CountedRun of(Cascade cascade, String shapes, String tree) {
    return of(problem(cascade, shapes, tree));
  }

  static Problem problem(Cascade cascade, String shapes, String tree) {
    return Problem.of(
        cascade,
        Examples.schedule("schedule s for c\n" + tree).schedule(),
        ExampleArchitectures.fuseMax(4, 4096),
        Examples.shapes(shapes));
  }

  static CountedRun of(Problem problem) {
    assertThat(Legality.judge(problem)).isEqualTo(new Judgement.Legal());
    Map<TensorName, DenseTensor> inputs =
        Examples.wholeInputs(problem.cascade(), problem.shapes(), 3);
    Map<TensorName, DenseTensor> expected =
        ReferenceEvaluator.evaluate(problem.cascade(), problem.shapes(), inputs);
    Interpretation actual = ScheduleInterpreter.run(problem, inputs);
    for (Tensor tensor : problem.cascade().tensors()) {
      assertThat(values(actual.tensors().get(tensor.name())))
          .as(tensor.name().text())
          .containsExactly(values(expected.get(tensor.name())));
    }
    return new CountedRun(actual.counts());
  }

  /** Whether a zero is −0 depends on the order of a sum. */
  private static double[] values(DenseTensor tensor) {
    return Arrays.stream(tensor.values()).map(value -> value + 0.0).toArray();
  }

  /** Words of a level by tensor and movement: {@code Z PARTIAL_READ}. */
  Map<String, Long> words(String level) {
    return counts.trafficWords().entrySet().stream()
        .filter(entry -> entry.getKey().level().text().equals(level))
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().tensor() + " " + entry.getKey().movement(),
                Map.Entry::getValue,
                Long::sum,
                TreeMap::new));
  }

  /** The most words that one instance of a level holds. */
  long peakWords(String level) {
    return counts.peakOccupancyWords().getOrDefault(new LevelName(level), 0L);
  }

  /** Operations of an Einsum of all kinds. */
  long operations(String einsum) {
    return counts.operations().entrySet().stream()
        .filter(entry -> entry.getKey().einsum().text().equals(einsum))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
