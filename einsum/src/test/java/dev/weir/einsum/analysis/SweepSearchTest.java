package dev.weir.einsum.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The analysis against searches over points that share no code with it. */
class SweepSearchTest {

  private static final long SEED = 20261124;
  private static final int CASCADES = 500;
  private static final RankName M = new RankName("M");

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

  /** Five coordinates, or three steps of two, tell a barrier from a neighbour. */
  @Test
  void irregularCascadesAgreeWithChainsOfBarriers() {
    Map<String, Integer> seen = new TreeMap<>();
    for (long seed = SEED; seed < SEED + CASCADES; seed++) {
      IrregularCascades.Drawn drawn = IrregularCascades.draw(seed);
      Cascade cascade = drawn.cascade();
      Map<RankName, Long> given =
          new HashMap<>(
              Map.of(
                  new RankName("P"),
                  2L,
                  new RankName("T"),
                  2L,
                  new RankName("N"),
                  2L,
                  M,
                  cascade.partitions().isEmpty() ? 5L : 6L));
      given.put(new RankName("M0"), 2L);
      int passes = BarrierSearch.passes(cascade, cascade.shapes(given), M);
      assertThat(PassAnalysis.of(cascade).passes(M))
          .as("seed %d%n%s%s", seed, drawn.text(), PassAnalysis.of(cascade).text())
          .isEqualTo(passes);
      drawn.features().forEach(feature -> seen.merge(feature.name(), 1, Integer::sum));
      seen.merge("passes " + passes, 1, Integer::sum);
    }
    System.out.printf("%d random cascades from seed %d: %s%n", CASCADES, SEED, seen);
    for (IrregularCascades.Feature feature : IrregularCascades.Feature.values()) {
      assertThat(seen.get(feature.name()))
          .as("cascades with %s of %d, from seed %d", feature, CASCADES, SEED)
          .isGreaterThanOrEqualTo(CASCADES / 20);
    }
    assertThat(seen).containsKeys("passes 1", "passes 2", "passes 3");
  }

  private static void assertAgrees(Cascade cascade, String rank, String shapes) {
    RankName name = new RankName(rank);
    assertThat(PassAnalysis.of(cascade).passes(name))
        .as("%s over %s%n%s", cascade.name(), rank, PassAnalysis.of(cascade).text())
        .isEqualTo((int) SweepSearch.sweeps(cascade, CascadeBuilder.shapes(cascade, shapes), name));
  }
}
