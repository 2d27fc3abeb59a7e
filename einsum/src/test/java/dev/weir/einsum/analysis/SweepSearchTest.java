package dev.weir.einsum.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The analysis against a search over points that shares no code with it. */
class SweepSearchTest {

  private static final long SEED = 20261124;
  private static final int CASCADES = 500;

  @Test
  void namedCascadesAgree() {
    List<Cascade> cascades =
        List.of(
            FuseMaxCascades.naive(),
            FuseMaxCascades.naiveDeferred(),
            FuseMaxCascades.cascade4(),
            FuseMaxCascades.cascade4Deferred(),
            FuseMaxCascades.twoPass(),
            FuseMaxCascades.twoPassDeferred(),
            FuseMaxCascades.cascade5());
    for (Cascade cascade : cascades) {
      for (String rank : List.of("M", "P", "E", "F")) {
        assertAgrees(cascade, rank, "M=6 M0=2 P=2 E=2 F=2");
      }
    }
    for (Cascade cascade :
        List.of(
            FuseMaxCascades.cascade1(), FuseMaxCascades.cascade2(), FuseMaxCascades.cascade3())) {
      assertAgrees(cascade, "K", "K=4");
    }
  }

  /**
   * The last step of a sweep may already follow a barrier, so each barrier gains a step: seven
   * steps are enough that no pass is gained.
   */
  @Test
  void randomCascadesAgree() {
    Map<Integer, Integer> seen = new HashMap<>();
    for (long seed = SEED; seed < SEED + CASCADES; seed++) {
      Cascade cascade = RandomCascades.plain(seed);
      assertAgrees(cascade, "M", "M=14 M0=2 P=1 F=1");
      seen.merge(PassAnalysis.of(cascade).passes(new RankName("M")), 1, Integer::sum);
    }
    assertThat(seen).as("passes that occur, from seed %d", SEED).containsKeys(1, 2, 3);
  }

  private static void assertAgrees(Cascade cascade, String rank, String shapes) {
    RankName name = new RankName(rank);
    assertThat(PassAnalysis.of(cascade).passes(name))
        .as("%s over %s%n%s", cascade.name(), rank, PassAnalysis.of(cascade).text())
        .isEqualTo((int) SweepSearch.sweeps(cascade, CascadeBuilder.shapes(cascade, shapes), name));
  }
}
