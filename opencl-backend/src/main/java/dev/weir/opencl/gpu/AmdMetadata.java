package dev.weir.opencl.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What the assembler tells the loader of each kernel: a YAML document in the assembly.
 *
 * @param kernels one map a kernel; keys as the AMDGPU User Guide lists them
 */
record AmdMetadata(List<Map<?, ?>> kernels) {

  static AmdMetadata of(String assembly) throws ToolFailedException {
    int start = assembly.indexOf(".amdgpu_metadata\n");
    int end = assembly.indexOf("\n...", Math.max(start, 0));
    List<Map<?, ?>> kernels = new ArrayList<>();
    if (start >= 0 && end > start) {
      String text = assembly.substring(assembly.indexOf('\n', start) + 1, end + 1);
      Object tree = new Load(LoadSettings.builder().build()).loadFromString(text);
      if (tree instanceof Map<?, ?> map && map.get("amdhsa.kernels") instanceof List<?> all) {
        for (Object one : all) {
          if (one instanceof Map<?, ?> kernel) {
            kernels.add(kernel);
          }
        }
      }
    }
    if (kernels.isEmpty()) {
      throw new ToolFailedException(
          "the assembly says nothing of kernels (got no amdhsa.kernels, expected some)",
          assembly.lines().limit(20).toList());
    }
    return new AmdMetadata(kernels);
  }

  /** A whole number of a kernel. */
  int number(String kernel, String key) throws ToolFailedException {
    for (Map<?, ?> one : kernels) {
      if (kernel.equals(one.get(".name")) && one.get(key) instanceof Integer number) {
        return number;
      }
    }
    throw new ToolFailedException(
        "the assembly's metadata has no number %s of kernel %s".formatted(key, kernel),
        kernels.stream().map(String::valueOf).toList());
  }

  Resources resources(String kernel, long groupSize, Spills spills, GpuLimits limits)
      throws ToolFailedException {
    int vectors = number(kernel, ".vgpr_count");
    int scalars = number(kernel, ".sgpr_count");
    long localBytes = number(kernel, ".group_segment_fixed_size");
    return new Resources(
        vectors,
        OptionalInt.of(scalars),
        spills,
        number(kernel, ".private_segment_fixed_size"),
        localBytes,
        Occupancy.estimate(limits, groupSize, vectors, scalars, localBytes));
  }
}
