package dev.weir.einsum.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosticTest {

  private static final SourceFile FILE =
      new SourceFile("attention.edge", "cascade a\n\tQK[m,q] = Q[q]\nlast");

  @Test
  void rendersPositionLineCaretAndFix() {
    Diagnostics diagnostics = new Diagnostics();
    int at = FILE.text().indexOf("q]");
    diagnostics.error(
        FILE, new Span(at, at + 1), "unknown rank variable (got q, expected p)", "write p");

    assertThat(diagnostics.render())
        .isEqualTo(
            """
            attention.edge:2:7: error: unknown rank variable (got q, expected p)
                \tQK[m,q] = Q[q]
                \t     ^
                fix: write p
            """);
  }

  @Test
  void showsEachFindingOnceInTheOrderOfTheText() {
    Diagnostics diagnostics = new Diagnostics();
    diagnostics.error(FILE, new Span(12, 13), "second");
    diagnostics.warning(FILE, new Span(0, 7), "first");
    diagnostics.error(FILE, new Span(12, 13), "second");

    assertThat(diagnostics.sorted())
        .extracting(Diagnostic::message)
        .containsExactly("first", "second");
    assertThatThrownBy(diagnostics::throwIfErrors)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("attention.edge:1:1: warning: first");
  }

  @Test
  void warningsAloneStopNothing() {
    Diagnostics diagnostics = new Diagnostics();
    diagnostics.warning(FILE, new Span(0, 7), "unused");

    diagnostics.throwIfErrors();
    assertThat(diagnostics.hasErrors()).isFalse();
  }

  @Test
  void positionsAtTheEndsOfTheText() {
    int end = FILE.text().length();
    assertThat(List.of(FILE.line(0), FILE.column(0))).containsExactly(1, 1);
    assertThat(List.of(FILE.line(end), FILE.column(end))).containsExactly(3, 5);
    assertThat(FILE.lineText(end)).isEqualTo("last");
    assertThat(FILE.lineText(0)).isEqualTo("cascade a");
  }
}
