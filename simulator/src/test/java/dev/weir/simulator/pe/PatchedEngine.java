package dev.weir.simulator.pe;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.model.mutants.MutantCompiler;
import dev.weir.mapper.model.mutants.PatchedLoader;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.stats.SimulationResult;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;

/** The engine loaded a second time, with one class compiled from another source. */
final class PatchedEngine {

  /** What it says of a problem. */
  record Answer(SimulationResult result, Map<TensorName, DenseTensor> outputs) {}

  private static final String PACKAGE = PatchedEngine.class.getPackageName() + ".";

  private final Method simulate;

  private PatchedEngine(Map<String, byte[]> replaced) {
    PatchedLoader loader = new PatchedLoader(name -> name.startsWith(PACKAGE), replaced);
    try {
      simulate =
          loader.loadClass(PACKAGE + "PeSimulator").getMethod("simulate", Problem.class, Map.class);
    } catch (ReflectiveOperationException failure) {
      throw new IllegalStateException(failure);
    }
  }

  static PatchedEngine unchanged() {
    return new PatchedEngine(Map.of());
  }

  /**
   * With another source for a class.
   *
   * @param type its simple name
   */
  static PatchedEngine of(MutantCompiler compiler, String type, String source) {
    return new PatchedEngine(compiler.compile(PACKAGE + type, source));
  }

  /** What it finds; nothing when it fails. */
  Optional<Answer> simulate(Problem problem, Map<TensorName, DenseTensor> inputs) {
    try {
      Object run = simulate.invoke(null, problem, inputs);
      @SuppressWarnings("unchecked")
      Map<TensorName, DenseTensor> outputs =
          (Map<TensorName, DenseTensor>) run.getClass().getMethod("outputs").invoke(run);
      SimulationResult result = (SimulationResult) run.getClass().getMethod("result").invoke(run);
      return Optional.of(new Answer(result, outputs));
    } catch (InvocationTargetException failure) {
      return Optional.empty();
    } catch (ReflectiveOperationException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
