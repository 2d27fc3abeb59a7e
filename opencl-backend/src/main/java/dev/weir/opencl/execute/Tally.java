package dev.weir.opencl.execute;

import dev.weir.opencl.execute.AccessCounts.ArrayCounts;
import dev.weir.opencl.execute.AccessCounts.Transfers;
import dev.weir.opencl.kernel.Array;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds up what regions did and how often. */
final class Tally {

  private final Map<Instruction, Long> instructions = new HashMap<>();
  private final Map<Array, ArrayCounts> arrays = new HashMap<>();

  private Tally() {}

  static AccessCounts.Kernel of(String kernel, List<Region> regions) {
    Tally tally = new Tally();
    regions.stream().filter(region -> region.executions() > 0).forEach(tally::add);
    return new AccessCounts.Kernel(kernel, tally.instructions, tally.arrays);
  }

  private void add(Region region) {
    region
        .profile()
        .instructions()
        .forEach(
            (instruction, times) ->
                instructions.merge(
                    instruction, Math.multiplyExact(times, region.executions()), Math::addExact));
    region
        .profile()
        .accesses()
        .forEach((access, times) -> add(access, Math.multiplyExact(times, region.executions())));
  }

  private void add(Profile.Access access, long times) {
    Array array = access.array();
    long words = Math.multiplyExact(times, access.lanes());
    long bytes = Math.multiplyExact(words, array.element().withLanes(1).bytes());
    Transfers transfers = new Transfers(times, words, bytes);
    ArrayCounts counts =
        access.isStore()
            ? new ArrayCounts(Transfers.NONE, transfers)
            : new ArrayCounts(transfers, Transfers.NONE);
    arrays.merge(
        array,
        counts,
        (one, other) ->
            new ArrayCounts(one.loads().plus(other.loads()), one.stores().plus(other.stores())));
  }
}
