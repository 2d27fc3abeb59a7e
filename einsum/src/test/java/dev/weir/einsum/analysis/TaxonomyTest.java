package dev.weir.einsum.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaxonomyTest {

  private static final Path CASCADES = Path.of("..", "configs", "cascades");

  /** FuseMax, Table I and section IV. */
  @Test
  void namedCascadesStandWhereThePaperPutsThem() {
    assertThat(told(FuseMaxCascades.cascade4())).containsExactly("M 3 THREE_PASS COMPLETE A");
    assertThat(told(FuseMaxCascades.cascade4Deferred()))
        .containsExactly("M 2 TWO_PASS COMPLETE AV deferred");
    assertThat(told(FuseMaxCascades.twoPass())).containsExactly("M 2 TWO_PASS OF_TILES A");
    assertThat(told(FuseMaxCascades.cascade5()))
        .containsExactly("M 1 ONE_PASS RUNNING AV deferred");
    assertThat(told(FuseMaxCascades.naive())).containsExactly("M 2 TWO_PASS NONE A");
    assertThat(told(FuseMaxCascades.naiveDeferred()))
        .containsExactly("M 1 ONE_PASS NONE AV deferred");
  }

  @Test
  void whatDividesByNoSumOfExponentialsIsNotSoftmaxLike() {
    assertThat(Taxonomy.of(FuseMaxCascades.cascade1())).isEmpty();
    assertThat(Taxonomy.of(FuseMaxCascades.cascade3())).isEmpty();
  }

  /** An exponential inside of a function of it is none of a softmax. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exp(S[p,m])                       | 1",
        "2 * exp(S[p,m] - 3) / E           | 1",
        "-(-exp(S[p,m]))                   | 1",
        "log(1 + exp(S[p,m]))              | 0",
        "max(S[p,m], 0) + phi(S[p,m])      | 0",
        "sigmoid(S[p,m])                   | 0",
        "1 / (1 + exp(-S[p,m]))            | 0",
        "max(exp(S[p,m]), 1)               | 0"
      })
  void onlyExponentialsThemselvesMakeASoftmax(String weight, int softmaxes) {
    String text =
        """
        cascade c
          ranks     P, M, E
          inputs    S[P,M]
          function  phi(x) = exp(min(x, 0))
          Y[p,m] = %s
          D[p]   = Y[p,m]
          O[p,m] = Y[p,m] / D[p]
          outputs   O
        """
            .formatted(weight);
    Diagnostics diagnostics = new Diagnostics();
    Cascade cascade = CascadeReader.read(new SourceFile("text", text), diagnostics).orElseThrow();

    assertThat(Taxonomy.of(cascade)).hasSize(softmaxes);
  }

  @ParameterizedTest
  @CsvSource({
    "zoo/sigmoid_attention, ''",
    "zoo/lightning_attention, ''",
    "zoo/titans_memory, ''",
    "zoo/attention_calibration, 'M 5 - COMPLETE A'",
    "zoo/halo_attention, 'U, V 3 THREE_PASS COMPLETE A'",
    "zoo/transformer_layer, 'M 3 THREE_PASS COMPLETE attention_A'",
    "zoo/latte_graph, 'D 3 THREE_PASS COMPLETE A'",
    "attention_1pass_masked, 'M 1 ONE_PASS RUNNING AV deferred'"
  })
  void shippedCascades(String file, String expected) {
    Cascade cascade = CascadeReader.readFile(CASCADES.resolve(file + ".edge"));

    assertThat(String.join("; ", told(cascade))).isEqualTo(expected);
  }

  private static List<String> told(Cascade cascade) {
    return Taxonomy.of(cascade).stream()
        .map(
            softmax ->
                "%s %d %s %s %s%s"
                    .formatted(
                        list(softmax.ranks()),
                        softmax.passes(),
                        softmax.row().map(Enum::name).orElse("-"),
                        softmax.maximum().name(),
                        list(softmax.dividing()),
                        softmax.isDeferred() ? " deferred" : ""))
        .toList();
  }

  private static String list(List<?> names) {
    return String.join(", ", names.stream().map(Object::toString).toList());
  }
}
