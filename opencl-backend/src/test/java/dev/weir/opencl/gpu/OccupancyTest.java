package dev.weir.opencl.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.opencl.gpu.Occupancy.Limit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published figures; what LLVM prints for kernels of its own is compared in GpuCompilerTest. */
class OccupancyTest {

  /**
   * NVIDIA's CUDA C++ Best Practices Guide, section Calculating Occupancy, for a multiprocessor
   * with 65,536 registers and 64 warps: 37 registers a thread give 75 % with blocks of 128 threads,
   * as 12 are resident, and 63 % with 320, as only four are; full occupancy allows 32.
   */
  @ParameterizedTest
  @CsvSource({"128, 37, 12, 0.75", "320, 37, 4, 0.625", "128, 32, 16, 1.0", "1024, 32, 2, 1.0"})
  void nvidiaGuide(int groupSize, int registers, int groups, double fraction) {
    Occupancy occupancy = Occupancy.estimate(Target.SM_80.limits(), groupSize, registers, 0, 0);

    assertThat(occupancy.groups()).isEqualTo(groups);
    assertThat(occupancy.fraction()).isEqualTo(fraction);
  }

  @Test
  void whatLimitsIsNamed() {
    assertThat(Occupancy.estimate(Target.SM_80.limits(), 128, 37, 0, 0).limits())
        .containsExactly(Limit.VECTOR_REGISTERS);
    assertThat(Occupancy.estimate(Target.SM_80.limits(), 128, 16, 0, 0).limits())
        .containsExactly(Limit.WAVES);
    assertThat(Occupancy.estimate(Target.SM_80.limits(), 32, 16, 0, 0).limits())
        .containsExactly(Limit.WORK_GROUPS);
    assertThat(Occupancy.estimate(Target.GFX906.limits(), 64, 16, 112, 0).limits())
        .containsExactly(Limit.SCALAR_REGISTERS);
  }

  /**
   * The guide's figures of local memory: 164 KiB of 8.0 and 228 KiB of 9.0, 1 KiB a block taken.
   */
  @ParameterizedTest
  @CsvSource({"SM_80, 163, 1", "SM_80, 164, 0", "SM_80, 81, 2", "SM_90, 227, 1", "SM_90, 75, 3"})
  void localMemory(Target target, long kibibytes, int groups) {
    Occupancy occupancy = Occupancy.estimate(target.limits(), 128, 16, 0, kibibytes * 1024);

    assertThat(occupancy.groups()).isEqualTo(groups);
    assertThat(occupancy.limits()).containsExactly(Limit.LOCAL_MEMORY);
  }

  @Test
  void workGroupsOfOneWaveAreFreeOnAmd() {
    assertThat(Occupancy.estimate(Target.GFX90A.limits(), 64, 16, 16, 0).groups()).isEqualTo(32);
    assertThat(Occupancy.estimate(Target.GFX90A.limits(), 65, 16, 16, 0).groups()).isEqualTo(16);
  }
}
