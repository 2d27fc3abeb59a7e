package dev.weir.cli;

import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.gpu.CompiledKernel;
import dev.weir.opencl.gpu.GpuLimits;
import dev.weir.opencl.gpu.Occupancy;
import dev.weir.opencl.gpu.Resources;
import dev.weir.opencl.gpu.TargetResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What compilers for GPUs made of kernels, for programs; docs/kernels.md has every key. */
final class TargetJson {

  private TargetJson() {}

  static Map<String, Object> of(Problem problem, List<TargetResult> results) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("schedule", problem.schedule().name());
    out.put("cascade", problem.cascade().name());
    out.put("architecture", problem.architecture().name());
    out.put("parameters", new TreeMap<>(problem.schedule().parameters()));
    out.put("targets", results.stream().map(TargetJson::result).toList());
    return out;
  }

  private static Map<String, Object> result(TargetResult result) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("target", result.target().toString());
    out.put("example", result.target().example());
    switch (result) {
      case TargetResult.Compiled compiled -> {
        out.put("result", "compiled");
        out.put("spills", compiled.spills());
        compiled.missing().ifPresent(missing -> missing(missing, out));
        out.put(
            "kernels",
            compiled.kernels().stream()
                .map(kernel -> kernel(kernel, compiled.target().limits()))
                .toList());
        out.put("limitsFrom", compiled.target().limits().source());
      }
      case TargetResult.Failed failed -> {
        out.put("result", "failed");
        out.put("reason", failed.reason());
        out.put("log", failed.log());
        failed.fix().ifPresent(fix -> out.put("fix", fix));
      }
      case TargetResult.ToolMissing missing -> {
        out.put("result", "not run");
        missing(missing, out);
      }
    }
    return out;
  }

  private static void missing(TargetResult.ToolMissing missing, Map<String, Object> out) {
    out.put("missingTool", missing.tool());
    out.put("remedy", missing.remedy());
  }

  private static Map<String, Object> kernel(CompiledKernel kernel, GpuLimits gpu) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("kernel", kernel.name());
    out.put("workItemsOfGroup", kernel.groupSize());
    kernel.resources().ifPresent(found -> out.put("resources", resources(found, gpu)));
    Map<String, Object> instructions = new LinkedHashMap<>();
    instructions.put("multiplyAdds", kernel.instructions().multiplyAdds());
    instructions.put("globalLoads", kernel.instructions().globalLoads());
    instructions.put("localLoads", kernel.instructions().localLoads());
    instructions.put("barriers", kernel.instructions().barriers());
    out.put("instructions", instructions);
    return out;
  }

  private static Map<String, Object> resources(Resources resources, GpuLimits gpu) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("registers", resources.vectorRegisters());
    resources.scalarRegisters().ifPresent(scalars -> out.put("scalarRegisters", scalars));
    out.put("spillStoreBytes", resources.spills().storeBytes());
    out.put("spillLoadBytes", resources.spills().loadBytes());
    out.put("spilledScalarRegisters", resources.spills().scalarRegisters());
    out.put("stackBytes", resources.stackBytes());
    out.put("localBytes", resources.localBytes());
    Occupancy occupancy = resources.occupancy();
    out.put("groupsOfUnit", occupancy.groups());
    out.put("wavesOfUnit", occupancy.waves());
    out.put("mostWavesOfUnit", occupancy.mostWaves());
    out.put(
        "limitedBy", occupancy.limits().stream().sorted().map(limit -> limit.text(gpu)).toList());
    return out;
  }
}
