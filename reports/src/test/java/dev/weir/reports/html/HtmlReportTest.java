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
      slices.add(
          new Part.Timeline.Slice(
              slices.size(), slices.size() + 1, Part.Timeline.SliceKind.WORK, name, ""));
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
  void waitsHaveNoColourAndTheirReasonInThem() {
    Part.Timeline waits =
        new Part.Timeline(
            "T",
            "",
            figure(0),
            figure(9),
            List.of(
                new Part.Timeline.Lane(
                    "U",
                    List.of(
                        new Part.Timeline.Slice(0, 5, Part.Timeline.SliceKind.STALL, "load", ""),
                        new Part.Timeline.Slice(
                            5, 9, Part.Timeline.SliceKind.STALL, "store", "")))));

    assertThat(page(waits))
        .contains("waits: load : cycles 0 to 5 (5 cycles)", ">store</text>", "</svg>waits</li>")
        .doesNotContain("</svg>load</li>");
  }

  /** Ten cycles of forty are a quarter of the bar; a second later epoch leaves a gap. */
  @Test
  void epochsShowWhenInThemWorkIsDone() {
    Part.Epochs.Work work = new Part.Epochs.Work("BQK", 7, 1, 110, 120, 10, "p=0..3");
    Part.Epochs epochs =
        new Part.Epochs(
            "E",
            "",
            List.of(
                new Part.Epochs.Epoch(8, figure(100), figure(40)), new Part.Epochs.Gap("9 epochs")),
            List.of(
                new Part.Epochs.Row(
                    "U",
                    List.of(
                        new Part.Epochs.Turn(List.of(work), List.of("load 30")),
                        Part.Epochs.Turn.EMPTY))));

    assertThat(page(epochs))
        .contains("epoch 8", "9 epochs", "n−1", "waits: load 30", "data-tile=\"7\"")
        .contains("BQK on tile 7 (p=0..3): 10 cycles from 110 on")
        .contains("x=\"25.00\" width=\"25.00\"");
  }

  @Test
  void bandsOverTimeAreStacked() {
    Part.OverTime profile =
        new Part.OverTime(
            "O",
            "",
            figure(100),
            List.of(0L, 25L, 100L),
            List.of(
                new Part.OverTime.Strip(
                    "U",
                    List.of(
                        new Part.OverTime.Band("busy", List.of(0.5, 1.0)),
                        new Part.OverTime.Band("load", List.of(0.5, 0.0))))));

    // The strip is 928 wide from 176 on and 52 high from 28 on.
    assertThat(page(profile))
        .contains("M176.0 54.0H408.0L408.0 28.0H1104.0L1104.0 80.0H408.0L408.0 80.0H176.0Z")
        .contains("M176.0 28.0H408.0L408.0 28.0H1104.0L1104.0 28.0H408.0L408.0 54.0H176.0Z")
        .contains("U: busy 87.5 % of all cycles", "U: load 12.5 % of all cycles");
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
