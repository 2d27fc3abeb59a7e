package dev.weir.simulator.mutants;

import dev.weir.mapper.model.mutants.PatchedLoader;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.stats.SimulationResult;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;

/** The simulator of a class loader of its own, by its methods. Results are the test's classes. */
final class LoadedSimulator {

  static final String PACKAGE = "dev.weir.simulator.";
  private static final String RESULTS = PACKAGE + "stats.";

  private final Method run;
  private final Object skipping;
  private final Object executing;

  /**
   * Loads it.
   *
   * @param replaced class files by binary name
   */
  LoadedSimulator(Map<String, byte[]> replaced) {
    PatchedLoader loader =
        new PatchedLoader(name -> name.startsWith(PACKAGE) && !name.startsWith(RESULTS), replaced);
    try {
      Class<?> options = loader.loadClass(PACKAGE + "engine.SimulationOptions");
      Class<?> simulator = loader.loadClass(PACKAGE + "engine.Simulator");
      run = simulator.getDeclaredMethod("run", Problem.class, options);
      run.setAccessible(true);
      skipping = options.getField("QUIET").get(null);
      executing = options.getMethod("withoutSkipping").invoke(skipping);
    } catch (ReflectiveOperationException failure) {
      throw new IllegalStateException("the simulator has changed its entry points", failure);
    }
  }

  /** What it says of a problem, and how many cycles it did not execute. */
  record Answer(SimulationResult result, long skippedCycles) {}

  Answer skipping(Problem problem) {
    return answer(problem, skipping);
  }

  Answer executingAll(Problem problem) {
    return answer(problem, executing);
  }

  private Answer answer(Problem problem, Object options) {
    try {
      Object outcome = run.invoke(null, problem, options);
      return new Answer(
          (SimulationResult) part(outcome, "result"),
          (long) part(part(outcome, "skipped"), "cycles"));
    } catch (InvocationTargetException failure) {
      throw new Failure(failure.getCause());
    } catch (ReflectiveOperationException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static Object part(Object value, String component) throws ReflectiveOperationException {
    Method method = value.getClass().getDeclaredMethod(component);
    method.setAccessible(true);
    return method.invoke(value);
  }

  /** The simulator failed to answer. */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    Failure(Throwable cause) {
      super(cause);
    }
  }
}
