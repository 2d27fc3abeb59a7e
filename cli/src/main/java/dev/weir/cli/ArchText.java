package dev.weir.cli;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Area;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.Idealisation;
import dev.weir.mapper.arch.Latency;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.OperationCost;
import dev.weir.mapper.arch.OperationVariant;
import dev.weir.mapper.arch.Rational;
import dev.weir.reports.text.TextTable;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A machine as people read it; every number with its unit. */
final class ArchText {

  private static final String UNKNOWN = "–";
  private static final MathContext DIGITS = new MathContext(6);
  private static final int SQUARE_MICROMETRES = 1_000_000;

  private ArchText() {}

  /** Name, clock, units, area and description. */
  static List<String> line(Architecture architecture) {
    return List.of(
        architecture.name(),
        clock(architecture),
        architecture.units().stream()
            .map(unit -> count(unit.instances()) + " " + unit.name())
            .collect(Collectors.joining(", ")),
        total(architecture.area()),
        architecture.description());
  }

  /** All there is to know. */
  static String page(Architecture architecture, Path file) {
    StringBuilder out = new StringBuilder();
    List<List<String>> head = new ArrayList<>();
    head.add(List.of("architecture", architecture.name()));
    if (!architecture.description().isEmpty()) {
      head.add(List.of("description", architecture.description()));
    }
    head.add(List.of("file", file.toString()));
    head.add(List.of("clock", clock(architecture)));
    head.add(List.of("word", architecture.wordBits() + " bit"));
    out.append(TextTable.of(head)).append('\n');
    out.append(TextTable.of(memories(architecture))).append('\n');
    out.append(TextTable.of(units(architecture))).append('\n');
    out.append(TextTable.of(operations(architecture))).append('\n');
    if (!hasEnergy(architecture)) {
      out.append("no energy is known, so energies count as 0 pJ\n\n");
    }
    out.append(TextTable.of(areas(architecture.area()))).append('\n');
    out.append(idealisations(architecture));
    out.append("\nsources\n");
    new TreeMap<>(architecture.sources())
        .forEach((path, source) -> out.append(item(path + ": " + source)));
    return out.toString();
  }

  private static String idealisations(Architecture architecture) {
    List<Idealisation> all = architecture.idealisations();
    if (all.isEmpty()) {
      return "nothing is idealised\n";
    }
    StringBuilder out = new StringBuilder("what it does for nothing\n");
    all.forEach(one -> out.append(item(one)));
    return out.toString();
  }

  /** One idealisation with its source, as an item of a list. */
  static String item(Idealisation one) {
    return item(one.words() + (one.source().isEmpty() ? "" : " (" + one.source() + ")"));
  }

  private static List<List<String>> memories(Architecture architecture) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "memory",
            "holds",
            "instances",
            "bandwidth of one",
            "latency",
            "read",
            "write",
            "area of one"));
    boolean hasEnergy = hasEnergy(architecture);
    for (MemoryLevel level : architecture.levels()) {
      rows.add(
          List.of(
              level.name().text(),
              level.capacityWords().map(words -> counted(words, "word")).orElse("everything")
                  + (level.banks() > 1 ? " in " + count(level.banks()) + " banks" : ""),
              count(architecture.instances(level)),
              level.bandwidth().map(ArchText::bandwidth).orElse("no limit"),
              latency(level.latency()),
              hasEnergy ? plain(level.readPicojoules()) + " pJ/word" : UNKNOWN,
              hasEnergy ? plain(level.writePicojoules()) + " pJ/word" : UNKNOWN,
              small(level.squareMillimetres())));
    }
    return rows;
  }

  private static String bandwidth(Bandwidth bandwidth) {
    String read = rate(bandwidth.readWordsPerCycle());
    return bandwidth.shared()
        ? read
        : "read " + read + ", write " + rate(bandwidth.writeWordsPerCycle());
  }

  private static String latency(Latency latency) {
    if (latency.equals(Latency.NONE)) {
      return "none";
    }
    String read = counted(latency.readCycles(), "cycle");
    return latency.readCycles() == latency.writeCycles()
        ? read
        : "read " + read + ", write " + counted(latency.writeCycles(), "cycle");
  }

  private static String rate(Rational wordsPerCycle) {
    return plain(wordsPerCycle.toDouble()) + " words/cycle";
  }

  private static List<List<String>> units(Architecture architecture) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("axis", "width", "at a time", "hop", "fill and drain", "reduction"));
    for (ComputeUnit unit : architecture.units()) {
      for (Axis axis : unit.axes()) {
        rows.add(
            List.of(
                axis.name().text(),
                count(axis.width()),
                count(axis.instances()),
                counted(axis.hopCycles(), "cycle"),
                fill(axis),
                drain(axis)));
      }
    }
    return rows;
  }

  private static String fill(Axis axis) {
    if (axis.hopCycles() == 0) {
      return "none";
    }
    return switch (axis.fill()) {
      case USED -> "counted";
      case WHOLE -> "counted, whole";
      case SKEWED -> "skewed";
      case HIDDEN -> "hidden";
    };
  }

  /** One time for all reductions, or those that take any. */
  private static String drain(Axis axis) {
    List<Map.Entry<OperationKind, Long>> drains =
        axis.drainCycles().entrySet().stream()
            .filter(own -> own.getValue() > 0)
            .sorted(Map.Entry.comparingByKey())
            .toList();
    return drains.isEmpty()
        ? "no drain"
        : drains.stream()
            .map(own -> own.getKey().text() + " " + counted(own.getValue(), "cycle") + " a tile")
            .collect(Collectors.joining(", "));
  }

  private static List<List<String>> operations(Architecture architecture) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("unit", "instances", "operation", "every", "energy", "area of one"));
    boolean hasEnergy = hasEnergy(architecture);
    for (ComputeUnit unit : architecture.units()) {
      String name = unit.name().text();
      String instances = count(unit.instances());
      for (var operation : new TreeMap<>(unit.operations()).entrySet()) {
        OperationCost cost = operation.getValue();
        rows.add(
            List.of(
                name,
                instances,
                operation.getKey().text(),
                interval(cost.initiationIntervalCycles()) + latency(cost),
                hasEnergy ? plain(cost.picojoules()) + " pJ" : UNKNOWN,
                small(cost.squareMillimetres())));
        name = "";
        instances = "";
      }
      for (OperationVariant variant : unit.variants()) {
        OperationCost cost = variant.cost();
        rows.add(
            List.of(
                "",
                "",
                variant.name().text() + ", " + variant.of().text() + " in another way",
                interval(cost.initiationIntervalCycles()) + latency(cost),
                hasEnergy ? plain(cost.picojoules()) + " pJ" : UNKNOWN,
                small(cost.squareMillimetres())));
      }
    }
    return rows;
  }

  private static String latency(OperationCost cost) {
    return cost.latencyCycles() == 0
        ? ""
        : ", result after " + counted(cost.latencyCycles(), "cycle");
  }

  private static String interval(Rational cycles) {
    return cycles + (cycles.compareTo(Rational.of(1)) > 0 ? " cycles" : " cycle");
  }

  private static List<List<String>> areas(Area area) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("area of", "instances", "one", "all"));
    for (Area.Part part : area.parts()) {
      rows.add(
          List.of(
              part.name(),
              count(part.instances()),
              small(part.squareMillimetresEach()),
              part.squareMillimetres().map(a -> plain(a) + " mm^2").orElse(UNKNOWN)));
    }
    rows.add(List.of("total", "", "", total(area)));
    return rows;
  }

  private static String total(Area area) {
    if (area.unknownParts().size() == area.parts().size()) {
      return UNKNOWN;
    }
    String known = plain(area.knownSquareMillimetres()) + " mm^2";
    return area.unknownParts().isEmpty()
        ? known
        : known + " without " + String.join(", ", area.unknownParts());
  }

  private static boolean hasEnergy(Architecture architecture) {
    return architecture.levels().stream()
            .anyMatch(level -> level.readPicojoules() > 0 || level.writePicojoules() > 0)
        || architecture.units().stream()
            .flatMap(unit -> unit.operations().values().stream())
            .anyMatch(cost -> cost.picojoules() > 0);
  }

  private static String small(Optional<Double> squareMillimetres) {
    return squareMillimetres.map(a -> plain(a * SQUARE_MICROMETRES) + " um^2").orElse(UNKNOWN);
  }

  private static String clock(Architecture architecture) {
    return plain(architecture.clockHertz() / 1e6) + " MHz";
  }

  private static String counted(long count, String what) {
    return count(count) + " " + what + (count == 1 ? "" : "s");
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** Of instances, which need not fit a {@code long}. */
  private static String count(double count) {
    return String.format(Locale.ROOT, "%,.0f", count);
  }

  /** Six digits, which is what the sources have. */
  private static String plain(double value) {
    return BigDecimal.valueOf(value).round(DIGITS).stripTrailingZeros().toPlainString();
  }

  private static String item(String text) {
    return ZooCommand.Show.wrapped(text).stream().collect(Collectors.joining("\n    ", "  ", "\n"));
  }
}
