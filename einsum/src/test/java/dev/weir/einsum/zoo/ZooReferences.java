package dev.weir.einsum.zoo;

import java.util.List;

/** All references. */
final class ZooReferences {

  static final List<ZooReference> ALL =
      List.of(
          new AttentionCalibrationReference(),
          new DhsaReference(),
          new FlexPrefillReference(),
          new HaloAttentionReference(),
          new HeterogeneousSpansReference(),
          new HipAttentionReference(),
          new HyperAttentionReference(),
          new LandmarkAttentionReference(),
          new LatteGraphReference(),
          new LightningAttentionReference(),
          new MixtureOfHeadsReference(),
          new MlaReference(),
          new Neighborhood2dReference(),
          new RcmhaReference(),
          new RoutingAttentionReference(),
          new SigmoidAttentionReference(),
          new StreamingLlmReference(),
          new TitansChunksReference(),
          new TitansMemoryReference(),
          new TplaReference(),
          new TransformerLayerReference());

  private ZooReferences() {}
}
