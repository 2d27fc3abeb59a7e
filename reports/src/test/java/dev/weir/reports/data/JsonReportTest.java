package dev.weir.reports.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.reports.model.Report;
import dev.weir.reports.model.SampleReports;
import dev.weir.reports.model.Section;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonReportTest {

  @Test
  void holdsEveryNumberExactlyWithItsUnitAndSource() {
    Report report = SampleReports.everyKind();
    JsonNode document = JsonMapper.shared().readTree(JsonReport.render(report));
    List<String> found = new ArrayList<>();
    collect(document.get("sections"), document.get("sources"), found);

    assertThat(found)
        .containsExactlyElementsOf(
            report.sections().stream()
                .flatMap(Section::figures)
                .map(f -> f.value() + f.unit().exactSymbol() + f.source().reader())
                .toList());
  }

  private static void collect(JsonNode node, JsonNode sources, List<String> found) {
    if (node.has("unit") && node.has("source")) {
      JsonNode source = sources.get(node.get("source").asInt() - 1);
      found.add(
          node.get("value").asString()
              + node.get("unit").asString()
              + source.get("reader").asString());
      return;
    }
    node.forEach(child -> collect(child, sources, found));
  }
}
