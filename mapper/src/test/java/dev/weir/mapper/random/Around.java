package dev.weir.mapper.random;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.AxisName;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What stands around a block of a random schedule.
 *
 * @param extents largest extent of every rank
 * @param taken axes of spatial loops
 * @param homed tensors that a keep names
 * @param preferred axes that nests should use for these ranks
 * @param iterated whether there is an iterate
 * @param inPipeline whether there is a pipeline
 */
record Around(
    Map<RankName, Long> extents,
    Set<AxisName> taken,
    Set<TensorName> homed,
    Map<RankName, AxisName> preferred,
    boolean iterated,
    boolean inPipeline) {

  Around narrowed(RankName rank, long tile) {
    Map<RankName, Long> narrower = new HashMap<>(extents);
    narrower.merge(rank, tile, Math::min);
    return new Around(narrower, taken, homed, preferred, iterated, inPipeline);
  }

  Around taking(AxisName axis) {
    Set<AxisName> more = new HashSet<>(taken);
    more.add(axis);
    return new Around(extents, more, homed, preferred, iterated, inPipeline);
  }

  Around homing(Collection<TensorName> tensors) {
    Set<TensorName> more = new HashSet<>(homed);
    more.addAll(tensors);
    return new Around(extents, taken, more, preferred, iterated, inPipeline);
  }

  Around iterating(RankName rank) {
    Around narrower = narrowed(rank, 1);
    return new Around(narrower.extents, taken, homed, preferred, true, inPipeline);
  }

  Around pipelining() {
    return new Around(extents, taken, homed, preferred, iterated, true);
  }
}
