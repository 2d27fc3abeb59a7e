package dev.weir.einsum.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShapesTest {

  private static final RankName M = new RankName("M");
  private static final RankName P = new RankName("P");

  @Test
  void partsAndDerivedShapesAreWorkedOut() {
    Cascade cascade =
        cascade(
            """
              ranks   M, P = M1*2 - 1, C = 3 + 9
              partition M = M1 * M0
              inputs  A[M,C]
              X[p] = A[m,c] | m < p
              outputs X
            """);

    assertThat(cascade.defaultShapes()).isEqualTo(Map.of(new RankName("C"), 12L));
    Shapes tail = cascade.shapes(Map.of(M, 10L, new RankName("M0"), 4L, new RankName("C"), 2L));
    assertThat(tail.of(new RankName("M1"))).isEqualTo(3);
    assertThat(tail.of(P)).isEqualTo(5);
    Shapes whole = cascade.shapes(Map.of(M, 10L, new RankName("C"), 2L));
    assertThat(whole.of(new RankName("M0"))).isEqualTo(10);
    assertThat(whole.of(P)).isEqualTo(1);
  }

  @Test
  void derivedShapesThatAreNoneAreRefused() {
    String last = "  inputs  A[P]\n  X[m] = A[p]\n  outputs X\n";

    refuses(
        "  ranks   M, P = M - 3\n" + last,
        "shape of rank P follows from others and is -1 (expected 1 or more elements)");
    refuses(
        "  ranks   M, P = M/(M - 2)\n" + last,
        "shape of rank P divides by 0 (got a divisor that is 0 at these shapes, expected another"
            + " one)");
  }

  @Test
  void divisorsThatMayBeZeroAreRefusedAndSayWhere() {
    refuses(
        "  ranks   M\n  inputs  A[M]\n  X[m] = A[m/(M-2)]\n  outputs X\n",
        "a divisor of Einsum X can be 0 (got one that is 0 at these shapes, expected one that is"
            + " not 0 at any coordinates, such as max(..., 1))");
    refuses(
        """
          ranks   M, K
          inputs  A[M]
          Y[0] = 0
          Y[k+1] = Y[k] + A[m] :: sum(m)
          stop k  when Y[k+1] > 2/(k - M + 2)
          outputs Y
        """,
        "a divisor of the stop of k can be 0 (got one from 0 to 2 at these shapes, expected one"
            + " that is not 0 at any coordinates, such as max(..., 1))");
  }

  private static void refuses(String statements, String message) {
    Map<RankName, Long> shapes = Map.of(M, 2L, new RankName("K"), 3L);
    assertThatThrownBy(() -> cascade(statements).shapes(shapes))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("error: " + message + "\n");
  }

  private static Cascade cascade(String statements) {
    Diagnostics diagnostics = new Diagnostics();
    SourceFile file = new SourceFile("text", "cascade c\n" + statements.indent(0));
    return CascadeReader.read(file, diagnostics)
        .orElseThrow(() -> new IllegalArgumentException(diagnostics.render()));
  }
}
