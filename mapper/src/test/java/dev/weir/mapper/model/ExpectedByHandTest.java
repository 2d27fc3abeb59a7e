package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Expected counts that are worked out by hand, and the mean of many runs with drawn tables. */
class ExpectedByHandTest {

  private static final int RUNS = 400;

  /** Of so many counts none is further from its mean by chance. */
  private static final double STANDARD_ERRORS = 5;

  private static final String RAGGED =
      """
      cascade c
        ranks B, M, E
        inputs A[B,M,E], G[M], N[B] :: integers(1, M)
        Z[b,e] = A[b,m,e] * G[m] | m < N[b]
        outputs Z
      """;

  private static final String HASHED =
      """
      cascade c
        ranks M, D
        inputs K[M,D], Hash[M] :: integers(0, 15)
        Z[d] = K[m,d] | Hash[m] < 8
        outputs Z
      """;

  private static final String EQUAL =
      """
      cascade c
        ranks P, M
        inputs A[P], B[M], H[P] :: integers(0, 3)
        X[p,m] = A[p] * B[m] | H[p] == H[1*m]
        outputs X
      """;

  private static Problem problem(String cascade, String shapes, String tree) {
    Problem problem =
        Problem.of(
            Examples.cascadeFrom(cascade),
            Examples.schedule("schedule s for c\n" + tree).schedule(),
            ExampleArchitectures.fuseMax(4, 4096),
            Examples.shapes(shapes));
    assertThat(Legality.judge(problem).isLegal()).isTrue();
    return problem;
  }

  private static Problem ragged(String shapes) {
    return problem(
        RAGGED,
        shapes,
        "for b by 1  for m by 4  for e by 1  spatial m by 1 on Array2D.rows reduce Z compute Z on"
            + " Array2D");
  }

  private static Problem hashed(String shapes) {
    return problem(
        HASHED,
        shapes,
        "for d by 1  for m by 4  spatial m by 1 on Array2D.rows reduce Z  compute Z on Array2D");
  }

  private static Problem multicast(String shapes) {
    return problem(
        """
        cascade c
          ranks P, M
          inputs A[P], B[M], N[P] :: integers(0, M), S[P] :: signs()
          X[p,m] = A[p] * B[m] | m < N[p] and S[p] > 0
          outputs X
        """,
        shapes,
        "for p by 4  for m by 1  spatial p by 1 on Array2D.rows multicast B  compute X on Array2D");
  }

  private static Problem equal(String shapes) {
    return problem(EQUAL, shapes, "for p by 1  for m by 1  compute X on Array2D");
  }

  private static long count(Problem problem, String what) {
    Cost cost = CostModel.evaluate(problem);
    assertThat(cost.accuracy()).isInstanceOf(Accuracy.Expected.class);
    return AllTables.named(cost.counts()).entrySet().stream()
        .filter(entry -> entry.getKey().contains(what))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  @Test
  void lengthsLeaveHalfOfThePoints() {
    Problem problem = ragged("B=6 M=9 E=4");

    // 5 of 9 keys in the mean; the first of 4 rows is there in 1, 2 or 3 tiles: 4, 4 and 1 of 9.
    long tiles = 6 * 4 * (4 + 4 * 2 + 3) / 9;
    assertThat(count(problem, "tensor=A")).isEqualTo(6L * 5 * 4);
    assertThat(count(problem, "tensor=Z, level=DRAM, movement=WRITE")).isEqualTo(tiles);
    assertThat(count(problem, "tensor=Z, level=DRAM, movement=READ")).isEqualTo(tiles - 6 * 4);
  }

  @Test
  void entriesOfTheirOwnAreEachThereOrNot() {
    Problem problem = hashed("M=6 D=32");

    // Of 4 rows, then 2, at least one has a hash below 8.
    double steps = 32 * (15 / 16.0 + 3 / 4.0);
    double elements = 32 * 63 / 64.0;
    assertThat(count(problem, "tensor=K")).isEqualTo(32 * 3);
    assertThat(count(problem, "tensor=Z, level=DRAM, movement=WRITE")).isEqualTo((long) steps);
    assertThat(count(problem, "tensor=Z, level=DRAM, movement=READ"))
        .isEqualTo(Math.round(steps - elements));
  }

  @Test
  void multicastReadsWhenOneOfTheInstancesIsThere() {
    Problem problem = multicast("P=5 M=3");

    // An instance is there for m with (3 - m) / 4 of 1 / 2; once of 4 instances, then of 1.
    double reads = 0;
    for (int m = 0; m < 3; m++) {
      double there = (3 - m) / 8.0;
      reads += 1 - Math.pow(1 - there, 4) + there;
    }
    assertThat(count(problem, "tensor=B")).isEqualTo(Math.round(reads));
  }

  @Test
  void twoEntriesOfOneTableAreOneOnTheDiagonal() {
    assertThat(count(equal("P=8 M=8"), "tensor=A")).isEqualTo(8 + 8 * 7 / 4);
  }

  static Stream<Problem> drawn() {
    Problem decode =
        Problem.of(
            Examples.cascade("attention_decode_ragged"),
            Shipped.schedule("attention_decode_ragged").with(Map.of("KEYS", 4L)),
            ExampleArchitectures.fuseMax(4, 4096),
            Examples.shapes("B=4 H=2 M=37 E=3 F=3"));
    return Stream.of(
        ragged("B=8 M=50 E=3"),
        hashed("M=41 D=7"),
        multicast("P=30 M=20"),
        equal("P=20 M=20"),
        decode);
  }

  @ParameterizedTest
  @MethodSource("drawn")
  void meanOfManyRunsIsNear(Problem problem) {
    List<Map<String, Long>> runs = new ArrayList<>();
    for (long seed = 0; seed < RUNS; seed++) {
      var inputs =
          InputData.of(problem.cascade(), problem.shapes(), InputData.Kind.RANDOM, seed, Map.of());
      runs.add(AllTables.named(ScheduleInterpreter.run(problem, inputs).counts()));
    }
    Cost cost = CostModel.evaluate(problem);
    Map<String, Long> claimed = AllTables.named(cost.counts());

    assertThat(cost.accuracy()).isInstanceOf(Accuracy.Expected.class);
    Set<String> names = new HashSet<>(claimed.keySet());
    runs.forEach(run -> names.addAll(run.keySet()));
    for (String name : names) {
      double[] counts = runs.stream().mapToDouble(run -> run.getOrDefault(name, 0L)).toArray();
      double mean = Stream.of(counts).flatMapToDouble(java.util.Arrays::stream).average().orElse(0);
      double squares = 0;
      for (double count : counts) {
        squares += (count - mean) * (count - mean);
      }
      double error = Math.sqrt(squares / (RUNS - 1) / RUNS);
      assertThat((double) claimed.getOrDefault(name, 0L))
          .as(name)
          .isCloseTo(mean, within(STANDARD_ERRORS * error + 0.5));
    }
  }

  @Test
  void countsOfAMillionKeysTakeNoTimeInTheirNumber() {
    Problem untiled =
        problem(
            """
            cascade c
              ranks B, P, M
              inputs A[B,M], N[B] :: integers(1, M)
              X[b,p,m] = A[b,m] | m < N[b] and m <= p
              outputs X
            """,
            "B=1000 P=1048575 M=1048575",
            "for b by 1  for p by 1  for m by 1  compute X on Array2D");

    Cost cost = CostModel.evaluate(untiled);

    // min(p + 1, N) in the mean over p and N, both uniform: (n + 1)(2n + 1) / 6n.
    double n = 1_048_575;
    assertThat((double) count(untiled, "tensor=A"))
        .isCloseTo(1000 * n * (n + 1) * (2 * n + 1) / (6 * n), within(1e6));
    assertThat(cost.accuracy())
        .isEqualTo(
            new Accuracy.Expected(
                List.of(new Accuracy.Drawn(new TensorName("N"), "integers from 1 to 1048575"))));
  }
}
