package dev.weir.reports.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.reports.model.Part;
import dev.weir.reports.model.SampleReports;
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
