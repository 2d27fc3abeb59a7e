package dev.weir.einsum.zoo;

import java.util.List;

/** All references. */
final class ZooReferences {

  static final List<ZooReference> ALL =
      List.of(
          new AttentionCalibrationReference(),
          new HaloAttentionReference(),
          new HeterogeneousSpansReference(),
          new LatteGraphReference(),
          new LightningAttentionReference(),
          new MixtureOfHeadsReference(),
          new MlaReference(),
          new Neighborhood2dReference(),
          new RcmhaReference(),
          new SigmoidAttentionReference(),
          new StreamingLlmReference(),
          new TitansMemoryReference());

  private ZooReferences() {}
}
