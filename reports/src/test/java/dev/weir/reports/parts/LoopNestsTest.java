package dev.weir.reports.parts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.SchedulePrinter;
import dev.weir.mapper.schedule.Site;
import dev.weir.reports.model.Part.LoopNest.Line;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopNestsTest {

  @Test
  void everyLineBeginsWithItsNode() {
    Problem problem =
        Problem.of(
            Examples.cascadeFrom(
                """
                cascade squares "squares"
                  ranks N, W
                  inputs A[N,W]
                  X[n,w] = A[n,w] * A[n,w]
                  Y[n,w] = X[n,w] + 1
                  outputs Y
                """),
            Examples.schedule(
                    """
                    schedule s for squares
                      for n by 1 {
                        keep A, X at GlobalBuffer
                        for w by 4  spatial w by 1 on Array1D.lanes  compute X on Array1D
                        par {
                          for w by 1 compute Y on Array1D
                        }
                      }
                    """)
                .schedule(),
            ExampleArchitectures.fuseMax(4, 4096),
            Examples.shapes("N=3 W=10"));
    List<Line> lines = LoopNests.of("", "", problem).lines();
    List<NodePath> nodes = LoopNests.nodes(problem);

    assertThat(lines).hasSameSizeAs(nodes).hasSize(5);
    assertThat(nodes).doesNotHaveDuplicates();
    List<Site> sites = Site.root(problem.schedule().root()).all();
    for (int i = 0; i < lines.size(); i++) {
      NodePath node = nodes.get(i);
      Site site = sites.stream().filter(s -> s.path().equals(node)).findFirst().orElseThrow();
      assertThat(SchedulePrinter.head(site.node())).isEqualTo(lines.get(i).heads().getFirst());
    }
  }
}
