package dev.weir.cli.reproduction;

import dev.weir.einsum.ir.RankName;
import dev.weir.reports.model.Unit;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * A table of what else the cost model says, or the simulator: other machines, workloads or
 * schedules side by side.
 *
 * @param name short name for files
 * @param title heading
 * @param text what the table says, and why figures differ
 * @param figures the columns
 * @param per energies are those of one point of these ranks; empty for all
 * @param within largest relative difference from a published figure at which it counts as
 *     reproduced; figures without one are not judged
 * @param cases the rows, in groups
 */
public record Study(
    String name,
    String title,
    String text,
    List<Quantity> figures,
    List<RankName> per,
    Map<Quantity, Double> within,
    List<Case> cases) {

  public Study {
    figures = List.copyOf(figures);
    per = List.copyOf(per);
    within = Map.copyOf(within);
    cases = List.copyOf(cases);
  }

  /** Whether runs stand beside each other, so that quotients say something. */
  public boolean isCompared() {
    return cases.stream().anyMatch(one -> one.runs().size() > 1);
  }

  /**
   * One workload, run in several ways.
   *
   * @param models workloads whose shapes it takes, one after the other
   * @param shapes that it has instead or besides
   * @param growth what it is compared with for cycles a tile
   */
  public record Case(
      String name,
      List<Reproduction.Model> models,
      Map<RankName, Long> shapes,
      Optional<Growth> growth,
      List<Run> runs) {
    public Case {
      models = List.copyOf(models);
      shapes = Map.copyOf(shapes);
      runs = List.copyOf(runs);
    }
  }

  /**
   * The same workload with more of one rank. What it takes longer, by the tiles that it has more,
   * is what a tile takes when everything runs already: beginning and end are the same in both.
   *
   * @param rank the one that grows
   * @param to elements that it then has
   * @param tile elements of a tile along each rank that tiles are counted by
   */
  public record Growth(RankName rank, long to, Map<RankName, Long> tile) {
    public Growth {
      tile = Map.copyOf(tile);
    }

    Map<RankName, Long> grown(Map<RankName, Long> shapes) {
      Map<RankName, Long> grown = new HashMap<>(shapes);
      grown.put(rank, to);
      return Map.copyOf(grown);
    }

    /** How many tiles more there are. */
    long tiles(Map<RankName, Long> shapes) {
      return count(grown(shapes)) - count(shapes);
    }

    private long count(Map<RankName, Long> shapes) {
      return tile.entrySet().stream()
          .mapToLong(own -> Math.ceilDiv(shapes.get(own.getKey()), own.getValue()))
          .reduce(1, Math::multiplyExact);
    }
  }

  /**
   * One way to run it.
   *
   * @param schedules the quickest that is legal is taken; a single one may hold more than fits,
   *     which is noted
   * @param largest a parameter that is as large as what fits
   * @param parameters of the schedules
   */
  public record Run(
      String name,
      Path machine,
      Path cascade,
      List<Path> schedules,
      Optional<Reproduction.Largest> largest,
      Map<String, Long> parameters,
      Optional<Triangle> triangle,
      Optional<Published> published) {
    public Run {
      schedules = List.copyOf(schedules);
      parameters = Map.copyOf(parameters);
    }
  }

  /**
   * Scores on one side of the diagonal, as rectangles one after the other: each block of rows with
   * all columns up to its own end.
   *
   * @param block rows of a rectangle
   */
  public record Triangle(RankName rows, RankName columns, long block) {

    /** Rows and columns of each rectangle. */
    List<Map<RankName, Long>> rectangles(Map<RankName, Long> shapes) {
      long all = shapes.get(rows);
      return LongStream.range(0, Math.ceilDiv(all, block))
          .mapToObj(
              number ->
                  Map.of(
                      rows,
                      Math.min(block, all - number * block),
                      columns,
                      Math.min((number + 1) * block, shapes.get(columns))))
          .toList();
    }
  }

  /**
   * Where a run's published figures stand.
   *
   * @param row values of columns that choose the line, besides that of the model
   * @param modelColumn the column that names the model
   * @param columns which column has which figure: seconds, bytes, picojoules, square micrometres
   *     and cycles
   * @param plus what the published figure leaves out, in the quantity's unit, such as a cycle where
   *     the number of the last one was published, counted from 0
   */
  public record Published(
      Path file,
      Map<String, String> row,
      String modelColumn,
      Map<Quantity, String> columns,
      Map<Quantity, Double> plus) {
    public Published {
      row = Map.copyOf(row);
      columns = Map.copyOf(columns);
      plus = Map.copyOf(plus);
    }
  }

  /** What a column can have. */
  public enum Quantity {
    LATENCY("latency", Unit.SECONDS),
    /** What the simulator counts. */
    SIMULATED("simulated cycles", Unit.CYCLES),
    /** What the simulator counts for each further tile. */
    TILE("cycles a tile", Unit.CYCLES),
    TRAFFIC("traffic", Unit.BYTES),
    ENERGY("energy", Unit.PICOJOULES),
    /** Energy of all operations but exponentials. */
    ARITHMETIC("arithmetic", Unit.PICOJOULES),
    /** Energy of these. */
    EXPONENTIALS("exponentials", Unit.PICOJOULES),
    /** Energy of the outermost memory. */
    OFF_CHIP("off chip", Unit.PICOJOULES),
    /** Energy of buffers and registers: a published one is what those above leave of all. */
    REST("on-chip memories", Unit.PICOJOULES),
    /** Energy of reads of a cascade's inputs from buffers: memories that there is one of. */
    INPUTS("reads of inputs", Unit.PICOJOULES),
    /** Energy of all other reads of buffers. */
    BUFFER_READS("other reads", Unit.PICOJOULES),
    /** Energy of writes of buffers. */
    BUFFER_WRITES("writes", Unit.PICOJOULES),
    /** Energy of memories inside of arrays. */
    REGISTERS("registers", Unit.PICOJOULES),
    /** Of the machine, whatever runs on it. */
    AREA("area", Unit.SQUARE_MILLIMETRES),
    /** Of its arrays and the register files in them, without buffers. */
    ARRAYS("array area", Unit.SQUARE_MILLIMETRES);

    private final String text;
    private final Unit unit;

    Quantity(String text, Unit unit) {
      this.text = text;
      this.unit = unit;
    }

    /** Its name in files. */
    public String text() {
      return text;
    }

    public Unit unit() {
      return unit;
    }

    /** Whether the simulator counts it. */
    boolean isSimulated() {
      return unit == Unit.CYCLES;
    }

    /** Whether it is divided by the points of a study. */
    boolean isEnergy() {
      return unit == Unit.PICOJOULES;
    }

    static List<String> texts() {
      return Arrays.stream(values()).map(Quantity::text).toList();
    }

    static Quantity of(String text) {
      return Arrays.stream(values()).filter(one -> one.text.equals(text)).findFirst().orElseThrow();
    }
  }
}
