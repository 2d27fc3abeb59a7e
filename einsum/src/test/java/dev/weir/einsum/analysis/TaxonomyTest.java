package dev.weir.einsum.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
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
