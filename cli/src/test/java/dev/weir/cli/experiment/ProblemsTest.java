package dev.weir.cli.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.CommandLineRun;
import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProblemsTest {

  /** {@code partition L = B * I by 8}: docs/language.md calls that the default of I. */
  @Test
  void innerPartHasItsDefault() {
    Cascade cascade =
        CascadeReader.readFile(
            CommandLineRun.ROOT.resolve("configs/cascades/zoo/lightning_attention.edge"));
    Map<RankName, Long> given =
        Map.of(
            new RankName("H"), 2L,
            new RankName("L"), 24L,
            new RankName("J"), 8L,
            new RankName("E"), 6L,
            new RankName("F"), 6L);

    Map<RankName, Long> workload = Problems.workload(cascade, given, "a test");

    assertThat(workload).containsEntry(new RankName("I"), 8L);
    assertThat(cascade.shapes(workload).of(new RankName("B"))).isEqualTo(3);
  }
}
