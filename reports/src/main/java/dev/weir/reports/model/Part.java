package dev.weir.reports.model;

import java.util.List;
import java.util.stream.Stream;

/** A block of a report. Every view must show every kind. */
public sealed interface Part {

  /** Heading. */
  String title();

  /** All numbers of the part, in the order in which they are shown. */
  List<Figure> figures();

  /**
   * Rows and columns.
   *
   * @param explanation what the table says; may be empty
   * @param rows each as long as {@code headings}
   */
  record Table(String title, String explanation, List<String> headings, List<List<Cell>> rows)
      implements Part {
    public Table {
      headings = List.copyOf(headings);
      rows = rows.stream().map(List::copyOf).toList();
      for (List<Cell> row : rows) {
        if (row.size() != headings.size()) {
          throw new IllegalArgumentException(
              "table '" + title + "': a row has " + row.size() + " of " + headings.size());
        }
      }
    }

    /** Whether a column is one of numbers, with dashes for missing ones. */
    public boolean isNumeric(int column) {
      return !rows.isEmpty()
          && rows.stream()
              .map(row -> row.get(column))
              .allMatch(cell -> cell instanceof Cell.Measured || cell.text().startsWith("–"));
    }

    @Override
    public List<Figure> figures() {
      return rows.stream().flatMap(List::stream).flatMap(Part::figureOf).toList();
    }
  }

  /**
   * A schedule as an indented loop nest.
   *
   * @param lines outermost first
   */
  record LoopNest(String title, String explanation, List<Line> lines) implements Part {

    /**
     * One node.
     *
     * @param depth nesting depth from 0
     * @param heads the node as the schedule's text writes it, and after it those that it alone
     *     encloses; a line that is too long is broken between them
     * @param note what its sizes come to, such as {@code 16 × 256}; may be empty
     */
    public record Line(int depth, Kind kind, List<String> heads, String note) {
      public Line {
        heads = List.copyOf(heads);
      }

      /** As the schedule's text writes it. */
      public String text() {
        return String.join("  ", heads);
      }
    }

    /** What a line is, for its colour. */
    public enum Kind {
      LOOP,
      SPATIAL,
      KEEP,
      COMPUTE,
      STRUCTURE
    }

    public LoopNest {
      lines = List.copyOf(lines);
    }

    @Override
    public List<Figure> figures() {
      return List.of();
    }
  }

  /**
   * Which unit works on what when: a window of a simulation.
   *
   * @param from first cycle of the window
   * @param to cycle after its last
   * @param lanes one a unit
   */
  record Timeline(String title, String explanation, Figure from, Figure to, List<Lane> lanes)
      implements Part {

    /** What one unit does. */
    public record Lane(String unit, List<Slice> slices) {
      public Lane {
        slices = List.copyOf(slices);
      }
    }

    /**
     * One piece of work, or a wait.
     *
     * @param startCycle first cycle
     * @param endCycle cycle after the last
     * @param kind what it is
     * @param name Einsum, transfer, or reason of the wait
     * @param tile which tile it is about; may be empty
     */
    public record Slice(long startCycle, long endCycle, SliceKind kind, String name, String tile) {}

    /** What a slice shows. */
    public enum SliceKind {
      WORK,
      STALL
    }

    public Timeline {
      lanes = List.copyOf(lanes);
    }

    @Override
    public List<Figure> figures() {
      return List.of(from, to);
    }
  }

  /**
   * A pipeline: what each unit does in each epoch, as FuseMax's figure 4 shows it.
   *
   * @param columns epochs in their order, with gaps where some are left out
   * @param rows one a unit, each with a turn a column; empty in a gap
   */
  record Epochs(String title, String explanation, List<Column> columns, List<Row> rows)
      implements Part {

    /** An epoch, or a gap. */
    public sealed interface Column {}

    /**
     * An epoch.
     *
     * @param number in its pipeline, from 0
     * @param start its first cycle
     * @param length its cycles
     */
    public record Epoch(long number, Figure start, Figure length) implements Column {}

    /**
     * Epochs that are not shown.
     *
     * @param text how many
     */
    public record Gap(String text) implements Column {}

    /** What a unit does. */
    public record Row(String unit, List<Turn> turns) {
      public Row {
        turns = List.copyOf(turns);
      }
    }

    /**
     * What a unit does in an epoch.
     *
     * @param works in the order in which they begin
     * @param waits stalls with their cycles, such as {@code load 12}
     */
    public record Turn(List<Work> works, List<String> waits) {

      /** Of a gap. */
      public static final Turn EMPTY = new Turn(List.of(), List.of());

      public Turn {
        works = List.copyOf(works);
        waits = List.copyOf(waits);
      }
    }

    /**
     * All executions of an Einsum in an epoch on tiles of one stage.
     *
     * @param tile number of the pipeline's tile that it works on
     * @param behind how many epochs after stage 0 it works on that
     * @param startCycle of the first execution
     * @param endCycle of the last execution
     * @param cycles of all executions
     * @param detail where in the tensors the first one is, and how many there are; for a tooltip
     */
    public record Work(
        String einsum,
        long tile,
        int behind,
        long startCycle,
        long endCycle,
        long cycles,
        String detail) {

      /** The tile relative to n, the one on which stage 0 works. */
      public String relativeTile() {
        return behind == 0 ? "n" : "n−" + behind;
      }
    }

    public Epochs {
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
      for (Row row : rows) {
        if (row.turns().size() != columns.size()) {
          throw new IllegalArgumentException(
              "%s: %d turns for %d columns"
                  .formatted(row.unit(), row.turns().size(), columns.size()));
        }
      }
    }

    @Override
    public List<Figure> figures() {
      return columns.stream()
          .flatMap(
              column ->
                  switch (column) {
                    case Epoch epoch -> Stream.of(epoch.start(), epoch.length());
                    case Gap _ -> Stream.of();
                  })
          .toList();
    }
  }

  /**
   * How shares change over a run.
   *
   * @param cycles of the whole run
   * @param borders cycles between which shares are means; one more than there are shares
   * @param strips one a unit or level
   */
  record OverTime(
      String title, String explanation, Figure cycles, List<Long> borders, List<Strip> strips)
      implements Part {

    /** Shares that are stacked. */
    public record Strip(String label, List<Band> bands) {
      public Strip {
        bands = List.copyOf(bands);
      }
    }

    /** A share over time, each from 0 to 1. */
    public record Band(String name, List<Double> shares) {
      public Band {
        shares = List.copyOf(shares);
      }
    }

    public OverTime {
      borders = List.copyOf(borders);
      strips = List.copyOf(strips);
    }

    @Override
    public List<Figure> figures() {
      return List.of(cycles);
    }
  }

  /**
   * The Einsums of a cascade in order, and which reads what of which others.
   *
   * @param rank the rank whose passes are shown
   * @param nodes inputs, then Einsums
   * @param links reads, by places of nodes
   * @param groups Einsums that advance together along an iterative rank; outer ones first
   */
  record CascadeGraph(
      String title,
      String explanation,
      String rank,
      List<Node> nodes,
      List<Link> links,
      List<Group> groups)
      implements Part {

    /**
     * A tensor and the Einsum that writes it.
     *
     * @param name the tensor
     * @param text the Einsum; of an input its ranks
     * @param pass the pass in which it runs or after which it does; 0 for one that needs none
     */
    public record Node(String name, String text, NodeKind kind, int pass, boolean isAfterPass) {}

    /** What a node is. */
    public enum NodeKind {
      INPUT,
      EINSUM,
      OUTPUT
    }

    /** A read. */
    public record Link(int from, int to, Value value) {}

    /** What is read. */
    public enum Value {
      /** A value of the same step. */
      STEP,
      /** A value that is complete only when a pass has ended. */
      COMPLETE,
      /** A value of the step before. */
      PREVIOUS
    }

    /** Neighbouring Einsums, by the places of the first and the last. */
    public record Group(String label, int first, int last) {}

    public CascadeGraph {
      nodes = List.copyOf(nodes);
      links = List.copyOf(links);
      groups = List.copyOf(groups);
    }

    /** When a node runs, in words. */
    public String when(Node node) {
      if (node.kind() == NodeKind.INPUT) {
        return "input";
      }
      if (node.pass() == 0) {
        return "no pass over " + rank;
      }
      return (node.isAfterPass() ? "after pass " : "pass ") + node.pass();
    }

    @Override
    public List<Figure> figures() {
      return List.of();
    }
  }

  /**
   * Bars that each fill the width, whatever they add up to, so that the shares of a small whole can
   * be seen as well as those of a large one.
   */
  record Bars(String title, String explanation, List<Bar> bars) implements Part {

    /** One bar; its segments have one unit. */
    public record Bar(String label, List<Segment> segments) {
      public Bar {
        segments = List.copyOf(segments);
      }
    }

    /** One coloured piece. */
    public record Segment(String name, Figure figure) {}

    public Bars {
      bars = List.copyOf(bars);
    }

    @Override
    public List<Figure> figures() {
      return bars.stream().flatMap(bar -> bar.segments().stream()).map(Segment::figure).toList();
    }
  }

  /**
   * The source text of a generated kernel.
   *
   * @param file name of the file that the kernel was written to beside the report
   * @param text OpenCL C
   */
  record Kernel(String title, String explanation, String file, String text) implements Part {
    @Override
    public List<Figure> figures() {
      return List.of();
    }
  }

  /** A few sentences that must not be overlooked: a failed check, something not run and why. */
  record Notice(String title, Outcome outcome, String text) implements Part {
    @Override
    public List<Figure> figures() {
      return List.of();
    }
  }

  /** Text of fixed width, such as the explanation of a pass analysis. */
  record Listing(String title, String explanation, String text) implements Part {
    @Override
    public List<Figure> figures() {
      return List.of();
    }
  }

  /** The figure of a cell that holds one. */
  static Stream<Figure> figureOf(Cell cell) {
    return switch (cell) {
      case Cell.Words _ -> Stream.of();
      case Cell.Verdict _ -> Stream.of();
      case Cell.Measured measured -> Stream.of(measured.figure());
    };
  }
}
