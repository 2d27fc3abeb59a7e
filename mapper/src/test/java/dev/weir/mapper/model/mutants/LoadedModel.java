package dev.weir.mapper.model.mutants;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The cost model of a class loader, by its public methods. */
final class LoadedModel {

  private final Method evaluate;
  private final Method compile;
  private final Method arguments;
  private final Method argument;
  private final Method evaluation;
  private final Method run;
  private final Method cost;

  LoadedModel(ModelLoader loader) {
    try {
      Class<?> plan = loader.loadClass(ModelLoader.name("Plan"));
      Class<?> workspace = loader.loadClass(ModelLoader.name("Evaluation"));
      evaluate =
          loader.loadClass(ModelLoader.name("CostModel")).getMethod("evaluate", Problem.class);
      compile = plan.getMethod("compile", Cascade.class, Schedule.class, Architecture.class);
      arguments = plan.getMethod("arguments", Problem.class);
      argument = plan.getMethod("argument", RankName.class);
      evaluation = plan.getMethod("evaluation");
      run = workspace.getMethod("run", long[].class);
      cost = workspace.getMethod("cost");
    } catch (ReflectiveOperationException failure) {
      throw new IllegalStateException("the cost model has changed its entry points", failure);
    }
  }

  /** One problem alone. */
  Answer alone(Problem problem) {
    return answer(call(evaluate, null, problem));
  }

  /**
   * In a workspace that has evaluated a smaller tiling before, without what follows from others.
   */
  Answer afterAnother(Problem problem) {
    Object plan =
        call(compile, null, problem.cascade(), problem.schedule(), problem.architecture());
    Object workspace = call(evaluation, plan);
    long[] values = (long[]) call(arguments, plan, problem);
    long[] others = values.clone();
    for (int i = 0; i < others.length; i++) {
      others[i] = Math.ceilDiv(others[i], 2);
    }
    call(run, workspace, others);
    for (RankName derived : derived(problem)) {
      values[(int) call(argument, plan, derived)] = 0;
    }
    call(run, workspace, values);
    return answer(call(cost, workspace));
  }

  /** Ranks whose shapes do not matter: they follow from others. */
  private static Set<RankName> derived(Problem problem) {
    Set<RankName> ranks = new HashSet<>(problem.schedule().shapes().keySet());
    problem.cascade().partitions().stream().map(Partition::outer).forEach(ranks::add);
    return ranks;
  }

  @SuppressWarnings("unchecked") // the types of record components
  private static Answer answer(Object cost) {
    Map<?, Double> used = (Map<?, Double>) part(part(cost, "energy"), "picojoules");
    Map<String, Double> picojoules = new TreeMap<>();
    used.forEach(
        (use, energy) ->
            picojoules.put(part(use, "component") + " " + part(use, "action"), energy));
    return new Answer(
        (Counts) part(cost, "counts"),
        part(cost, "accuracy").getClass().getSimpleName(),
        (long) part(cost, "latencyCycles"),
        picojoules,
        (Map<UnitName, Double>) part(cost, "utilisation"));
  }

  private static Object part(Object value, String component) {
    try {
      return call(value.getClass().getMethod(component), value);
    } catch (NoSuchMethodException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** What the method throws comes out as it is. */
  private static Object call(Method method, Object target, Object... values) {
    try {
      return method.invoke(target, values);
    } catch (InvocationTargetException failure) {
      throw new Failure(failure.getCause());
    } catch (IllegalAccessException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** The model failed to answer. */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    Failure(Throwable cause) {
      super(cause);
    }
  }
}
