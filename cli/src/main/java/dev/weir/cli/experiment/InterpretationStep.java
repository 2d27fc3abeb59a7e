package dev.weir.cli.experiment;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.interpret.Interpretation;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.model.Accuracy;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.schedule.Problem;
import dev.weir.reports.model.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs a schedule with values at small shapes: the values must be those of the cascade without any
 * schedule, the counts those of the cost model.
 */
final class InterpretationStep {

  /** Sums in another order, in double precision; values here are of the size of 1. */
  private static final double TOLERANCE = 0x1p-40;

  /** Of which the mean is compared with expected counts. */
  private static final int RUNS = 30;

  /** Between the seeds of two runs. */
  private static final long STRIDE = 1_000_003;

  private InterpretationStep() {}

  static void run(Problem problem, long seed, SectionBuilder section) {
    Map<TensorName, DenseTensor> inputs = RandomInputs.of(problem, seed);
    Interpretation interpretation = ScheduleInterpreter.run(problem, inputs);
    Map<TensorName, DenseTensor> reference =
        ReferenceEvaluator.evaluate(problem.cascade(), problem.shapes(), inputs);
    String where = " at " + Sources.shapes(problem);
    for (Tensor tensor : problem.cascade().tensors()) {
      if (tensor.role() == Tensor.Role.OUTPUT) {
        double largest =
            largestDifference(
                interpretation.tensors().get(tensor.name()), reference.get(tensor.name()));
        section.check(
            "interpreted values of " + tensor.name() + where,
            "reference evaluator, which knows no schedule",
            largest <= TOLERANCE ? Outcome.PASSED : Outcome.FAILED,
            "largest difference %.2e, allowed %.2e".formatted(largest, TOLERANCE));
      }
    }
    Cost cost = CostModel.evaluate(problem);
    if (cost.accuracy() instanceof Accuracy.Expected) {
      CountCheck.mean(where, cost, runs(problem, seed, interpretation.counts()), section);
    } else {
      CountCheck.run(where, cost, "the interpreter", interpretation.counts(), section);
    }
  }

  /** Counts with several tables. */
  private static List<Counts> runs(Problem problem, long seed, Counts first) {
    List<Counts> runs = new ArrayList<>(List.of(first));
    for (int more = 1; more < RUNS; more++) {
      runs.add(
          ScheduleInterpreter.run(problem, RandomInputs.of(problem, seed + more * STRIDE))
              .counts());
    }
    return runs;
  }

  private static double largestDifference(DenseTensor actual, DenseTensor expected) {
    double[] a = actual.values();
    double[] e = expected.values();
    if (a.length != e.length) {
      throw new IllegalStateException(a.length + " and " + e.length + " values");
    }
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = Double.compare(a[i], e[i]) == 0 ? 0 : Math.abs(a[i] - e[i]);
      largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
    }
    return largest;
  }
}
