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
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** The cost model of a class loader, by its public methods. */
final class LoadedModel {

  /** In which programs run besides the problem's own; they need not be legal. */
  private static final int SIZES = 8;

  private final Method evaluate;
  private final Method compile;
  private final Method arguments;
  private final Method argument;
  private final Method evaluation;
  private final Method compiledEvaluation;
  private final Method program;
  private final Method isByProgram;
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
      compiledEvaluation = plan.getMethod("compiledEvaluation");
      program = plan.getDeclaredMethod("program");
      program.setAccessible(true);
      isByProgram = workspace.getDeclaredMethod("isByProgram");
      isByProgram.setAccessible(true);
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
    Object plan = plan(problem);
    Object workspace = call(evaluation, plan);
    long[] values = (long[]) call(arguments, plan, problem);
    call(run, workspace, halved(values));
    for (RankName derived : derived(problem)) {
      values[(int) call(argument, plan, derived)] = 0;
    }
    call(run, workspace, values);
    return answer(call(cost, workspace));
  }

  private Object plan(Problem problem) {
    return call(compile, null, problem.cascade(), problem.schedule(), problem.architecture());
  }

  private static long[] halved(long[] values) {
    return Arrays.stream(values).map(value -> Math.ceilDiv(value, 2)).toArray();
  }

  /**
   * By a program of the plan, which runs in some other sizes before; nothing where the plan has
   * none.
   *
   * @throws Failure with an {@link IllegalStateException} if in any size it does not run to its
   *     end, or a walk says something else
   */
  Optional<Answer> byProgram(Problem problem) {
    Object plan = plan(problem);
    if (((Optional<?>) call(program, plan)).isEmpty()) {
      return Optional.empty();
    }
    Object workspace = call(compiledEvaluation, plan);
    long[] values = (long[]) call(arguments, plan, problem);
    runProgram(workspace, halved(values));
    Random random = new Random(1);
    for (int i = 0; i < SIZES; i++) {
      runProgram(
          workspace,
          Arrays.stream(values)
              .map(value -> random.nextInt(3) == 0 ? value : 1 + random.nextLong(2 * value + 1))
              .toArray());
    }
    return Optional.of(answer(runProgram(workspace, values)));
  }

  /** The cost of a tiling; to ask for it compares program and walk. */
  private Object runProgram(Object workspace, long[] values) {
    call(run, workspace, values);
    if (!(boolean) call(isByProgram, workspace)) {
      throw new Failure(new IllegalStateException("a program does not come to its end"));
    }
    return call(cost, workspace);
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
