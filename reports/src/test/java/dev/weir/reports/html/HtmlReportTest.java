package dev.weir.reports.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Report;
import dev.weir.reports.model.SampleReports;
import dev.weir.reports.model.Section;
import java.util.List;
import java.util.regex.Pattern;
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
