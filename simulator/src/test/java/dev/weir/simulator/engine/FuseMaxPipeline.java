package dev.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.simulator.stats.SimulationResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToLongFunction;

/**
 * FuseMax's pipeline with stages as far apart as wanted: scores and their maxima are in stage 0.
 *
 * @param maxima the stage of running maxima
 * @param weights of exponentials, their sums and weighted values
 * @param sums of running sums
 */
record FuseMaxPipeline(int maxima, int weights, int sums) {

  private static final Path CONFIGS = Path.of("../configs");

  /** Tiles of queries between two tiles of keys. */
  private static final int QUERY_TILES = 16;

  /** How many cycles the simulator takes for each further tile, in the middle of a run. */
  long simulated(String schedule, String machine, long width, long embedding) {
    return ofATile(SimulationResult::cycles, schedule, machine, width, embedding);
  }

  /** In how many of them a unit works. */
  long busy(String unit, String schedule, String machine, long width, long embedding) {
    return ofATile(
        run -> run.units().get(new UnitName(unit)).busyCycles(),
        schedule,
        machine,
        width,
        embedding);
  }

  private long ofATile(
      ToLongFunction<SimulationResult> figure,
      String schedule,
      String machine,
      long width,
      long embedding) {
    long before = figure.applyAsLong(run(schedule, machine, width, embedding, 4));
    long after = figure.applyAsLong(run(schedule, machine, width, embedding, 8));
    long tiles = 4 * QUERY_TILES;
    assertThat((after - before) % tiles).isZero();
    return (after - before) / tiles;
  }

  private SimulationResult run(
      String schedule, String machine, long width, long embedding, long tilesOfKeys) {
    Problem problem =
        Problem.of(
            Examples.cascade("attention_1pass"),
            schedule(schedule, width),
            ArchitectureReader.readFile(CONFIGS.resolve("architectures/" + machine + ".yaml")),
            Examples.shapes(
                "B=1 H=1 P=%d M=%d E=%d F=%d"
                    .formatted(QUERY_TILES * width, tilesOfKeys * width, embedding, embedding)));
    assertThat(Legality.judge(problem)).isEqualTo(new Judgement.Legal());
    return Simulator.simulate(problem, SimulationOptions.QUIET);
  }

  /** The shipped text with other stages, and as many tiles on their way as these need. */
  private Schedule schedule(String name, long width) {
    String text =
        read(CONFIGS.resolve("schedules/fusemax/" + name + ".schedule"))
            .replace("WIDTH = 256", "WIDTH = " + width)
            .replace("stage 3", "stage sums")
            .replace("stage 2", "stage weights")
            .replace("stage 1", "stage maxima")
            .replace("stage sums", "stage " + sums)
            .replace("stage weights", "stage " + weights)
            .replace("stage maxima", "stage " + maxima)
            .replace("BQK at RegisterFile2D copies 2", "BQK at RegisterFile2D copies " + weights)
            .replace("keep LM, SLD at RegisterFile1D copies 2", copies("LM, SLD", waiting()))
            .replace("keep PRM at RegisterFile1D copies 3", copies("PRM", sums - maxima + 1))
            .replace("SLNV at GlobalBuffer copies 2", "SLNV at GlobalBuffer copies " + waiting());
    return Examples.schedule(text).schedule();
  }

  private static String copies(String tensors, int copies) {
    return "keep %s at RegisterFile1D copies %d".formatted(tensors, copies);
  }

  private int waiting() {
    return Math.max(maxima, sums - weights) + 1;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
