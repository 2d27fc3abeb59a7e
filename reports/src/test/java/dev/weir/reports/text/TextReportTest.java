package dev.weir.reports.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.SampleReports;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextReportTest {

  @Test
  void summaryIsAlignedAndNamesWhatWasNotRun() {
    assertThat(TextReport.summary(SampleReports.everyKind()))
        .isEqualTo(
            """
            Sample

            Spatial array
              A made-up machine.
              latency  48,235,520 cycles  51.3 ms on a

            Device
              None here.
              check  NOT RUN: no device
              NOT RUN  Kernel: no OpenCL device found
            """);
  }

  @Test
  void longLinesOfALoopNestAreBrokenBetweenLoopsAndSizesKeepTheirColumn() {
    Part nest =
        new Part.LoopNest(
            "Nest",
            "",
            List.of(
                new Part.LoopNest.Line(
                    0, Part.LoopNest.Kind.LOOP, List.of("for p by 1"), "4 tiles"),
                new Part.LoopNest.Line(
                    1,
                    Part.LoopNest.Kind.COMPUTE,
                    List.of(
                        "spatial p by 1 on Array2D.columns multicast K",
                        "spatial m0 by 1 on Array2D.rows multicast Q",
                        "compute BQK on Array2D"),
                    "")));

    assertThat(TextReport.part(nest))
        .isEqualTo(
            """
            Nest
            for p by 1                                                                 4 tiles
              spatial p by 1 on Array2D.columns multicast K
                  spatial m0 by 1 on Array2D.rows multicast Q  compute BQK on Array2D
            """);
  }

  @Test
  void dashesForMissingNumbersStandInTheColumnOfTheNumbers() {
    Source source = new Source("test", "by hand", List.of());
    Part table =
        new Part.Table(
            "Energy",
            "",
            List.of("machine", "energy"),
            List.of(
                List.of(Cell.of("a"), Cell.of(Figure.of(1_500.0, Unit.PICOJOULES, source))),
                List.of(Cell.of("b"), Cell.of("–"))));

    assertThat(TextReport.part(table))
        .isEqualTo(
            """
            Energy
            machine  energy
            a        1.5 nJ
            b             –
            """);
  }

  @Test
  void tableLinesUpNumbersToTheRight() {
    Part table = SampleReports.everyKind().sections().getFirst().parts().getFirst();

    assertThat(TextReport.part(table))
        .isEqualTo(
            """
            Schedules
            schedule            latency      off-chip  legal
            unfused   99,000,123 cycles  8.111 Gwords  passed
            fused     48,235,520 cycles  402.7 Mwords  passed
            """);
  }
}
