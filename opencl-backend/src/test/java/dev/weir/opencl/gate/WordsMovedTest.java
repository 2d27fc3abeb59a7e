package dev.weir.opencl.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.model.Accuracy;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.schedule.CascadeFacts;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Residence;
import dev.weir.mapper.schedule.Site;
import dev.weir.opencl.execute.Execution;
import dev.weir.opencl.execute.ExecutionOptions;
import dev.weir.opencl.execute.ExpectedAccesses;
import dev.weir.opencl.execute.ExpectedAccesses.Line;
import dev.weir.opencl.execute.KernelExecutor;
import dev.weir.opencl.execute.TensorWords;
import dev.weir.opencl.execute.TensorWords.Place;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.KernelProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Words that kernels move as they run, beside what the cost model and the interpreter count. */
class WordsMovedTest {

  private static final long FIRST_SEED = 1;
  private static final int RANDOM_PROBLEMS = 240;

  private static final List<String> DIVISIBLE =
      List.of(
          "B=1 H=2 P=64 M=128 N=64 K=16 E=8 F=8",
          "B=2 H=1 P=64 M=64 N=128 K=8 E=16 F=32",
          "B=1 H=1 P=128 M=64 N=256 K=34 E=8 F=16");
  private static final List<String> TAILS =
      List.of(
          "B=1 H=2 P=70 M=70 N=70 K=35 E=8 F=8",
          "B=1 H=1 P=19 M=35 N=19 K=9 E=8 F=8",
          "B=2 H=1 P=45 M=75 N=130 K=18 E=9 F=13",
          "B=1 H=1 P=1 M=1 N=1 K=1 E=1 F=1");

  /** What was moved and what was expected. */
  private record Moved(Problem problem, TensorWords words, ExpectedAccesses expected) {

    Set<Place> places() {
      Set<Place> all = new TreeSet<>(expected.places());
      all.addAll(words.ofTensors().keySet());
      all.removeIf(place -> expected.deciding().contains(place.tensor()));
      return all;
    }

    long got(Place place) {
      return words.ofTensors().getOrDefault(place, 0L);
    }

    /** Whether some sum equalled that of nothing. */
    boolean looksAgain() {
      return words.ofOthers().keySet().stream().anyMatch(name -> name.startsWith("present"));
    }

    String text(Place place) {
      StringBuilder text = new StringBuilder(place.toString());
      for (Line line : Line.values()) {
        text.append(", %s %d words".formatted(line.text(), expected.words(line, place)));
      }
      return text.toString();
    }
  }

  private static Optional<Moved> moved(String name) {
    Problem problem = CountRun.problem(name);
    Optional<KernelProgram> program = CountRun.program(problem);
    if (program.isEmpty()) {
      return Optional.empty();
    }
    Counts counts =
        ScheduleInterpreter.run(problem, CountRun.tensors(problem, InputData.Kind.RANDOM)).counts();
    Cost cost = CostModel.evaluate(problem);
    if (cost.accuracy() instanceof Accuracy.Exact) {
      assertThat(cost.counts()).as(name).isEqualTo(counts);
    }
    Execution run =
        KernelExecutor.run(
            program.get(),
            CountRun.inputs(problem, InputData.Kind.RANDOM),
            ExecutionOptions.plain());
    assertThat(run).as(name).isInstanceOf(Execution.Completed.class);
    TensorWords words = TensorWords.of(program.get(), ((Execution.Completed) run).counts());
    return Optional.of(new Moved(problem, words, ExpectedAccesses.of(problem, counts)));
  }

  /** None where tiles are left out or work-items merge contributions, which is not predicted. */
  private static List<String> cascades(String schedule) {
    return switch (schedule) {
      case "opencl_1pass_cpu", "opencl_1pass_gpu" ->
          List.of("attention_1pass", "attention_1pass_masked", "attention_1pass_causal");
      case "opencl_3pass_cpu", "opencl_3pass_gpu", "opencl_3pass_unfused_cpu" ->
          List.of("attention_3pass", "attention_3pass_masked");
      case "opencl_gemm_gpu" -> List.of("gemm");
      case "opencl_1pass_causal_cpu", "opencl_1pass_causal_gpu" -> List.of();
      case "opencl_decode_gpu", "opencl_titans_chunks_cpu", "opencl_titans_chunks_gpu" -> List.of();
      default -> throw new AssertionError(schedule + ": nobody says which cascades it fits");
    };
  }

  /** Every shipped schedule for devices whose words are predicted, with the cascades it fits. */
  private static List<String> shipped(List<String> shapes) throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("..", "configs", "schedules"))) {
      for (Path file : files.sorted().toList()) {
        String schedule = file.getFileName().toString().replace(".schedule", "");
        if (schedule.startsWith("opencl_")) {
          String device = schedule.endsWith("_gpu") ? "generic-gpu" : "pocl-cpu";
          for (String cascade : cascades(schedule)) {
            shapes.forEach(s -> names.add("%s %s %s %s".formatted(cascade, schedule, device, s)));
          }
        }
      }
    }
    return names;
  }

  static List<String> divisible() throws IOException {
    return shipped(DIVISIBLE);
  }

  static List<String> tails() throws IOException {
    return shipped(TAILS);
  }

  @ParameterizedTest
  @MethodSource("divisible")
  void kernelsMoveWhatTheCostModelCountsWhereTilesDivideShapes(String name) {
    Moved moved = moved(name).orElseThrow();

    for (Place place : moved.places()) {
      boolean isShared = place.space() != AddressSpace.PRIVATE;
      for (Line line : Line.values()) {
        switch (line) {
          case SCHEDULED, ABSENT, COPIES -> {}
          case PADDING, REPEATED -> requireNone(moved, line, place);
          case BEGINNINGS, FINISHING, SHARED_LANES -> {
            if (isShared) {
              requireNone(moved, line, place);
            }
          }
        }
      }
      if (isShared) {
        assertThat(moved.got(place))
            .as(moved.text(place))
            .isEqualTo(
                moved.expected().words(Line.SCHEDULED, place)
                    + moved.expected().words(Line.ABSENT, place)
                    + moved.expected().words(Line.COPIES, place));
      }
    }
    requireCopies(moved);
    requireExpected(name, moved);
  }

  private static void requireCopies(Moved moved) {
    Map<Place, Long> copied = copied(moved.problem());
    for (Place place : moved.places()) {
      assertThat(moved.expected().words(Line.COPIES, place))
          .as(moved.text(place))
          .isEqualTo(copied.getOrDefault(place, 0L));
    }
  }

  private static void requireNone(Moved moved, Line line, Place place) {
    assertThat(moved.expected().words(line, place)).as(moved.text(place)).isZero();
  }

  /**
   * Words of states of which a keep holds two generations, as the mapper says: kernels copy every
   * element of theirs once a step, whatever the schedule is.
   */
  private static Map<Place, Long> copied(Problem problem) {
    Residence residence = new Residence(problem, new CascadeFacts(problem.cascade()));
    Map<Place, Long> words = new TreeMap<>();
    for (Site site : Site.root(problem.schedule().root()).all()) {
      if (site.node() instanceof Node.Keep keep) {
        keep.tensors().stream()
            .filter(tensor -> residence.generationsHeld(site, tensor) == 2)
            .forEach(tensor -> copied(problem, tensor, keep.level(), words));
      }
    }
    return words;
  }

  /** A step for each coordinate of the rank along which there are generations. */
  private static void copied(
      Problem problem, TensorName tensor, LevelName level, Map<Place, Long> words) {
    AddressSpace space = AddressSpace.valueOf(level.text().toUpperCase(Locale.ROOT));
    long elements =
        problem.cascade().tensorsByName().get(tensor).ranks().stream()
            .mapToLong(problem.shapes()::of)
            .reduce(1, Math::multiplyExact);
    words.put(new Place(tensor, space, true), elements);
    words.put(new Place(tensor, space, false), elements);
  }

  @ParameterizedTest
  @MethodSource("tails")
  void everyWordBeyondTailsIsPredicted(String name) {
    Moved moved = moved(name).orElseThrow();

    requireCopies(moved);
    requireExpected(name, moved);
    // A single query fills the lanes that there are, and a single key its tile.
    boolean isSingle = name.contains("P=1 M=1 ");
    assertThat(moved.places())
        .as(name + ": lanes, work-items or tiles run on somewhere")
        .matches(
            places ->
                isSingle
                    || places.stream()
                        .anyMatch(place -> moved.expected().words(Line.PADDING, place) > 0));
  }

  private static void requireExpected(String name, Moved moved) {
    for (Place place : moved.places()) {
      boolean isMore = moved.looksAgain() && moved.expected().lookedAtAgain().contains(place);
      assertThat(moved.got(place))
          .as("%s: %s", name, moved.text(place))
          .isGreaterThanOrEqualTo(moved.expected().atLeast(place));
      if (!isMore && moved.expected().leftOut().contains(place)) {
        assertThat(moved.got(place))
            .as("%s: %s", name, moved.text(place))
            .isLessThanOrEqualTo(moved.expected().words(place));
      } else if (!isMore) {
        assertThat(moved.got(place))
            .as("%s: %s", name, moved.text(place))
            .isEqualTo(moved.expected().words(place));
      }
    }
  }

  /** Registers are left out: what compilers unroll there differs on tails. */
  @Test
  void randomSchedulesMoveWhatIsExpectedInGlobalAndLocalMemory() {
    System.out.printf("words moved: random problems from seed %d on%n", FIRST_SEED);
    int equal = 0;
    int bounded = 0;
    int again = 0;
    int refused = 0;
    for (String name : CountRun.random("random", FIRST_SEED, RANDOM_PROBLEMS)) {
      Optional<Moved> moved = moved(name);
      if (moved.isEmpty()) {
        refused++;
        continue;
      }
      Moved shared = withoutRegisters(moved.get());
      requireExpected(name, shared);
      if (shared.looksAgain()) {
        again++;
      } else if (shared.places().stream().anyMatch(shared.expected().leftOut()::contains)) {
        bounded++;
      } else {
        equal++;
      }
    }
    System.out.printf(
        "words moved: %d problems equal everywhere, %d with bounds where conditions end loops,"
            + " %d that look again, %d refused%n",
        equal, bounded, again, refused);
    assertThat(equal).as("problems whose words are equal everywhere").isGreaterThan(80);
    assertThat(again).as("problems that look again").isLessThan(RANDOM_PROBLEMS / 4);
  }

  private static Moved withoutRegisters(Moved moved) {
    Map<Place, Long> words = new TreeMap<>(moved.words().ofTensors());
    words.keySet().removeIf(place -> place.space() == AddressSpace.PRIVATE);
    Map<Line, Map<Place, Long>> lines = new EnumMap<>(Line.class);
    moved
        .expected()
        .lines()
        .forEach(
            (line, own) -> {
              Map<Place, Long> rest = new TreeMap<>(own);
              rest.keySet().removeIf(place -> place.space() == AddressSpace.PRIVATE);
              lines.put(line, rest);
            });
    ExpectedAccesses expected = moved.expected();
    return new Moved(
        moved.problem(),
        new TensorWords(words, moved.words().ofOthers()),
        new ExpectedAccesses(
            lines, expected.deciding(), expected.leftOut(), expected.lookedAtAgain()));
  }
}
