package dev.weir.mapper.random;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Site;
import dev.weir.mapper.schedule.Size;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
  void everyKindOfNodeAndClauseOccurs() {
    TreeMap<String, Integer> problems = new TreeMap<>();
    for (long seed = 0; seed < 200; seed++) {
      features(RandomProblems.legal(seed)).forEach(f -> problems.merge(f, 1, Integer::sum));
    }
    assertThat(problems)
        .containsOnlyKeys(
            "For",
            "Spatial",
            "Iterate",
            "Last",
            "Keep",
            "Seq",
            "Par",
            "Pipeline",
            "Stage",
            "Interleave",
            "Compute",
            "flow",
            "flowing iterate",
            "late stage",
            "multicast",
            "reduce",
            "copies",
            "double");
    assertThat(problems.values()).allMatch(count -> count >= 2);
    assertThat(problems.get("Pipeline")).isGreaterThan(40);
  }

  private static Set<String> features(Problem problem) {
    Set<String> features = new TreeSet<>();
    for (Site site : Site.root(problem.schedule().root()).all()) {
      Node node = site.node();
      features.add(node.getClass().getSimpleName());
      if (node instanceof Node.For loop && loop.flow()) {
        features.add("flow");
      }
      if (node instanceof Node.Iterate loop && loop.flow()) {
        features.add("flowing iterate");
      }
      if (node instanceof Node.Stage stage && stage.offset() > 0) {
        features.add("late stage");
      }
      if (node instanceof Node.Spatial loop && !loop.multicast().isEmpty()) {
        features.add("multicast");
      }
      if (node instanceof Node.Spatial loop && !loop.reduce().isEmpty()) {
        features.add("reduce");
      }
      if (node instanceof Node.Keep keep && !keep.copies().equals(Size.of(1))) {
        features.add("copies");
      }
      if (node instanceof Node.Keep keep && keep.doubleBuffered()) {
        features.add("double");
      }
    }
    return features;
  }
}
