package dev.weir.mapper.random;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Site;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {

  /** A fault that shows only where all these features are. */
  private static Predicate<Problem> has(Feature... features) {
    Set<Feature> all = EnumSet.noneOf(Feature.class);
    all.addAll(Set.of(features));
    return problem -> Features.of(problem).containsAll(all);
  }

  private static void shrinksTo(int nodes, Predicate<Problem> fails) {
    for (long seed : seeds(fails)) {
      Problem shrunk = Shrinker.shrink(RandomProblems.legal(seed), fails);
      String text = "seed %d\n%s".formatted(seed, ProblemText.test(shrunk, seed, ""));

      assertThat(fails.test(shrunk)).as(text).isTrue();
      assertThat(Legality.judge(shrunk).isLegal()).as(text).isTrue();
      assertThat(Site.root(shrunk.schedule().root()).all().size())
          .as(text)
          .isLessThanOrEqualTo(nodes);
    }
  }

  private static long[] seeds(Predicate<Problem> fails) {
    return LongStream.iterate(0, seed -> seed + 1)
        .filter(seed -> fails.test(RandomProblems.legal(seed)))
        .limit(5)
        .toArray();
  }

  /** {@code for p by 2 keep I0 at GlobalBuffer double for p by 1 compute T0} shows it. */
  @Test
  void doubleKeepAndTail() {
    shrinksTo(6, has(Feature.DOUBLE, Feature.IMPERFECT_FACTOR));
  }

  @Test
  void spatialReduction() {
    shrinksTo(2, has(Feature.SPATIAL_REDUCE));
  }

  @Test
  void multicast() {
    shrinksTo(2, has(Feature.MULTICAST));
  }

  @Test
  void partialSums() {
    shrinksTo(10, has(Feature.PARTIAL_SUMS));
  }

  @Test
  void latePipelineStage() {
    shrinksTo(8, has(Feature.PIPELINE));
  }

  @Test
  void lastStepOfAnIteration() {
    shrinksTo(6, has(Feature.LAST));
  }

  @Test
  void band() {
    shrinksTo(3, has(Feature.WINDOW));
  }
}
