package dev.weir.mapper.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.analysis.CascadeBuilder;
import dev.weir.einsum.ir.Cascade;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Counts that a person can derive: textbook formulas of matrix multiplication, tiles of FuseMax.
 */
class CountsTest {

  private static final Cascade PRODUCT =
      CascadeBuilder.cascade("c")
          .inputs("A[M,K]", "B[K,N]")
          .outputs("Z[M,N]")
          .einsum("Z[m,n] = A[m,k] * B[k,n]")
          .build();

  private static final long M = 4;
  private static final long N = 6;
  private static final long K = 6;

  @Test
  void sumsThatStayAreWrittenBackOnce() {
    Counts counts =
        product(
            """
            for m by 2  for n by 2
            keep Z at GlobalBuffer
            for k by 3
            keep A, B at GlobalBuffer
            for m by 1  for n by 1  for k by 1  compute Z on Array2D
            """);

    assertThat(words(counts, "DRAM"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("A READ", M * K * N / 2, "B READ", K * N * M / 2, "Z WRITE", M * N));
    assertThat(words(counts, "GlobalBuffer"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "A WRITE",
                M * K * N / 2,
                "B WRITE",
                K * N * M / 2,
                "A READ",
                M * N * K,
                "B READ",
                M * N * K,
                "Z WRITE",
                M * N * K,
                // The first contribution reads nothing; the write-back reads every word.
                "Z READ",
                M * N * (K - 1) + M * N));
    assertThat(counts.operations()).containsOnlyKeys(counts.operations().firstKey());
    assertThat(counts.operations().values()).containsExactly(M * N * K);
    assertThat(counts.peakOccupancyWords().get(new LevelName("GlobalBuffer")))
        .isEqualTo(2 * 2 + 2 * 3 + 3 * 2);
  }

  @Test
  void sumsThatAreCutComeBackAndLeaveAsPartial() {
    Counts counts =
        product(
            """
            for k by 2  for m by 2  for n by 2
            keep Z at GlobalBuffer
            for m by 1  for n by 1  for k by 1  compute Z on Array2D
            """);

    assertThat(words(counts, "DRAM"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "A READ", M * N * K,
                "B READ", M * N * K,
                "Z PARTIAL_READ", 2 * M * N,
                "Z PARTIAL_WRITE", 2 * M * N,
                "Z WRITE", M * N));
    assertThat(words(counts, "GlobalBuffer"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "Z PARTIAL_WRITE", 2 * M * N,
                "Z PARTIAL_READ", 2 * M * N,
                "Z WRITE", M * N * K,
                // Of three entries a word has, only the first begins without a read.
                "Z READ", M * N * (K - 1) + M * N));
  }

  @Test
  void sumsThatGoOnAroundAnOuterKeepComeBackToTheInnerOneToo() {
    Counts counts =
        product(
            """
            for k by 2  for m by 2  for n by 2
            keep Z at GlobalBuffer
            for m by 1  for n by 1
            keep Z at RegisterFile2D
            for k by 1  compute Z on Array2D
            """);

    assertThat(words(counts, "DRAM"))
        .containsAllEntriesOf(
            Map.of(
                "Z PARTIAL_READ", 2 * M * N,
                "Z PARTIAL_WRITE", 2 * M * N,
                "Z WRITE", M * N));
    // No loop over k stands between the two keeps: but for the third that begins anew, an entry of
    // the inner one has the sums of the tile before to go on with, and none is lost.
    assertThat(words(counts, "GlobalBuffer"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "Z PARTIAL_WRITE", (2 + 2) * M * N,
                "Z PARTIAL_READ", (2 + 2) * M * N,
                "Z WRITE", M * N,
                "Z READ", M * N));
    assertThat(words(counts, "RegisterFile2D"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "Z PARTIAL_WRITE", 2 * M * N,
                "Z PARTIAL_READ", 2 * M * N,
                "Z WRITE", M * N * K,
                "Z READ", M * N * (K - 1) + M * N));
  }

  @Test
  void instancesShareWhatIsMulticastAndMergeWhatIsReduced() {
    String nest =
        """
        keep A, B, Z at GlobalBuffer
        for m by 1  for n by 3
        spatial n by 1 on Array2D.columns %s  spatial k by 2 on Array2D.rows reduce Z  for k by 1
        compute Z on Array2D
        """;

    assertThat(words(product(nest.formatted("multicast A")), "GlobalBuffer"))
        .containsEntry("A READ", M * 2 * K)
        .containsEntry("B READ", M * N * K)
        .containsEntry("Z WRITE", M * N * 2)
        .containsEntry("Z READ", M * N * (2 - 1) + M * N);
    assertThat(words(product(nest.formatted("")), "GlobalBuffer"))
        .containsEntry("A READ", M * N * K);
  }

  @Test
  void absentPointsNeitherReadNorWriteButTilesMoveWhole() {
    Cascade cascade =
        CascadeBuilder.cascade("c")
            .inputs("A[M,K]", "B[K]")
            .outputs("Z[M]")
            .einsum("Z[m] = A[m,k] * B[k] | k <= m")
            .build();
    Counts counts =
        run(
            cascade,
            "M=3 K=4",
            """
            keep A, B, Z at GlobalBuffer
            spatial m by 1 on Array2D.columns multicast B  for k by 1  compute Z on Array2D
            """);

    assertThat(words(counts, "GlobalBuffer"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "A WRITE",
                12L,
                "B WRITE",
                4L,
                "A READ",
                1L + 2 + 3,
                // Columns 0 to 2 read B[0] at once, 1 and 2 B[1], 2 alone B[2]; nobody reads B[3].
                "B READ",
                3L,
                "Z WRITE",
                1L + 2 + 3,
                "Z READ",
                0L + 1 + 2 + 3));
  }

  @Test
  void tilesOfFuseMaxMoveWhatThePaperLetsOneDerive() {
    Counts counts = smallFuseMax();
    long s = 4;
    long e = 3;
    long f = 2;
    long queries = 4 * s;
    long keys = 3 * s;
    long blocks = 2;
    long tiles = (queries / s) * (keys / s);

    Map<String, Long> buffer = words(counts, "GlobalBuffer");
    assertThat(buffer)
        .containsEntry("Q READ", tiles * s * e)
        .containsEntry("K READ", tiles * s * e)
        .containsEntry("V READ", tiles * s * f)
        .containsEntry("SLNV WRITE", tiles * s * f)
        .containsEntry("SLNV READ", tiles * s * f)
        // RM, SLN and twice PRM read the running maximum; it begins and moves on.
        .containsEntry("RM READ", tiles * 4 * s)
        .containsEntry("RM WRITE", queries + tiles * s)
        .containsEntry("RD READ", tiles * s + queries * f)
        .containsEntry("RD WRITE", queries + tiles * s)
        .containsEntry("RNV READ", tiles * s * f + queries * f)
        .containsEntry("RNV WRITE", queries * f + tiles * s * f)
        .containsEntry("Q WRITE", queries * e)
        .containsEntry("K WRITE", blocks * keys * e)
        .containsEntry("V WRITE", blocks * keys * f)
        .containsEntry("AV WRITE", queries * f)
        .containsEntry("AV READ", queries * f)
        .hasSize(16);
    // At 256 x 256 and E = F = 64 this is the 114,688 words an epoch of ADR 2.
    assertThat(2 * 256 * 64 + 5 * 256 * 64).isEqualTo(114_688);
    assertThat(
            buffer.get("Q READ")
                + buffer.get("K READ")
                + buffer.get("V READ")
                + buffer.get("SLNV READ")
                + buffer.get("SLNV WRITE")
                + (buffer.get("RNV READ") - queries * f)
                + (buffer.get("RNV WRITE") - queries * f))
        .isEqualTo(tiles * (2 * s * e + 5 * s * f));
  }

  @Test
  void tilesOfFuseMaxStayInRegisters() {
    Counts counts = smallFuseMax();
    long s = 4;
    long e = 3;
    long f = 2;
    long tiles = 4 * 3;

    assertThat(words(counts, "RegisterFile2D"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "BQK WRITE", tiles * s * s * e,
                "BQK READ", tiles * s * s * (e - 1 + 2),
                "SLN WRITE", tiles * s * s,
                "SLN READ", tiles * s * s * (1 + f)));
    assertThat(counts.peakOccupancyWords())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                new LevelName("RegisterFile2D"), 3L,
                new LevelName("RegisterFile1D"), 2 + 2 + 3 + 1 + 1L,
                new LevelName("GlobalBuffer"),
                    2 * s * (2 * e + 2 + 1 + f) + 2 * s * e + 2 * s * f + 2 * s * f + 2 * s * f));
  }

  /** Arrays of 4 × 4, two tiles a step, 16 queries, 12 keys, E = 3, F = 2. */
  private static Counts smallFuseMax() {
    var schedule = Examples.shipped("fusemax/binding", "P1 = 16", "P1 = 2", "256", "4").schedule();
    return run(
        Problem.of(
            Examples.cascade("attention_1pass"),
            schedule,
            ExampleArchitectures.fuseMax(4, 4096),
            Examples.shapes("B=1 H=1 P=16 M=12 E=3 F=2")));
  }

  private static Counts product(String tree) {
    return run(PRODUCT, "M=4 N=6 K=6", tree);
  }

  private static Counts run(Cascade cascade, String shapes, String tree) {
    return run(
        Problem.of(
            cascade,
            Examples.schedule("schedule s for c\n" + tree).schedule(),
            ExampleArchitectures.fuseMax(4, 4096),
            Examples.shapes(shapes)));
  }

  private static Counts run(Problem problem) {
    assertThat(Legality.judge(problem)).isEqualTo(new Judgement.Legal());
    return ScheduleInterpreter.run(
            problem, Examples.realInputs(problem.cascade(), problem.shapes(), 3))
        .counts();
  }

  private static Map<String, Long> words(Counts counts, String level) {
    return counts.trafficWords().entrySet().stream()
        .filter(entry -> entry.getKey().level().text().equals(level))
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().tensor() + " " + entry.getKey().movement(),
                Map.Entry::getValue,
                Long::sum,
                TreeMap::new));
  }
}
