package dev.weir.simulator.pe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.model.mutants.MutantCompiler;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.engine.SimulationOptions;
import dev.weir.simulator.engine.Simulator;
import dev.weir.simulator.stats.SimulationResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whether the comparison of the engines, and that of values, notice when this engine is wrong: its
 * classes are compiled anew with one fault each, and some problem must show it.
 */
class PlantedFaultsTest {

  private static final Path SOURCES = Path.of("src/main/java/dev/weir/simulator/pe");

  /** Enough problems for every fault to show; most show in the first few. */
  private static final int SEEDS = 120;

  /**
   * A problem and what is right about it.
   *
   * @param name seed and machine
   */
  private record Case(
      String name,
      Problem problem,
      Map<TensorName, DenseTensor> inputs,
      SimulationResult expected,
      Map<TensorName, DenseTensor> values) {}

  private static final List<MachineVariants> VARIANTS = List.of(MachineVariants.values());
  private static final List<Case> CASES = new ArrayList<>();
  private static final MutantCompiler COMPILER = new MutantCompiler();

  @BeforeAll
  static void findCases() {
    for (long seed : LongStream.range(0, SEEDS).toArray()) {
      Problem given = RandomProblems.legal(seed);
      if (PeSimulator.refusal(given).isEmpty()) {
        MachineVariants variant = VARIANTS.get((int) (seed % VARIANTS.size()));
        Problem problem = variant.of(given);
        if (PeSimulator.refusal(problem).isPresent()) {
          continue;
        }
        Map<TensorName, DenseTensor> inputs = RandomProblems.inputs(problem, seed);
        CASES.add(
            new Case(
                "seed " + seed + " " + variant,
                problem,
                inputs,
                Simulator.simulate(problem, SimulationOptions.QUIET),
                ReferenceEvaluator.evaluate(problem.cascade(), problem.shapes(), inputs)));
      }
    }
  }

  private static Arguments fault(String type, String original, String replacement) {
    return Arguments.of(type, original, replacement);
  }

  static List<Arguments> faults() {
    return List.of(
        // Links.
        fault("Wiring", "? 0 : grid.hop(direction)", "? 0 : grid.hop(direction) / 2"),
        fault(
            "ProcessingElements",
            "sentBefore[wiring.operandHop[operand][element]] + from",
            "sentBefore[Math.max(0, wiring.operandHop[operand][element] - 1)] + from"),
        fault(
            "ProcessingElements",
            "sentBefore[wiring.sumHop[i][element]] + from",
            "sentBefore[wiring.sumHop[i][element] / 2] + from"),
        fault("Grid", "return element - strides[direction];", "return element - 1;"),
        fault(
            "Grid",
            "for (int d = widths.length - 1; d >= 0; d--) {\n      if (along",
            "for (int d = 0; d >= 0 && d < widths.length; d -= 9) {\n      if (along"),
        fault("Wiring", "isEnd &= grid.isAtEnd(element, direction);", ""),
        // Time.
        fault("ProcessingElements", "+ drainCycles - Math.ceilDiv", "- Math.ceilDiv"),
        fault("ProcessingElements", "Math.ceilDiv(lastFinish, unit)", "lastFinish / unit"),
        fault("ProcessingElements", "begun[addedTo()] + adding", "begun[addedTo()] + interval"),
        fault("ProcessingElements", "direction.isWhole() ? loop.lanes() : used", "used"),
        fault("StepSequence", "ranges[at + 1].narrow(loop.rank()", "ranges[at].narrow(loop.rank()"),
        fault("Mover", "requestedAt + answer.get().cycles() > clock.now()", "false"),
        fault("Mover", "requestedAt = clock.now();", "requestedAt = 0;"),
        fault("Mover", "clock.now() + move.settling().cycles()", "clock.now()"),
        fault("Demands", ".max().orElse(0)", ".min().orElse(0)"),
        fault(
            "Wait", "latency.get().<StallReason>map(now -> now)", "Optional.<StallReason>empty()"),
        // Banks.
        fault("Stack", "base += words;", ""),
        fault("Room", "largest.merge(keep, own, Math::max);", "largest.put(keep, own);"),
        // Values.
        fault("KeptTensor", "tile.copy(offset, source);", ""),
        fault("KeptTensor", "target.put(offset, tile.numbers[offset]);", ""),
        fault("ProcessingElements", "arithmetic.combine(reduction, sums[arrived], sum)", "sum"),
        fault("Tile", "states[offset] = (byte) (from.states[offset] & VALUED);", ""),
        fault("PointValue", "point.isPresent = !arithmetic.areEqual(number, empty);", ""),
        // Counts.
        fault(
            "KeptTensor", "? Tile.THERE | Tile.TOUCHED : Tile.THERE", "? Tile.THERE : Tile.THERE"),
        fault("IssuedSteps", "countsAround[access] && isFirstWave(use(access))", "true"),
        fault("IssuedSteps", "if (isThere) {", "if (isPresent) {"),
        fault("Room", "adds ? Math::addExact : Math::max", "Math::max"),
        // Order.
        fault("DoubleKeep", "arrived > requested || ", ""),
        fault("DoubleKeep", "|| drains || storesBegun + 1 < requested", "|| true"),
        fault("Epochs", "walker.moved < link.depth()", "true"),
        fault("SingleKeep", "return waiting(StallReason.Cause.STORE);", "return Optional.empty();"),
        fault("UnitAccount", "pipelines > 0", "pipelines < 0"));
  }

  @AfterAll
  static void close() {
    COMPILER.close();
  }

  @Test
  void withoutAFaultNothingShows() {
    assertThat(firstWrong(PatchedEngine.unchanged())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void everyFaultShows(String type, String original, String replacement) throws IOException {
    String source = Files.readString(SOURCES.resolve(type + ".java"));
    assertThat(source.split(Pattern.quote(original), -1)).hasSize(2);

    assertThat(firstWrong(PatchedEngine.of(COMPILER, type, source.replace(original, replacement))))
        .isPresent();
  }

  private static Optional<String> firstWrong(PatchedEngine engine) {
    return CASES.stream().filter(one -> isWrong(engine, one)).map(Case::name).findFirst();
  }

  private static boolean isWrong(PatchedEngine engine, Case one) {
    Optional<PatchedEngine.Answer> answer = engine.simulate(one.problem(), one.inputs());
    return answer.isEmpty()
        || !answer.get().result().equals(one.expected())
        || !answer.get().outputs().entrySet().stream()
            .allMatch(
                output ->
                    Arrays.equals(
                        signless(output.getValue()), signless(one.values().get(output.getKey()))));
  }

  private static double[] signless(DenseTensor tensor) {
    return Arrays.stream(tensor.values()).map(value -> value + 0.0).toArray();
  }
}
