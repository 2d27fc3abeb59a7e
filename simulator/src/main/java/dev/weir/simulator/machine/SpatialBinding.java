package dev.weir.simulator.machine;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.AxisName;
import java.util.Set;

/**
 * What a spatial loop is bound to and shares.
 *
 * @param axis along which its tiles lie
 * @param multicast tensors that are read once for all instances
 * @param reduce outputs whose contributions are merged
 */
public record SpatialBinding(AxisName axis, Set<TensorName> multicast, Set<TensorName> reduce) {
  public SpatialBinding {
    multicast = Set.copyOf(multicast);
    reduce = Set.copyOf(reduce);
  }
}
