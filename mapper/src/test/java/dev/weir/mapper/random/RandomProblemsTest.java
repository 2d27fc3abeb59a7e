package dev.weir.mapper.random;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RandomProblemsTest {

  @Test
  void sameSeedGivesTheSameProblem() {
    for (long seed = 0; seed < 20; seed++) {
      assertThat(RandomProblems.describe(RandomProblems.legal(seed)))
          .isEqualTo(RandomProblems.describe(RandomProblems.legal(seed)));
    }
  }

  @Test
  void everyFeatureOccurs() {
    FeatureHistogram histogram = new FeatureHistogram();
    for (long seed = 0; seed < 200; seed++) {
      histogram.add(Features.of(RandomProblems.legal(seed)));
    }
    assertThat(histogram.rarerThan(0.02)).as("seeds 0 to 199: %s", histogram).isEmpty();
  }
}
