package dev.weir.mapper.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import org.junit.jupiter.api.Test;

class SchedulePrinterTest {

  @Test
  void whatIsPrintedIsReadBack() {
    for (long seed = 0; seed < 500; seed++) {
      Schedule schedule = new RandomTrees(seed).schedule();
      String text = SchedulePrinter.print(schedule);
      Diagnostics diagnostics = new Diagnostics();
      var read = ScheduleReader.read(new SourceFile("printed", text), diagnostics);
      assertThat(diagnostics.render()).as("seed %s%n%s", seed, text).isEmpty();
      assertThat(read.orElseThrow().schedule()).as("seed %s%n%s", seed, text).isEqualTo(schedule);
    }
  }

  @Test
  void nestsStandOnOneLineAndBlocksAreIndented() {
    String text =
        """
        schedule s "words" for c
          parameter P1 = 4
          shape M0 = 8
          for p by 2*P1 flow  iterate m1 {
            keep Q, K at Buffer copies 2 double
            {
              keep X at Other
              compute X on A
            }
            seq {
              spatial m by 1 on A.x multicast K, Q reduce Z  for e by 1  compute Z on A
              last m1  compute Y on B
            }
            pipeline p by 2  par {
              stage 0  compute A on U
              stage 1  compute B on V
            }
          }
        """;
    Diagnostics diagnostics = new Diagnostics();
    var read = ScheduleReader.read(new SourceFile("text", text), diagnostics);
    assertThat(diagnostics.render()).isEmpty();
    assertThat(SchedulePrinter.print(read.orElseThrow().schedule())).isEqualTo(text);
  }
}
