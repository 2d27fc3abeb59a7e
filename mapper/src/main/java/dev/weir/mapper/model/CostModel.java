package dev.weir.mapper.model;

import dev.weir.mapper.schedule.Problem;

/**
 * What a legal schedule costs, in closed form: no iteration is visited, so time and memory depend
 * on the size of the tree and not on shapes. To evaluate many tilings of one schedule, compile a
 * {@link Plan} once.
 */
public final class CostModel {

  private CostModel() {}

  /**
   * Evaluates a schedule.
   *
   * @param problem a legal one
   * @throws ArithmeticException if a count or a time does not fit a {@code long}
   * @throws IllegalArgumentException if the tree has one of the forms that {@code
   *     docs/cost-model.md} excludes; the message names it
   */
  public static Cost evaluate(Problem problem) {
    Plan plan = Plan.compile(problem.cascade(), problem.schedule(), problem.architecture());
    Evaluation evaluation = plan.evaluation();
    evaluation.run(plan.arguments(problem));
    return evaluation.cost();
  }
}
