package dev.weir.simulator.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.simulator.engine.Machines;
import dev.weir.simulator.engine.SimulationOptions;
import dev.weir.simulator.engine.Simulator;
import dev.weir.simulator.stats.SimulationResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a trace says, read back by a library that shares no code with what writes it. */
class PerfettoTraceTest {

  private static final long WHOLE = 1L << 40;
  private static final int SEEDS = 60;

  /** A run and its trace. */
  private record Traced(SimulationResult result, ReadTrace trace) {
    static Traced of(Problem problem, TraceWindows windows) {
      SimulationResult result =
          Simulator.simulate(problem, new SimulationOptions(Optional.of(windows), _ -> {}));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try {
        PerfettoTrace.write(problem, result.timeline(), out);
      } catch (IOException impossible) {
        throw new AssertionError(impossible);
      }
      return new Traced(result, ReadTrace.of(out.toByteArray()));
    }
  }

  @Test
  void slicesOfAUnitAddUpToItsBusyAndStallCycles() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Problem given = RandomProblems.legal(seed);
      if (Simulator.refusal(given).isPresent()) {
        continue;
      }
      Problem problem = seed % 2 == 0 ? given : Machines.withSlowBanks(given);
      String words = "seed " + seed + " " + RandomProblems.describe(problem);
      Traced traced = Traced.of(problem, new TraceWindows(WHOLE, 0));
      traced
          .result()
          .units()
          .forEach(
              (unit, statistics) -> {
                List<ReadTrace.Slice> slices = traced.trace().track(unit.text()).slices();
                assertCover(slices, traced.result().cycles(), words);
                Map<String, Long> expected = new HashMap<>();
                statistics.stallCycles().forEach((why, n) -> expected.put(why.text(), n));
                expected.put("busy", statistics.busyCycles());
                expected.values().removeIf(n -> n == 0);
                assertThat(spent(slices)).as(words).isEqualTo(expected);
              });
    }
  }

  /** One slice after the other, from the first cycle to the last. */
  private static void assertCover(List<ReadTrace.Slice> slices, long cycles, String words) {
    long at = 0;
    for (ReadTrace.Slice slice : slices) {
      assertThat(slice.start()).as(words).isEqualTo(at);
      at = slice.end();
    }
    assertThat(at).as(words).isEqualTo(cycles);
  }

  private static Map<String, Long> spent(List<ReadTrace.Slice> slices) {
    Map<String, Long> spent = new HashMap<>();
    for (ReadTrace.Slice slice : slices) {
      long below = slice.children().stream().mapToLong(ReadTrace.Slice::length).sum();
      String name = slice.category().equals("stall") ? slice.name() : "busy";
      spent.merge(name, slice.length() - below, Long::sum);
      slice.children().forEach(child -> spent.merge(child.name(), child.length(), Long::sum));
    }
    spent.values().removeIf(n -> n == 0);
    return spent;
  }

  @Test
  void countersNeverExceedWhatThereIs() {
    for (int seed = SEEDS; seed < 2 * SEEDS; seed++) {
      Problem given = RandomProblems.legal(seed);
      if (Simulator.refusal(given).isPresent()) {
        continue;
      }
      Problem problem = seed % 2 == 0 ? given : Machines.withSlowBanks(given);
      String words = "seed " + seed + " " + RandomProblems.describe(problem);
      Traced traced = Traced.of(problem, new TraceWindows(WHOLE, 0));
      for (MemoryLevel level : problem.architecture().levels()) {
        List<ReadTrace.Track> counters =
            traced.trace().below(level.name().text()).stream()
                .filter(ReadTrace.Track::isCounter)
                .toList();
        int ports = level.bandwidth().map(rate -> rate.shared() ? 1 : 2).orElse(0);
        assertThat(counters).hasSize(ports + (level.capacityWords().isPresent() ? 1 : 0));
        for (int i = 0; i < ports; i++) {
          Bandwidth rate = level.bandwidth().orElseThrow();
          double most = (i == 0 ? rate.readWordsPerCycle() : rate.writeWordsPerCycle()).toDouble();
          assertThat(highest(counters.get(i))).as(words).isLessThanOrEqualTo(most * (1 + 1e-9));
        }
        if (level.capacityWords().isPresent()) {
          long peak = traced.result().counts().peakOccupancyWords().getOrDefault(level.name(), 0L);
          assertThat(peak).isLessThanOrEqualTo(level.capacityWords().get());
          assertThat(highest(counters.getLast())).as(words).isLessThanOrEqualTo((double) peak);
        }
      }
    }
  }

  /** Where a pipeline fills, all of its keeps are entered at the same time. */
  @Test
  void aFullPipelineTakesItsPeakOccupancy() {
    Traced traced = Traced.of(fuseMax("B=1 H=2 P=16 M=8 E=3 F=2"), new TraceWindows(WHOLE, 0));
    traced
        .result()
        .counts()
        .peakOccupancyWords()
        .forEach(
            (level, peak) ->
                assertThat(
                        highest(
                            traced.trace().below(level.text()).stream()
                                .filter(track -> track.name().startsWith("allocated words, of "))
                                .findFirst()
                                .orElseThrow()))
                    .as(level.text())
                    .isEqualTo((double) peak));
  }

  private static double highest(ReadTrace.Track counter) {
    return counter.values().stream().mapToDouble(ReadTrace.Value::value).max().orElse(0);
  }

  private static Problem fuseMax(String shapes) {
    Schedule schedule =
        Examples.shipped("fusemax/binding", "P1 = 16", "P1 = 4", "256", "4").schedule();
    Architecture machine = ExampleArchitectures.fuseMax(4, 4096);
    return Problem.of(
        Examples.cascade(schedule.cascade()), schedule, machine, Examples.shapes(shapes));
  }

  @Test
  void slicesSayWhichTileOfWhichEinsumInWhichEpoch() {
    Traced traced = Traced.of(fuseMax("B=1 H=1 P=16 M=8 E=3 F=2"), new TraceWindows(WHOLE, 0));

    assertThat(traced.trace().track("Array2D").slices())
        .filteredOn(slice -> slice.name().equals("SLNV + BQK"))
        .hasSize(6)
        .first()
        .extracting(ReadTrace.Slice::details)
        .satisfies(
            details ->
                assertThat(details)
                    .containsEntry("SLNV", "m1=0, p=0..3")
                    .containsEntry("stage of SLNV", 2L)
                    .containsEntry("BQK", "m1=0, p=8..11")
                    .containsEntry("stage of BQK", 0L)
                    .containsEntry("epoch", 2L));
    // 4 tiles of P in each of 2 steps of m1, and 3 epochs to drain.
    List<ReadTrace.Slice> epochs = traced.trace().track("epochs of the pipeline over p").slices();
    assertThat(epochs).hasSize(2 * 4 + 3);
    assertCover(epochs, traced.result().cycles() - exposedStore(traced), "epochs");
    assertThat(traced.trace().below("GlobalBuffer").stream().flatMap(t -> t.slices().stream()))
        .filteredOn(slice -> slice.name().equals("load K"))
        .extracting(slice -> slice.details().get("tile"))
        .containsExactly("m1=0", "m1=1");
  }

  /** What the run takes after the last epoch: the last tile of AV is still on its way out. */
  private static long exposedStore(Traced traced) {
    List<ReadTrace.Slice> slices = traced.trace().track("Array2D").slices();
    ReadTrace.Slice last = slices.getLast();
    return last.name().equals("store") ? last.length() : 0;
  }

  @Test
  void aLongRunShowsWindowsAndSaysWhatIsLeftOut() {
    Traced whole = Traced.of(fuseMax("B=2 H=4 P=64 M=64 E=3 F=2"), new TraceWindows(WHOLE, 0));
    long cycles = whole.result().cycles();
    Traced traced =
        Traced.of(
            fuseMax("B=2 H=4 P=64 M=64 E=3 F=2"),
            new TraceWindows(500, cycles, cycles, TraceWindows.MOST_SEGMENTS));

    ReadTrace.Track about =
        traced.trace().tracks().values().stream()
            .filter(track -> track.name().startsWith("recorded: "))
            .findFirst()
            .orElseThrow();
    long middle = cycles / 2 - 250;
    assertThat(about.name())
        .isEqualTo(
            String.format(
                "recorded: cycles 0 to 500, %,d to %,d, %,d to %,d of %,d; the rest is left out",
                middle, middle + 500, cycles - 500, cycles, cycles));
    assertThat(about.slices())
        .extracting(ReadTrace.Slice::name, slice -> slice.start(), slice -> slice.end())
        .containsExactly(
            tuple("cycles 0 to 500", 0L, 500L),
            tuple("left out", 500L, middle),
            tuple(String.format("cycles %,d to %,d", middle, middle + 500), middle, middle + 500),
            tuple("left out", middle + 500, cycles - 500),
            tuple(String.format("cycles %,d to %,d", cycles - 500, cycles), cycles - 500, cycles));
    // In its windows it shows what a trace of the whole run shows there.
    for (ReadTrace.Slice window : about.slices()) {
      if (window.category().equals("recorded")) {
        assertThat(clipped(traced, window)).isEqualTo(clipped(whole, window)).isNotEmpty();
        assertThat(values(traced, window)).isEqualTo(values(whole, window)).isNotEmpty();
      }
    }
  }

  private static List<ReadTrace.Value> values(Traced traced, ReadTrace.Slice window) {
    return traced.trace().below("GlobalBuffer").stream()
        .flatMap(track -> track.values().stream())
        .filter(value -> value.time() > window.start() && value.time() < window.end())
        .toList();
  }

  private static List<String> clipped(Traced traced, ReadTrace.Slice window) {
    return traced.trace().track("Array2D").slices().stream()
        .filter(slice -> slice.start() < window.end() && slice.end() > window.start())
        .map(
            slice ->
                "%s %d %d %s"
                    .formatted(
                        slice.name(),
                        Math.max(window.start(), slice.start()),
                        Math.min(window.end(), slice.end()),
                        slice.details()))
        .toList();
  }

  @Test
  void aCycleIsAClockPeriodWhereThatIsWholeNanoseconds() {
    assertThat(nanoseconds(1e9)).isEqualTo(1);
    assertThat(nanoseconds(500e6)).isEqualTo(2);
    assertThat(nanoseconds(940e6)).isEqualTo(1);
    assertThat(nanoseconds(2e9)).isEqualTo(1);
  }

  private static long nanoseconds(double hertz) {
    Problem given = fuseMax("B=1 H=1 P=4 M=4 E=1 F=1");
    Architecture a = given.architecture();
    Architecture clocked =
        new Architecture(
            a.name(),
            a.description(),
            hertz,
            a.wordBits(),
            a.levels(),
            a.units(),
            a.links(),
            a.sources());
    return PerfettoTrace.nanosecondsPerCycle(
        Problem.of(
            given.cascade(),
            given.schedule(),
            clocked,
            Examples.shapes("B=1 H=1 P=4 M=4 E=1 F=1")));
  }
}
