package dev.weir.reports.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.analysis.PassAnalysis;
import dev.weir.einsum.analysis.PassReport;
import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.reports.model.Part.CascadeGraph;
import dev.weir.reports.model.Part.CascadeGraph.Link;
import dev.weir.reports.model.Part.CascadeGraph.Value;
import dev.weir.reports.parts.CascadeGraphs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CascadeDrawingTest {

  private static final Path CASCADES = Path.of("..", "configs", "cascades");

  static Stream<Path> shipped() throws IOException {
    try (Stream<Path> files = Files.walk(CASCADES)) {
      return files.filter(file -> file.toString().endsWith(".edge")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void uprightLinesShareNoPlaceAndEveryReadEndsInAnArrow(Path file) {
    CascadeGraph graph = graph(file);
    CascadeDrawing drawing = CascadeDrawing.of(graph);

    assertThat(drawing.rows()).hasSameSizeAs(graph.nodes());
    assertThat(drawing.taps().stream().filter(tap -> !tap.arrow().isEmpty()))
        .hasSameSizeAs(graph.links());
    List<CascadeDrawing.Wire> wires = drawing.wires();
    for (int one = 0; one < wires.size(); one++) {
      for (int other = one + 1; other < wires.size(); other++) {
        boolean overlap =
            wires.get(one).x() == wires.get(other).x()
                && wires.get(one).from() <= wires.get(other).to()
                && wires.get(other).from() <= wires.get(one).to();
        assertThat(overlap).as("%s and %s", wires.get(one), wires.get(other)).isFalse();
      }
    }
    assertThat(wires).allMatch(wire -> wire.x() > 0 && wire.x() < drawing.rows().getFirst().x());
    assertThat(drawing.rows()).allMatch(row -> row.y() + row.height() <= drawing.height());
  }

  /** GM and SD are what the second and the third pass wait for. */
  @Test
  void barriersAreTheReadsThatWait() {
    CascadeGraph graph = graph(CASCADES.resolve("attention_3pass.edge"));

    assertThat(
            graph.links().stream()
                .filter(link -> link.value() == Value.COMPLETE)
                .map(link -> name(graph, link.from()) + " " + name(graph, link.to())))
        .containsExactly("GM SN", "SD A");
    assertThat(graph.nodes().stream().filter(node -> node.pass() > 0).map(graph::when))
        .containsExactly("pass 1", "pass 1", "pass 2", "pass 2", "pass 3", "pass 3");
  }

  @Test
  void einsumsThatAdvanceTogetherStandInOneFrame() {
    CascadeGraph graph = graph(CASCADES.resolve("attention_1pass.edge"));

    assertThat(graph.groups())
        .singleElement()
        .satisfies(
            group -> {
              assertThat(group.label()).isEqualTo("step by step along M1");
              assertThat(name(graph, group.first())).isEqualTo("BQK");
              assertThat(name(graph, group.last())).isEqualTo("RNV");
            });
    assertThat(
            graph.links().stream()
                .filter(link -> link.value() == Value.PREVIOUS)
                .map(Link::to)
                .map(to -> name(graph, to)))
        .containsExactly("RM", "SPD", "SPNV");
  }

  private static String name(CascadeGraph graph, int place) {
    return graph.nodes().get(place).name();
  }

  private static CascadeGraph graph(Path file) {
    Cascade cascade = CascadeReader.readFile(file);
    PassReport report = PassAnalysis.of(cascade);
    PassReport.OfRank rank =
        report.swept().stream()
            .filter(one -> one.rank().text().equals("M"))
            .findFirst()
            .orElse(report.swept().getFirst());
    return CascadeGraphs.of(cascade, rank);
  }
}
