package dev.weir.cli.analysis;

import dev.weir.einsum.analysis.CompulsoryTraffic;
import dev.weir.einsum.analysis.ForcedTraffic;
import dev.weir.einsum.analysis.LiveFootprint;
import dev.weir.einsum.analysis.OperationCount;
import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.analysis.PassReport;
import dev.weir.einsum.analysis.Taxonomy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** An analysis as a tree of maps and lists for JSON; docs/analysis.md describes every key. */
public final class AnalysisJson {

  private AnalysisJson() {}

  /** The whole document. */
  public static Map<String, Object> of(Analysis analysis) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("cascade", analysis.cascade().name());
    out.put("description", analysis.cascade().description());
    out.put("softmaxes", analysis.softmaxes().stream().map(AnalysisJson::softmax).toList());
    out.put(
        "ranks",
        analysis.passes().swept().stream()
            .map(rank -> rank(rank, analysis.live().of(rank.rank()), analysis))
            .toList());
    analysis.counts().ifPresent(counts -> out.put("counts", counts(counts)));
    return out;
  }

  private static Map<String, Object> softmax(Taxonomy.Softmax softmax) {
    return map(
        "ranks", texts(softmax.ranks()),
        "passes", softmax.passes(),
        "tableI", softmax.row().map(Taxonomy.TableRow::members).orElse(null),
        "maximum", softmax.maximum().text(),
        "dividing", texts(softmax.dividing()),
        "divisionIsDeferred", softmax.isDeferred());
  }

  private static Map<String, Object> rank(
      PassReport.OfRank rank, LiveFootprint.OfRank live, Analysis analysis) {
    return map(
        "rank", rank.rank().text(),
        "parts", texts(rank.parts()),
        "passes", rank.passes(),
        "forEachStepOf", texts(rank.sweptAgainFor().stream().sorted().toList()),
        "einsums", rank.einsums().stream().map(AnalysisJson::einsum).toList(),
        "barriers", rank.barriers().stream().map(AnalysisJson::barrier).toList(),
        "tensors", rank.tensors().stream().map(AnalysisJson::tensor).toList(),
        "footprintGrows", live.grows(),
        "live", live.moments().stream().map(moment -> moment(moment, analysis)).toList(),
        "carried", live.carried().stream().map(AnalysisJson::kept).toList());
  }

  private static Map<String, Object> einsum(PassReport.OfEinsum einsum) {
    return map(
        "einsum", einsum.einsum().text(),
        "isInitial", einsum.isInitial(),
        "when", einsum.when().name().toLowerCase(Locale.ROOT),
        "pass", einsum.pass());
  }

  private static Map<String, Object> barrier(PassReport.Barrier barrier) {
    return map(
        "endedPass", barrier.endedPass(),
        "completing", barrier.completing().text(),
        "completed", texts(barrier.completed()),
        "how", barrier.completion().text(),
        "carriers", texts(barrier.carriers()),
        "reopening", barrier.reopening().text(),
        "rereads", texts(barrier.rereads()),
        "firstReads", texts(barrier.firstReads()));
  }

  private static Map<String, Object> tensor(PassReport.OfTensor tensor) {
    return map(
        "tensor", tensor.tensor().text(),
        "role", role(tensor.role()),
        "passes", List.copyOf(tensor.passes()),
        "sweeps", tensor.sweeps(),
        "sweepsIfNoFiberIsKept",
            tensor.sweepsComputingAgain().isPresent()
                ? tensor.sweepsComputingAgain().getAsInt()
                : null);
  }

  private static Map<String, Object> moment(LiveFootprint.Moment moment, Analysis analysis) {
    Map<String, Object> out =
        map(
            "complete", moment.complete().text(),
            "forEach", texts(moment.forEach()),
            "kept", moment.kept().stream().map(AnalysisJson::kept).toList());
    analysis.counts().ifPresent(counts -> out.put("words", moment.words(counts.shapes())));
    return out;
  }

  private static Map<String, Object> kept(LiveFootprint.Kept kept) {
    return map(
        "tensor", kept.tensor().text(),
        "role", role(kept.role()),
        "ranks", texts(kept.ranks()),
        "forEach", texts(kept.forEach()));
  }

  private static Map<String, Object> counts(Analysis.Counts counts) {
    Map<String, Long> shapes = new TreeMap<>();
    counts.withParts().forEach((rank, shape) -> shapes.put(rank.text(), shape));
    Map<String, Object> out =
        map(
            "shapes", shapes,
            "wordBytes", counts.wordBytes(),
            "operations", operations(counts.operations()),
            "compulsoryTraffic", traffic(counts.traffic()),
            "operationsPerCompulsoryByte", counts.intensity(),
            "operationsPerCompulsoryByteIs", bound(counts.intensityBound()));
    counts.forced().ifPresent(forced -> out.put("forcedTraffic", forced(forced)));
    counts
        .intensityWithForced()
        .ifPresent(
            with -> {
              out.put("operationsPerByteWithForcedTraffic", with);
              out.put(
                  "operationsPerByteWithForcedTrafficIs", bound(counts.intensityWithForcedBound()));
            });
    return out;
  }

  private static String bound(Analysis.Counts.Bound bound) {
    return switch (bound) {
      case EXACT -> "exact";
      case AT_MOST -> "atMost";
      case AT_LEAST -> "atLeast";
      case OPEN -> "open";
    };
  }

  private static Map<String, Object> operations(OperationCount count) {
    return map(
        "einsums",
            count.einsums().stream()
                .map(
                    einsum ->
                        map(
                            "einsum", einsum.einsum().text(),
                            "points", einsum.points().points(),
                            "atMost", einsum.points().whyUpperBound().isPresent(),
                            "why", einsum.points().whyUpperBound().orElse(null),
                            "operations", kinds(einsum.operations())))
                .toList(),
        "totals", kinds(count.totals()),
        "atMost", !count.isExact(),
        "all", count.weighted());
  }

  private static Map<String, Long> kinds(Map<OperationKind, Long> operations) {
    Map<String, Long> kinds = new LinkedHashMap<>();
    new TreeMap<>(operations).forEach((kind, count) -> kinds.put(kind.text(), count));
    return kinds;
  }

  private static Map<String, Object> traffic(CompulsoryTraffic traffic) {
    return map(
        "tensors",
            traffic.tensors().stream()
                .filter(tensor -> tensor.compulsoryWords() > 0)
                .map(
                    tensor ->
                        map(
                            "tensor", tensor.tensor().text(),
                            "role", role(tensor.role()),
                            "words", tensor.words(),
                            "atMost", tensor.isUpperBound()))
                .toList(),
        "words", traffic.compulsoryWords(),
        "atMost", traffic.isUpperBound());
  }

  private static Map<String, Object> forced(ForcedTraffic forced) {
    return map(
        "bufferWords", forced.bufferWords(),
        "words", forced.words(),
        "conditionsCountAsTrue", forced.countsConditionsAsTrue(),
        "ranks",
            forced.ranks().stream()
                .filter(rank -> rank.words() > 0)
                .map(
                    rank ->
                        map(
                            "rank", rank.rank().text(),
                            "readWords", rank.readWords(),
                            "writtenWords", rank.writtenWords()))
                .toList());
  }

  private static String role(Enum<?> role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  private static List<String> texts(List<?> names) {
    return names.stream().map(Object::toString).toList();
  }

  private static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
