package dev.weir.cli.validation;

import dev.weir.opencl.probe.Peaks;
import dev.weir.opencl.runtime.DeviceDescription;
import dev.weir.opencl.validate.Comparison;
import dev.weir.reports.model.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A validation as JSON; units stand in the keys, and what is not known is left out. */
public final class ValidationJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private ValidationJson() {}

  /** The whole document. */
  public static String render(ValidationResult result) {
    Map<String, Object> out = new LinkedHashMap<>();
    Map<String, String> facts = new LinkedHashMap<>();
    result.facts().forEach(fact -> facts.put(fact.name(), fact.value()));
    out.put("facts", facts);
    out.put("complete", result.isComplete());
    out.put("kernels", result.rows().count());
    out.put("passed", result.count(Outcome.PASSED));
    out.put("failed", result.count(Outcome.FAILED));
    out.put("notRun", result.count(Outcome.NOT_RUN));
    out.put("notes", result.notes());
    out.put("devices", result.devices().stream().map(ValidationJson::device).toList());
    out.put("withoutKernel", result.gaps().stream().map(ValidationJson::gap).toList());
    return MAPPER.writeValueAsString(out) + "\n";
  }

  private static Map<String, Object> gap(Targets.Gap gap) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("cascade", gap.cascade());
    out.put("architecture", gap.architecture());
    out.put("reason", gap.reason());
    return out;
  }

  private static Map<String, Object> device(DeviceResult result) {
    DeviceDescription device = result.device();
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("device", device.name());
    out.put("platform", device.platform());
    out.put("driver", device.driver());
    out.put("version", device.version());
    out.put("kind", device.kind().name());
    out.put("computeUnits", device.computeUnits());
    out.put("localBytes", device.localBytes());
    out.put("maxGroupItems", device.maxGroupSize());
    out.put("vectorFloats", device.vectorFloats());
    out.put("globalBytes", device.globalBytes());
    out.put("maxBufferBytes", device.maxBufferBytes());
    result.peaks().ifPresent(peaks -> out.put("peaks", peaks(peaks)));
    result.peaksAtEnd().ifPresent(peaks -> out.put("peaksAtEnd", peaks(peaks)));
    out.put("peaksChanged", result.changes());
    out.put("describedBy", result.descriptions().stream().map(ValidationJson::described).toList());
    out.put("notes", result.notes());
    out.put("rows", result.rows().stream().map(ValidationJson::row).toList());
    return out;
  }

  private static Map<String, Object> described(DescribedPeaks described) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("architecture", described.architecture());
    out.put("multiplyAddFlopPerSecond", described.operationsPerSecond());
    described.bytesPerSecond().ifPresent(bytes -> out.put("copyBytesPerSecond", bytes));
    return out;
  }

  private static Map<String, Object> peaks(Peaks peaks) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("multiplyAddFlopPerSecond", peaks.multiplyAccumulates().operationsPerSecond());
    out.put("multiplyAddLanes", peaks.multiplyAccumulates().lanes());
    out.put(
        "multiplyAddFastestSeconds",
        peaks.multiplyAccumulates().times().minimumMilliseconds() / 1e3);
    out.put(
        "multiplyAddMedianSeconds", peaks.multiplyAccumulates().times().medianMilliseconds() / 1e3);
    out.put("copyBytesPerSecond", peaks.copy().bytesPerSecond());
    out.put("copyBytes", peaks.copy().bytes());
    out.put("copyFastestSeconds", peaks.copy().times().minimumMilliseconds() / 1e3);
    out.put("copyMedianSeconds", peaks.copy().times().medianMilliseconds() / 1e3);
    return out;
  }

  private static Map<String, Object> row(Row row) {
    Target target = row.target();
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("cascade", target.problem().cascade().name());
    out.put("schedule", target.problem().schedule().name());
    out.put("architecture", target.problem().architecture().name());
    out.put("shapes", target.shapes());
    out.put("precision", target.format().text());
    out.put("outcome", row.outcome().name());
    row.kernelHash().ifPresent(hash -> out.put("kernelSha256Start", hash));
    row.errorOfBound().ifPresent(error -> out.put("largestErrorOfBound", error));
    row.predictedSeconds().ifPresent(seconds -> out.put("predictedSeconds", seconds));
    row.timing()
        .ifPresent(
            timing -> {
              out.put("runs", timing.runs());
              out.put("fastestSeconds", timing.minimumMilliseconds() / 1e3);
              out.put("medianSeconds", timing.medianMilliseconds() / 1e3);
              out.put("operations", timing.operations());
              out.put("flopPerSecond", timing.gigaflops() * 1e9);
            });
    out.put("compulsoryBytes", row.compulsoryBytes());
    row.roofline()
        .ifPresent(
            roofline -> {
              out.put("rooflineSeconds", roofline.seconds());
              out.put("rooflineLimit", roofline.limit());
            });
    row.rooflineShare().ifPresent(share -> out.put("rooflineShare", share));
    out.put("remarks", row.remarks());
    out.put("comparisons", comparisons(row.comparisons()));
    return out;
  }

  private static List<Map<String, Object>> comparisons(List<Comparison> comparisons) {
    return comparisons.stream()
        .map(
            comparison -> {
              Map<String, Object> out = new LinkedHashMap<>();
              out.put("inputs", comparison.inputs().text());
              out.put("shape", comparison.shape());
              out.put("output", comparison.output().text());
              out.put("comparedElements", comparison.comparedPoints());
              out.put("ofElements", comparison.allPoints());
              out.put("elementsWithoutBound", comparison.unboundedPoints());
              out.put("largestError", comparison.maxAbsoluteError());
              out.put("largestReferenceMagnitude", comparison.maxReferenceMagnitude());
              out.put("largestErrorOfBound", comparison.maxErrorOfBound());
              out.put("passed", comparison.passed());
              return out;
            })
        .toList();
  }
}
