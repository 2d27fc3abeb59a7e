package dev.weir.reports.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Provenance;
import dev.weir.reports.model.Report;
import dev.weir.reports.model.SampleReports;
import dev.weir.reports.model.Section;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HtmlReportTest {

  private static final Pattern FIGURE =
      Pattern.compile("data-value=\"([^\"]*)\" data-unit=\"([^\"]*)\"");

  @Test
  void everyNumberOfTheModelIsOnThePageInItsOrder() {
    Report report = SampleReports.everyKind();
    List<String> shown =
        FIGURE
            .matcher(HtmlReport.render(report))
            .results()
            .map(m -> m.group(1) + m.group(2))
            .toList();
    List<String> expected =
        report.sections().stream().flatMap(Section::figures).map(HtmlReportTest::key).toList();

    assertThat(shown).containsExactlyElementsOf(expected).hasSizeGreaterThan(8);
  }

  private static String key(Figure figure) {
    return figure.value().toPlainString() + figure.unit().name();
  }

  private static String page(Part... parts) {
    return HtmlReport.render(
        new Report(
            "r",
            "",
            new Provenance("c", List.of(), List.of()),
            List.of(new Section("s", "S", "", Outcome.PASSED, List.of(), List.of(parts)))));
  }

  private static Part.Timeline timeline(String... work) {
    List<Part.Timeline.Slice> slices = new ArrayList<>();
    for (String name : work) {
      slices.add(new Part.Timeline.Slice(slices.size(), slices.size() + 1, name, ""));
    }
    return new Part.Timeline(
        "T", "", figure(0), figure(slices.size()), List.of(new Part.Timeline.Lane("U", slices)));
  }

  private static Figure figure(long cycles) {
    return Figure.of(cycles, Unit.CYCLES, new Source("test", "by hand", List.of()));
  }

  @Test
  void picturesOfOneSectionShowOneThingInOneColour() {
    String page = page(timeline("BQK", "LM"), timeline("SLN", "LM", "BQK"));

    for (String name : List.of("BQK", "LM", "SLN")) {
      Set<String> styles =
          Pattern.compile("<rect class=\"(c\\d+)\"[^>]*/></svg>" + name + "</li>")
              .matcher(page)
              .results()
              .map(match -> match.group(1))
              .collect(Collectors.toSet());
      assertThat(styles).as(name).hasSize(1);
    }
    assertThat(page.split("</svg>SLN</li>", -1)).as("only where it is shown").hasSize(2);
    assertThat(page).contains(">cycles</text>");
  }

  @Test
  void smallBarIsAsLongAsALargeOne() {
    Part.Bars bars =
        new Part.Bars(
            "B",
            "",
            List.of(
                new Part.Bars.Bar("small", List.of(new Part.Bars.Segment("x", figure(7)))),
                new Part.Bars.Bar("large", List.of(new Part.Bars.Segment("x", figure(70_000))))));

    assertThat(page(bars).split("width=\"700.00\"", -1)).hasSize(3);
  }

  @Test
  void columnsOfNumbersAreMarkedWithTheirHeadingsAndDashes() {
    Part.Table table =
        new Part.Table(
            "T",
            "",
            List.of("name", "latency"),
            List.of(
                List.of(Cell.of("a"), Cell.of(figure(1))), List.of(Cell.of("b"), Cell.of("–"))));

    assertThat(page(table))
        .containsPattern("<th class=\"words\">name</th>\\s*<th class=\"number\">latency</th>")
        .containsPattern("<td class=\"number\">\\s*–\\s*</td>");
  }

  @Test
  void everySourceHasARowToLinkTo() {
    String page = HtmlReport.render(SampleReports.everyKind());

    Pattern.compile("href=\"#(source-\\d+)\"")
        .matcher(page)
        .results()
        .forEach(link -> assertThat(page).contains("<tr id=\"" + link.group(1) + "\">"));
  }

  @Test
  void textCannotBecomeMarkup() {
    String attack = "<script>alert('x')</script><img src=x onerror=y>\" onload=\"z";

    String page = HtmlReport.render(SampleReports.filledWith(attack));

    assertThat(page).doesNotContain("<script>alert", "<img");
    assertThat(page).doesNotContainPattern("<[^>]*\" onload=\"z");
    assertThat(page.split("<script", -1)).hasSize(2);
  }

  @Test
  void nothingIsFetchedFromAnywhere() {
    String page = HtmlReport.render(SampleReports.everyKind());

    assertThat(page).contains("default-src 'none'".replace("'", "&#39;"));
    assertThat(page).doesNotContainPattern("(?i)https?://|@import|url\\(|<iframe|<object| src=");
    assertThat(page).doesNotContainPattern("(?i)<[a-z][^>]* style=");
  }

  @Test
  void notRunIsSaidWithItsReason() {
    assertThat(HtmlReport.render(SampleReports.everyKind()))
        .contains("NOT RUN", "no OpenCL device found");
  }
}
