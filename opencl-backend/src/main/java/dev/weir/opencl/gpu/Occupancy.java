package dev.weir.opencl.gpu;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * How many waves of a kernel one compute unit holds at a time, if there are enough of them: an
 * upper bound by what they need, not a measurement.
 *
 * @param groups work-groups of the unit
 * @param waves their waves
 * @param mostWaves what the unit holds of any kernel
 * @param limits what keeps a further work-group out, all that do
 */
public record Occupancy(int groups, int waves, int mostWaves, Set<Limit> limits) {

  public Occupancy {
    limits = Set.copyOf(limits);
  }

  /** What a further work-group would need more of than there is. */
  public enum Limit {
    VECTOR_REGISTERS("registers"),
    SCALAR_REGISTERS("scalar registers"),
    LOCAL_MEMORY("local memory"),
    WORK_GROUPS("work-groups"),
    WAVES("waves");

    private final String text;

    Limit(String text) {
      this.text = text;
    }

    /** As the GPU's maker calls it. */
    public String text(GpuLimits gpu) {
      return this == WAVES ? gpu.wave() + "s" : text;
    }
  }

  /** Waves as a fraction of the most, from 0 to 1. */
  public double fraction() {
    return (double) waves / mostWaves;
  }

  /**
   * Estimates it.
   *
   * @param groupSize work-items of a work-group, at least 1
   * @param vectorRegisters of a work-item
   * @param scalarRegisters of a wave; ignored where the GPU has enough for all
   * @param localBytes local memory of a work-group
   */
  public static Occupancy estimate(
      GpuLimits gpu, long groupSize, int vectorRegisters, int scalarRegisters, long localBytes) {
    long groupWaves = Math.ceilDiv(groupSize, gpu.waveSize());
    Map<Limit, Long> groups = new EnumMap<>(Limit.class);
    groups.put(Limit.WAVES, gpu.waves() / groupWaves);
    groups.put(
        Limit.VECTOR_REGISTERS,
        wavesByRegisters(gpu, gpu.vectorRegisters(), vectorRegisters, gpu.vectorGranule())
            / groupWaves);
    if (gpu.scalarRegisters() > 0) {
      groups.put(
          Limit.SCALAR_REGISTERS,
          wavesByRegisters(gpu, gpu.scalarRegisters(), scalarRegisters, gpu.scalarGranule())
              / groupWaves);
    }
    if (!gpu.oneWaveGroupsAreFree() || groupWaves > 1) {
      groups.put(Limit.WORK_GROUPS, (long) gpu.groups());
    }
    long local = roundedUp(localBytes, gpu.localGranuleBytes()) + gpu.localReservedBytes();
    if (local > 0) {
      groups.put(Limit.LOCAL_MEMORY, gpu.localBytes() / local);
    }
    long fewest = groups.values().stream().mapToLong(Long::longValue).min().orElseThrow();
    Set<Limit> limits = EnumSet.noneOf(Limit.class);
    groups.forEach(
        (limit, held) -> {
          if (held == fewest) {
            limits.add(limit);
          }
        });
    return new Occupancy(
        Math.toIntExact(fewest), Math.toIntExact(fewest * groupWaves), gpu.waves(), limits);
  }

  private static long wavesByRegisters(GpuLimits gpu, int all, int used, int granule) {
    long each = roundedUp(Math.max(used, 1), granule);
    return gpu.partitions() * (all / each);
  }

  private static long roundedUp(long amount, long granule) {
    return Math.ceilDiv(amount, granule) * granule;
  }
}
