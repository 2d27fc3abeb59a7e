package dev.weir.opencl.gpu;

/**
 * What one compute unit of a GPU holds at a time: public figures of the makers.
 *
 * @param unit what the maker calls a compute unit
 * @param wave what the maker calls the work-items that step together
 * @param waveSize work-items of a wave
 * @param partitions parts of a unit with registers of their own
 * @param partitionWaves waves that a part holds at most
 * @param vectorRegisters of 32 bits, for each lane of a part
 * @param vectorGranule a wave gets a multiple of so many
 * @param scalarRegisters of a part; 0 where they never limit
 * @param scalarGranule a wave gets a multiple of so many
 * @param localBytes local memory of the unit
 * @param groupLocalBytes what a work-group can have of it in arrays whose size the text says
 * @param localGranuleBytes a work-group gets a multiple of so many
 * @param localReservedBytes what the system takes besides for each work-group
 * @param groups work-groups that the unit holds at most
 * @param oneWaveGroupsAreFree whether that holds only for work-groups of several waves
 * @param source who says so
 */
public record GpuLimits(
    String unit,
    String wave,
    int waveSize,
    int partitions,
    int partitionWaves,
    int vectorRegisters,
    int vectorGranule,
    int scalarRegisters,
    int scalarGranule,
    long localBytes,
    long groupLocalBytes,
    long localGranuleBytes,
    long localReservedBytes,
    int groups,
    boolean oneWaveGroupsAreFree,
    String source) {

  /** Waves that a unit holds at most. */
  public int waves() {
    return partitions * partitionWaves;
  }

  /**
   * A streaming multiprocessor: 65,536 registers in four parts, given to warps in units of 256,
   * that is 8 a lane.
   */
  static GpuLimits nvidia(long localBytes, String capability) {
    return new GpuLimits(
        "SM",
        "warp",
        32,
        4,
        16,
        512,
        8,
        0,
        1,
        localBytes,
        49_152,
        128,
        1024,
        32,
        false,
        "NVIDIA, CUDA C++ Programming Guide, technical specifications of compute capability "
            + capability
            + "; CUDA Occupancy Calculator for what is allocated at once");
  }

  /** A compute unit of GCN and CDNA. */
  static GpuLimits gfx9(int partitionWaves, int vectorRegisters, int vectorGranule) {
    return new GpuLimits(
        "compute unit",
        "wave",
        64,
        4,
        partitionWaves,
        vectorRegisters,
        vectorGranule,
        800,
        16,
        65_536,
        65_536,
        512,
        0,
        16,
        true,
        AMD);
  }

  /** A work-group processor of RDNA 2: two compute units whose local memory is one. */
  static GpuLimits gfx103() {
    return new GpuLimits(
        "work-group processor",
        "wave",
        32,
        4,
        16,
        1024,
        16,
        0,
        1,
        131_072,
        65_536,
        512,
        0,
        32,
        true,
        AMD);
  }

  private static final String AMD =
      "LLVM 15, AMDGPUBaseInfo.cpp (registers, waves, work-groups) and the User Guide for the"
          + " AMDGPU Backend (local memory)";
}
