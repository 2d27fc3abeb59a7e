package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.count.Movement;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.random.TableConditions;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Expected counts against the interpreter's: their mean over all values that the tables of a small
 * problem can have.
 */
class ExpectedCostTest {

  private static final long CASES = Long.getLong("weir.expected.cases", 600);

  /** Values of all tables together that are tried one by one. */
  private static final long MOST_TABLES = 150;

  private enum Kind {
    EXACT,
    EXPECTED,
    UPPER_BOUND
  }

  /** A random problem with conditions on tables, if it is legal and few tables decide it. */
  private static Optional<Problem> problem(long seed) {
    Random random = new Random(seed * 31 + 7);
    return Optional.of(TableConditions.added(random, RandomProblems.legal(seed)))
        .filter(problem -> !problem.cascade().distributions().isEmpty())
        .filter(problem -> AllTables.count(problem) <= MOST_TABLES)
        .filter(problem -> Legality.judge(problem).isLegal());
  }

  @Test
  void isTheMeanOverAllTables() {
    Map<Kind, Integer> found = new EnumMap<>(Kind.class);
    for (long seed = 0; seed < CASES; seed++) {
      Optional<Problem> problem = problem(seed);
      if (problem.isPresent()) {
        found.merge(agrees(problem.get(), seed), 1, Integer::sum);
      }
    }

    System.out.println(found);
    assertThat(found.get(Kind.EXPECTED)).isGreaterThan((int) CASES / 5);
  }

  private static Kind agrees(Problem problem, long seed) {
    Cost cost = CostModel.evaluate(problem);
    AllTables runs = AllTables.of(problem, seed);
    String what = "seed %d, %s".formatted(seed, RandomProblems.describe(problem));
    Counts counts = cost.counts();
    return switch (cost.accuracy()) {
      case Accuracy.Exact _ -> {
        assertThat(runs.isAlways(counts)).as(what).isTrue();
        yield Kind.EXACT;
      }
      case Accuracy.Expected _ -> {
        assertThat(AllTables.named(counts)).as(what).isEqualTo(AllTables.named(runs.mean()));
        yield Kind.EXPECTED;
      }
      case Accuracy.UpperBound _ -> {
        AllTables.named(counts)
            .forEach(
                (name, count) ->
                    assertThat(runs.most().getOrDefault(name, 0L))
                        .as("%s, %s", name, what)
                        .isLessThanOrEqualTo(count));
        yield Kind.UPPER_BOUND;
      }
    };
  }

  private static Problem decode(Architecture architecture, String shapes, long keys) {
    return Problem.of(
        Examples.cascade("attention_decode_ragged"),
        Shipped.schedule("attention_decode_ragged").with(Map.of("KEYS", keys)),
        architecture,
        Examples.shapes(shapes));
  }

  @Test
  void shippedDecodeOverRaggedCachesIsTheMeanOverAllLengths() {
    Problem problem = decode(ExampleArchitectures.fuseMax(4, 4096), "B=2 H=2 M=11 E=3 F=3", 4);

    assertThat(Legality.judge(problem).isLegal()).isTrue();
    assertThat(agrees(problem, 1)).isEqualTo(Kind.EXPECTED);
  }

  /** A sequence has (M + 1) / 2 keys in the mean; whole tiles pass by all the same. */
  @Test
  void shippedDecodeAtFullSizeIsCountedAtOnce() {
    Problem problem =
        decode(
            Shipped.architecture("architectures/fusemax_cloud"),
            "B=64 H=32 M=1048575 E=64 F=64",
            256);

    Cost cost = CostModel.evaluate(problem);

    long heads = 64L * 32;
    assertThat(cost.accuracy())
        .isEqualTo(
            new Accuracy.Expected(
                List.of(new Accuracy.Drawn(new TensorName("N"), "integers from 1 to 1048575"))));
    assertThat(words(cost, "K", "GlobalBuffer", Movement.READ)).isEqualTo(heads * 64 * 524_288);
    assertThat(words(cost, "K", "DRAM", Movement.READ)).isEqualTo(heads * 64 * 1_048_575);
    long tiles = LongStream.rangeClosed(1, 1_048_575).map(keys -> Math.ceilDiv(keys, 256)).sum();
    // Rows contribute once a tile, if the first of them is there.
    assertThat(words(cost, "GM", "GlobalBuffer", Movement.WRITE))
        .isEqualTo(rounded(heads * tiles, 1_048_575));
    // The accumulator from the second tile on, and the operand of SN once a tile.
    assertThat(words(cost, "GM", "GlobalBuffer", Movement.READ))
        .isEqualTo(rounded(heads * (2 * tiles - 1_048_575), 1_048_575));
  }

  private static long rounded(long numerator, long denominator) {
    return Math.floorDiv(2 * numerator + denominator, 2 * denominator);
  }

  private static long words(Cost cost, String tensor, String level, Movement movement) {
    return cost.counts()
        .trafficWords()
        .get(new Counts.Traffic(new TensorName(tensor), new LevelName(level), movement));
  }
}
