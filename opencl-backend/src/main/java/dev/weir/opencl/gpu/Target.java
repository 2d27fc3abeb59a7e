package dev.weir.opencl.gpu;

import java.util.Locale;

/** A GPU that kernels are compiled for, by the name that its compilers know it by. */
public enum Target {
  SM_80(Vendor.NVIDIA, "NVIDIA A100"),
  SM_90(Vendor.NVIDIA, "NVIDIA H100"),
  GFX90A(Vendor.AMD, "AMD Instinct MI200"),
  GFX1030(Vendor.AMD, "AMD Radeon RX 6800"),
  GFX906(Vendor.AMD, "AMD Instinct MI50");

  private final Vendor vendor;
  private final String example;

  Target(Vendor vendor, String example) {
    this.vendor = vendor;
    this.example = example;
  }

  public Vendor vendor() {
    return vendor;
  }

  /** A product of this kind. */
  public String example() {
    return example;
  }

  /** What one of its compute units holds. */
  public GpuLimits limits() {
    return switch (this) {
      case SM_80 -> GpuLimits.nvidia(167_936, "8.0");
      case SM_90 -> GpuLimits.nvidia(233_472, "9.0");
      case GFX90A -> GpuLimits.gfx9(8, 512, 8);
      case GFX1030 -> GpuLimits.gfx103();
      case GFX906 -> GpuLimits.gfx9(10, 256, 4);
    };
  }

  /** As compilers and command lines write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
