package dev.weir.cli.analysis;

import dev.weir.einsum.analysis.CompulsoryTraffic;
import dev.weir.einsum.analysis.ForcedTraffic;
import dev.weir.einsum.analysis.LiveFootprint;
import dev.weir.einsum.analysis.OperationCount;
import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.analysis.PassReport;
import dev.weir.einsum.analysis.Taxonomy;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.reports.text.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** An analysis for a terminal. */
public final class AnalysisText {

  private AnalysisText() {}

  /** All of it. */
  public static String of(Analysis analysis) {
    return heading(analysis.cascade())
        + taxonomy(analysis)
        + analysis.passes().swept().stream()
            .map(rank -> "\n" + rank(rank, analysis.live()))
            .collect(Collectors.joining())
        + analysis.counts().map(counts -> counts(counts, analysis)).orElse("");
  }

  private static String heading(Cascade cascade) {
    String description = cascade.description().isEmpty() ? "" : ": " + cascade.description();
    return "cascade " + cascade.name() + description + "\n\n";
  }

  /** Where it stands in Table I of FuseMax. */
  private static String taxonomy(Analysis analysis) {
    if (analysis.softmaxes().isEmpty()) {
      return "not softmax-like: nothing is divided by a sum of exponentials along a rank, so Table"
          + " I of FuseMax has no row for it\n";
    }
    return analysis.softmaxes().stream().map(AnalysisText::softmax).collect(Collectors.joining());
  }

  private static String softmax(Taxonomy.Softmax softmax) {
    String row =
        softmax
            .row()
            .map(found -> " cascade, as " + found.members() + " (FuseMax, Table I)")
            .orElse(" cascade, more than any in Table I of FuseMax");
    String each =
        softmax.ranks().stream().map(RankName::variable).collect(Collectors.joining(", "));
    String division =
        softmax.isDeferred() ? "deferred: not repeated along " + each : "at every " + each;
    return "softmax over %s: %d-pass%s%n  maximum   %s%n  division  %s, in %s%n"
        .formatted(
            names(softmax.ranks()),
            softmax.passes(),
            row,
            softmax.maximum().text(),
            division,
            names(softmax.dividing()));
  }

  /** Passes over a rank, what forces them and what they keep alive. */
  private static String rank(PassReport.OfRank rank, LiveFootprint footprint) {
    LiveFootprint.OfRank live = footprint.of(rank.rank());
    StringBuilder text = new StringBuilder(PassReport.text(rank)).append('\n');
    live.moments().forEach(moment -> text.append("  ").append(lives(moment)).append('\n'));
    if (!live.carried().isEmpty()) {
      text.append("  from step to step go ")
          .append(
              live.carried().stream().map(AnalysisText::words).collect(Collectors.joining(", ")))
          .append('\n');
    }
    if (live.grows()) {
      text.append("  the live footprint grows with ")
          .append(rank.rank())
          .append(footprint.countsConditionsAsTrue() ? ", were all conditions true" : "")
          .append('\n');
    } else if (rank.passes() > 1) {
      text.append("  no fiber lives for certain: nothing is read again, or it goes through tables")
          .append(" or moved coordinates, or is made anew\n");
    }
    return text.toString();
  }

  private static String lives(LiveFootprint.Moment moment) {
    return "when %s is complete, %s"
        .formatted(
            moment.complete(),
            eachWithItsRanks(
                moment,
                kept ->
                    kept.stream().map(AnalysisText::words).collect(Collectors.joining(" and "))
                        + " live",
                ", and "));
  }

  private static String words(LiveFootprint.Kept kept) {
    return kept.text() + (kept.ranks().isEmpty() ? " word of " : " words of ") + kept.tensor();
  }

  /** What lives, that for the same ranks together, with the ranks for each of which it does. */
  private static String eachWithItsRanks(
      LiveFootprint.Moment moment,
      Function<List<LiveFootprint.Kept>, String> text,
      String separator) {
    return moment.kept().stream()
        .collect(
            Collectors.groupingBy(
                LiveFootprint.Kept::forEach, LinkedHashMap::new, Collectors.toList()))
        .entrySet()
        .stream()
        .map(group -> text.apply(group.getValue()) + forEach(group.getKey(), moment))
        .collect(Collectors.joining(separator));
  }

  private static String forEach(List<RankName> ranks, LiveFootprint.Moment moment) {
    if (moment.forEach().isEmpty()) {
      return "";
    }
    return ranks.isEmpty()
        ? " for all " + variables(moment.forEach())
        : " for each " + variables(ranks);
  }

  private static String variables(List<RankName> ranks) {
    return ranks.stream().map(RankName::variable).collect(Collectors.joining(", "));
  }

  private static String counts(Analysis.Counts counts, Analysis analysis) {
    String shapes =
        new TreeMap<>(counts.workload())
                .entrySet().stream()
                    .map(shape -> shape.getKey() + "=" + shape.getValue())
                    .collect(Collectors.joining(", "))
            + undividedParts(counts, analysis.cascade());
    return "\nwith shapes %s and words of %s B%n%n".formatted(shapes, counts.wordBytes())
        + operations(counts.operations())
        + "\n"
        + traffic(counts)
        + footprint(counts, analysis)
        + forced(counts)
        + "\n"
        + intensity(counts);
  }

  /** Parts that nothing gives a shape: each is all of its rank, in one step. */
  private static String undividedParts(Analysis.Counts counts, Cascade cascade) {
    return cascade.partitions().stream()
        .filter(split -> !counts.workload().containsKey(split.inner()))
        .map(
            split ->
                "; %s=%d, all of %s, as no tile is said (--shape %s=… says one)"
                    .formatted(
                        split.inner(),
                        counts.shapes().of(split.inner()),
                        split.parent(),
                        split.inner()))
        .collect(Collectors.joining());
  }

  private static String operations(OperationCount count) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Einsum", "points", "operations"));
    for (OperationCount.OfEinsum einsum : count.einsums()) {
      boolean isUpper = einsum.points().whyUpperBound().isPresent();
      rows.add(
          List.of(
              einsum.einsum().text(),
              atMost(isUpper) + grouped(einsum.points().points()) + " points",
              kinds(einsum.operations(), isUpper ? Set.of(OperationKind.values()) : Set.of())));
    }
    rows.add(List.of("all", "", kinds(count.totals(), count.upperBounds())));
    return TextTable.of(rows) + whyAtMost(count);
  }

  private static String whyAtMost(OperationCount count) {
    Map<String, List<String>> why = new TreeMap<>();
    for (OperationCount.OfEinsum einsum : count.einsums()) {
      einsum
          .points()
          .whyUpperBound()
          .ifPresent(
              reason ->
                  why.computeIfAbsent(reason, _ -> new ArrayList<>()).add(einsum.einsum().text()));
    }
    return why.entrySet().stream()
        .map(entry -> "at most: %s, %s%n".formatted(names(entry.getValue()), entry.getKey()))
        .collect(Collectors.joining());
  }

  private static String kinds(Map<OperationKind, Long> operations, Set<OperationKind> atMost) {
    return operations.isEmpty()
        ? "none"
        : new TreeMap<>(operations)
            .entrySet().stream()
                .map(
                    entry ->
                        atMost(atMost.contains(entry.getKey()))
                            + grouped(entry.getValue())
                            + " "
                            + entry.getKey().text())
                .collect(Collectors.joining(", "));
  }

  private static String traffic(Analysis.Counts counts) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("tensor", "role", "must cross the chip's border", ""));
    CompulsoryTraffic traffic = counts.traffic();
    for (CompulsoryTraffic.OfTensor tensor : traffic.tensors()) {
      if (tensor.compulsoryWords() > 0) {
        rows.add(
            List.of(
                tensor.tensor().text(),
                tensor.role().name().toLowerCase(Locale.ROOT),
                atMost(tensor.isUpperBound()) + grouped(tensor.compulsoryWords()) + " words",
                bytes(counts.bytes(tensor.compulsoryWords()))));
      }
    }
    rows.add(
        List.of(
            "all",
            "",
            atMost(traffic.isUpperBound()) + grouped(traffic.compulsoryWords()) + " words",
            bytes(counts.bytes(traffic.compulsoryWords()))));
    String why =
        traffic.isUpperBound()
            ? "at most: data decide which elements are needed, or it takes too long to count them\n"
            : "";
    return TextTable.of(rows) + why;
  }

  private static String footprint(Analysis.Counts counts, Analysis analysis) {
    List<List<String>> rows = new ArrayList<>();
    String lives =
        analysis.live().countsConditionsAsTrue() ? "lives, were all conditions true" : "lives";
    rows.add(List.of("rank", "when complete", lives, "", ""));
    for (LiveFootprint.OfRank rank : analysis.live().ranks()) {
      for (LiveFootprint.Moment moment : rank.moments()) {
        long words = moment.words(counts.shapes());
        rows.add(
            List.of(
                rank.rank().text(),
                moment.complete().text(),
                grouped(words) + " words",
                bytes(counts.bytes(words)),
                eachWithItsRanks(
                    moment,
                    kept -> names(kept.stream().map(LiveFootprint.Kept::tensor).toList()),
                    ", ")));
      }
      if (!rank.carried().isEmpty()) {
        long words = rank.carriedWords(counts.shapes());
        rows.add(
            List.of(
                rank.rank().text(),
                "each step",
                grouped(words) + " words",
                bytes(counts.bytes(words)),
                names(rank.carried().stream().map(LiveFootprint.Kept::tensor).toList())));
      }
    }
    return rows.size() == 1 ? "" : "\n" + TextTable.of(rows);
  }

  private static String forced(Analysis.Counts counts) {
    return counts.forced().map(forced -> forced(forced, counts)).orElse("");
  }

  private static String forced(ForcedTraffic forced, Analysis.Counts counts) {
    String buffer =
        "\nwith a buffer of %s words (%s), "
            .formatted(grouped(forced.bufferWords()), bytes(counts.bytes(forced.bufferWords())));
    if (forced.words() == 0) {
      return buffer + "passes force no more\n";
    }
    StringBuilder text = new StringBuilder(buffer);
    text.append(
        "passes force %s%s words (%s) more%n"
            .formatted(
                forced.countsConditionsAsTrue() ? "" : "at least ",
                grouped(forced.words()),
                bytes(counts.bytes(forced.words()))));
    for (ForcedTraffic.OfRank rank : forced.ranks()) {
      if (rank.words() > 0) {
        text.append(
            "  rank %s: %s words read again, %s words written for that%n"
                .formatted(rank.rank(), grouped(rank.readWords()), grouped(rank.writtenWords())));
      }
    }
    if (forced.countsConditionsAsTrue()) {
      text.append("  conditions are counted as always true: where they leave points out, less is")
          .append(" forced\n");
    }
    return text.toString();
  }

  private static String intensity(Analysis.Counts counts) {
    String text =
        "arithmetic intensity %s%s operations/B of what must cross the border (a mac counts 2)%n"
            .formatted(counts.intensityBound().text(), number(counts.intensity()));
    return text
        + counts
            .intensityWithForced()
            .map(
                with ->
                    "arithmetic intensity %s%s operations/B with what passes force%n"
                        .formatted(counts.intensityWithForcedBound().text(), number(with)))
            .orElse("");
  }

  private static String atMost(boolean isUpperBound) {
    return isUpperBound ? "at most " : "";
  }

  private static String bytes(long bytes) {
    String[] prefixes = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
    double scaled = bytes;
    int prefix = 0;
    while (scaled >= 1024 && prefix < prefixes.length - 1) {
      scaled /= 1024;
      prefix++;
    }
    return number(scaled) + " " + prefixes[prefix] + "B";
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.3g", value);
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String names(List<?> names) {
    return names.stream().map(Object::toString).collect(Collectors.joining(", "));
  }
}
