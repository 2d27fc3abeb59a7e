package dev.weir.einsum.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.Distribution;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every feature that operators need is needed by a row of the zoo. */
class FeatureTagTest {

  private static final List<ZooEntry> ZOO = Zoo.of(ZooTest.ZOO);

  /** Names of the rows that need it. */
  private static SortedSet<String> rows(FeatureTag tag) {
    SortedSet<String> rows = new TreeSet<>();
    for (ZooEntry entry : ZOO) {
      if (tag.isIn(new CascadeFacts(entry.cascade()))) {
        rows.add(entry.cascade().name());
      }
    }
    return rows;
  }

  @Test
  void everyTagHasARowAndNoneHasAll() {
    Map<String, SortedSet<String>> rows = new TreeMap<>();
    FeatureTag.ALL.forEach(tag -> rows.put(tag.name(), rows(tag)));
    assertThat(rows)
        .allSatisfy(
            (tag, names) ->
                assertThat(names)
                    .as("%s of %s", tag, rows)
                    .isNotEmpty()
                    .hasSizeLessThan(ZOO.size()));
  }

  /** A row whose paper needs it, and one whose paper does not. */
  @ParameterizedTest
  @CsvSource({
    "PRED, sigmoid_attention, titans_memory",
    "DMASK, flex_prefill, sigmoid_attention",
    "SMOD, sigmoid_attention, mla",
    "SCAL, mla, titans_memory",
    "AFF, rcmha, mla",
    "BIAS, halo_attention, neighborhood_2d",
    "SPAT, neighborhood_2d, rcmha",
    "HMAP, mixture_of_heads, mla",
    "NSM, sigmoid_attention, tpla",
    "BLK, heterogeneous_spans, sigmoid_attention",
    "RAG, dhsa, flex_prefill",
    "POOL, flex_prefill, mla",
    "TOPK, hip_attention, landmark_attention",
    "CUM, flex_prefill, dhsa",
    "GATH, dhsa, mla",
    "SCAT, latte_graph, dhsa",
    "HASH, hyper_attention, latte_graph",
    "RAND, hyper_attention, mla",
    "SCAN, lightning_attention, hip_attention",
    "ITER, hip_attention, lightning_attention",
    "CLUS, routing_attention, hyper_attention",
    "CONV, rcmha, halo_attention",
    "GATE, transformer_layer, sigmoid_attention",
    "NORM, tpla, mixture_of_heads",
    "UFN, sigmoid_attention, mla",
    "ROPE, streaming_llm, mla",
    "LSE, hyper_attention, flex_prefill",
    "CAT, streaming_llm, mla",
    "CAT, landmark_attention, mla",
    "HET, heterogeneous_spans, dhsa",
    "STATE, titans_memory, lightning_attention",
    "CTRL, flex_prefill, dhsa",
    "POST, attention_calibration, tpla",
    "DIST, tpla, mla",
    "GRAD, titans_chunks, lightning_attention"
  })
  void papersSayWhichRowsNeedIt(String name, String needs, String needsNot) {
    FeatureTag tag =
        FeatureTag.ALL.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
    assertThat(rows(tag)).contains(needs).doesNotContain(needsNot);
  }

  /** The projections of sortLSH are normally distributed in the authors' code. */
  @Test
  void projectionsOfHyperAttentionAreNormal() {
    assertThat(
            ZOO.stream()
                .filter(entry -> entry.cascade().name().equals("hyper_attention"))
                .flatMap(entry -> entry.cascade().distributions().values().stream()))
        .hasAtLeastOneElementOfType(Distribution.Normal.class);
  }
}
