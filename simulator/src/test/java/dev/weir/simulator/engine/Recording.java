package dev.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.stats.Segment;
import dev.weir.simulator.stats.Timeline;
import dev.weir.simulator.trace.TraceWindows;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What goes on in single cycles of a run that is recorded as a whole. */
final class Recording {

  private static final long MOST_CYCLES = 100_000;

  private final Timeline.Window window;

  private Recording(Timeline.Window window) {
    this.window = window;
  }

  static Recording of(Problem problem) {
    TraceWindows whole = new TraceWindows(MOST_CYCLES, 1);
    Timeline timeline =
        Simulator.simulate(problem, new SimulationOptions(Optional.of(whole), _ -> {})).timeline();
    assertThat(timeline.windows()).hasSize(1);
    return new Recording(timeline.windows().getFirst());
  }

  /** The cycle after the last. */
  long cycles() {
    return window.endCycle();
  }

  /** What a unit does in a cycle: nests with their coordinates, or why it stalls. */
  private List<String> doing(UnitName unit, long cycle) {
    return during(cycle)
        .flatMap(
            segment ->
                switch (segment) {
                  case Segment.Work work when work.unit().equals(unit) ->
                      work.pieces().stream()
                          .map(piece -> (piece.einsum() + " " + piece.coordinates()).strip());
                  case Segment.Wait wait when wait.unit().equals(unit) ->
                      Stream.of(wait.reason().text());
                  case Segment.Work _,
                      Segment.Wait _,
                      Segment.Transfer _,
                      Segment.Epoch _,
                      Segment.Bandwidth _,
                      Segment.Room _ ->
                      Stream.empty();
                })
        .toList();
  }

  /** Tiles that move in a cycle. */
  private List<String> moving(long cycle) {
    return during(cycle)
        .filter(Segment.Transfer.class::isInstance)
        .map(Segment.Transfer.class::cast)
        .map(
            tile ->
                (tile.direction().text() + " " + tile.tensor() + " " + tile.coordinates()).strip())
        .toList();
  }

  private Stream<Segment> during(long cycle) {
    return window.segments().stream()
        .filter(segment -> segment.startCycle() <= cycle && cycle < segment.endCycle());
  }

  /** In the cycle before a unit still does one thing, and in this cycle another one. */
  void turns(UnitName unit, long cycle, String before, String from) {
    assertThat(doing(unit, cycle - 1))
        .as("%s in cycle %d", unit, cycle - 1)
        .containsExactly(before);
    assertThat(doing(unit, cycle)).as("%s in cycle %d", unit, cycle).containsExactly(from);
  }

  /** In the cycle before these tiles still move, and in this cycle others; nothing when empty. */
  void passes(long cycle, String before, String from) {
    assertThat(String.join(", ", moving(cycle - 1))).as("cycle %d", cycle - 1).isEqualTo(before);
    assertThat(String.join(", ", moving(cycle))).as("cycle %d", cycle).isEqualTo(from);
  }
}
