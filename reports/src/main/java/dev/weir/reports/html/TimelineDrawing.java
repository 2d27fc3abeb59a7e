package dev.weir.reports.html;

import dev.weir.reports.model.Part.Timeline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Where the blocks of a timeline lie, in units of its view box. Slices of one unit that overlap
 * share the lane in rows.
 */
public record TimelineDrawing(
    int width,
    int height,
    List<LaneLabel> lanes,
    List<Block> blocks,
    List<TimeAxis.Tick> ticks,
    List<Palette.Entry> legend) {

  private static final int WIDTH = 1120;
  private static final int LEFT = 176;
  private static final int RIGHT = 16;
  private static final int TOP = 28;
  private static final int ROW = 26;
  private static final int ROW_GAP = 3;
  private static final int LANE_GAP = 12;
  private static final double LETTER = 7.2;
  private static final Palette.Entry STALL = new Palette.Entry("waits", "stall");

  /** Name of a lane, and where its background begins and ends. */
  public record LaneLabel(String name, int y, int height) {}

  /** A rectangle with what fits inside it, and all of it for the tooltip. */
  public record Block(
      String x, int y, String width, int height, String style, String label, String tooltip) {}

  static TimelineDrawing of(Timeline timeline, Palette palette) {
    long from = timeline.from().value().longValue();
    long to = Math.max(from + 1, timeline.to().value().longValue());
    double scale = (WIDTH - LEFT - RIGHT) / (double) (to - from);
    List<LaneLabel> lanes = new ArrayList<>();
    List<Block> blocks = new ArrayList<>();
    int y = TOP;
    for (Timeline.Lane lane : timeline.lanes()) {
      List<Long> rowEnds = new ArrayList<>();
      List<Timeline.Slice> ordered =
          lane.slices().stream()
              .sorted(Comparator.comparingLong(Timeline.Slice::startCycle))
              .toList();
      for (Timeline.Slice slice : ordered) {
        int row = freeRow(rowEnds, slice);
        blocks.add(
            block(slice, Math.max(from, slice.startCycle()), Math.min(to, slice.endCycle()))
                .at(from, scale, y + row * (ROW + ROW_GAP), style(slice, palette)));
      }
      int height = Math.max(1, rowEnds.size()) * (ROW + ROW_GAP) - ROW_GAP;
      lanes.add(new LaneLabel(lane.unit(), y, height));
      y += height + LANE_GAP;
    }
    return new TimelineDrawing(
        WIDTH, y, lanes, blocks, TimeAxis.ticks(from, to, LEFT, scale), legend(timeline, palette));
  }

  /** Waits have no colour of their own: their reasons stand in them. */
  private static String style(Timeline.Slice slice, Palette palette) {
    return switch (slice.kind()) {
      case WORK -> palette.styleOf(slice.name());
      case STALL -> STALL.style();
    };
  }

  /** Only what this picture shows: the palette knows what other pictures show, too. */
  private static List<Palette.Entry> legend(Timeline timeline, Palette palette) {
    return timeline.lanes().stream()
        .flatMap(lane -> lane.slices().stream())
        .map(
            slice ->
                switch (slice.kind()) {
                  case WORK -> palette.entry(slice.name());
                  case STALL -> STALL;
                })
        .distinct()
        .toList();
  }

  private static int freeRow(List<Long> rowEnds, Timeline.Slice slice) {
    for (int row = 0; row < rowEnds.size(); row++) {
      if (rowEnds.get(row) <= slice.startCycle()) {
        rowEnds.set(row, slice.endCycle());
        return row;
      }
    }
    rowEnds.add(slice.endCycle());
    return rowEnds.size() - 1;
  }

  private record Clipped(Timeline.Slice slice, long start, long end) {
    Block at(long from, double scale, int y, String style) {
      double width = Math.max(0.6, (end - start) * scale);
      return new Block(
          decimal(LEFT + (start - from) * scale),
          y,
          decimal(width),
          ROW,
          style,
          label(width),
          tooltip());
    }

    private String label(double width) {
      String whole = slice.tile().isEmpty() ? slice.name() : slice.name() + " " + slice.tile();
      if (whole.length() * LETTER <= width - 6) {
        return whole;
      }
      return slice.name().length() * LETTER <= width - 6 ? slice.name() : "";
    }

    private String tooltip() {
      return "%s %s: cycles %,d to %,d (%,d cycles)"
          .formatted(
              slice.kind() == Timeline.SliceKind.STALL ? "waits: " + slice.name() : slice.name(),
              slice.tile(),
              slice.startCycle(),
              slice.endCycle(),
              slice.endCycle() - slice.startCycle());
    }
  }

  private static Clipped block(Timeline.Slice slice, long start, long end) {
    return new Clipped(slice, start, end);
  }

  private static String decimal(double number) {
    return String.format(Locale.ROOT, "%.1f", number);
  }
}
