package dev.weir.einsum.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.Severity;
import dev.weir.einsum.source.SourceFile;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A mistake is one finding; its fix, put in the place of what is marked, leaves no error. */
class AppliedFixesTest {

  private static final String BEGINNING =
      """
      cascade c
        ranks     P, M, T = 4, E, K = 8
        inputs    A[P,M], B[M], X[P], W[M,E], G[K]
        empty     B = 0
        function  gelu(x) = x * sigmoid(1.702 * x)
      """;

  private static String text(String statements) {
    return BEGINNING + "  " + statements.replace("; ", "\n  ") + "\n  outputs Y\n";
  }

  private static List<Diagnostic> found(String text) {
    Diagnostics diagnostics = new Diagnostics();
    CascadeReader.read(new SourceFile("fixed.edge", text), diagnostics);
    return diagnostics.sorted();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '\0',
      textBlock =
          """
          Y[p] = max(A[p,m])                    ~ A[p,m] :: max(m)
          Y[p] = sum(A[p,m])                    ~ A[p,m]
          Y[p] = sum(m, A[p,m])                 ~ A[p,m]
          Y[p] = product(A[p,m])                ~ A[p,m] :: product(m)
          Y[p] = mean(A[p,m])                   ~ A[p,m] / M
          Y[p] = mean(A[p,m] + B[m])            ~ (A[p,m] + B[m]) / M
          Y[p] = A[p,m] :: mean(m)              ~ A[p,m] / M
          Y[p] = A[p,m] * (p % 2)               ~ position(p % 2)
          Y[p] = A[p,m] ** 2                    ~ ^
          Y[p] = A[p,m] | m < 2 && p < 3        ~ and
          Y[p] = A[p,m] | m < 2 & p < 3         ~ and
          Y[p] = A[p,m] | m < 2 || p < 3        ~ or
          Y[p] = A[p,m] | !(m < 2)              ~ not
          Y[p] = A[p,m] | m <> 2                ~ !=
          Y[p] = A[p,m] | m =< 2                ~ <=
          Y[p] = A[p,m] | m => 2                ~ >=
          Y[p] = A[p,m] | m === 2               ~ ==
          Y[p] = A[p,m] | m = p                 ~ ==
          Y[p] = where(m = p, A[p,m], 0)        ~ ==
          Y[p] = A[p,m] | m//4 == 0             ~ /
          Y[p] = A[p,m] | 0 < m < p             ~ and m <
          Y[p] = A[p,m] | m < 2 | p < 3         ~ and
          Y[p] = A[p,m] if m < p                ~ |
          Y[p] = A[p,m] when m < p              ~ |
          Y[p] = A[p,m] | m < p :: max(m)       ~ :: max(m) | m < p
          Y[p] += A[p,m]                        ~ =
          Y[p] := A[p,m]                        ~ =
          Y[p] == A[p,m]                        ~ =
          Y[p] = A[p,m] // the sum              ~ #
          // the sum; Y[p] = A[p,m]             ~ #
          Y[p] = A[p,m] : max(m)                ~ ::
          Y[p,m] = A[p,m] > 0 ? 1 : 0           ~ where(A[p,m] > 0, 1, 0)
          Y[p] = math.exp(X[p])                 ~ exp
          Y[p,m] = A[m,p]                       ~ A[p,m]
          Y[p] = A[p,m] * .5                    ~ 0.5
          Y[p] = A[p,m] * 1_000                 ~ 1000
          Y[p] = A[p,m] | m < 4k                ~ 4K
          Y[p,t] = A[p,m] :: topk(t, m)         ~ m, t
          Y[P] = X[p]                           ~ p
          Y[p] = A[P,m]                         ~ p
          YΜ = X[p]; Y = YM                     ~ YM
          α = X[p]; Y = alpha                   ~ alpha
          S[0] = 0; S[k+1] = S[k] + G[k]; Y = S[K+1] ~ K
          Y[m] = A[P+2,m]                       ~ P-1
          """)
  void fixMendsAll(String statements, String fix) {
    String text = text(statements);
    List<Diagnostic> errors =
        found(text).stream().filter(one -> one.severity() == Severity.ERROR).toList();

    assertThat(errors).as(errors.toString()).hasSize(1);
    Diagnostic error = errors.getFirst();
    assertThat(error.fix()).as(error.render()).hasValue(fix);
    String mended =
        text.substring(0, error.span().start()) + fix + text.substring(error.span().end());
    assertThat(found(mended)).as(mended).noneMatch(finding -> finding.severity() == Severity.ERROR);
  }

  /** What would be right only by chance, or is a word of the language, is not proposed. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '\0',
      textBlock =
          """
          ranks P, M, E = G; inputs A[P,M,E]; Y[p] = A[p,m,e]; outputs Y      ~ a shape follows from
          ranks P, M, E = F, F = E; inputs A[P,M,E,F]; Y[p] = A[p,m,e,f]; outputs Y ~ depends on itself
          ranks P, M; inputs A[P,M]; outputs Y                                ~ cascade has no Einsum
          ranks P, M; inputs A[P,M]; Y[Y] = A[p,m]; outputs Y                 ~ a tensor is no rank
          """)
  void noFixIsBetterThanAWrongOne(String statements, String message) {
    List<Diagnostic> errors = found("cascade c\n  " + statements.replace("; ", "\n  ") + "\n");

    assertThat(errors)
        .isNotEmpty()
        .allSatisfy(
            error -> {
              assertThat(error.message()).contains(message);
              assertThat(error.fix()).as(error.render()).isEmpty();
            });
  }
}
