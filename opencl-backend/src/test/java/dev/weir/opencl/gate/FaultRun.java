package dev.weir.opencl.gate;

import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.emit.OpenClPrinter;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.fault.PlantedFault;
import dev.weir.opencl.fault.PlantedFaults;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.runtime.Build;
import dev.weir.opencl.runtime.KernelRunner;
import dev.weir.opencl.runtime.LocalDevice;
import dev.weir.opencl.runtime.LocalDevices;

/** Runs a kernel with a planted fault once, in a Java of its own whose only driver is Oclgrind. */
final class FaultRun {

  private FaultRun() {}

  /**
   * Entry point.
   *
   * @param arguments name of the fault
   */
  public static void main(String[] arguments) {
    LocalDevice device = LocalDevices.find().all().getFirst();
    PlantedFault fault =
        PlantedFaults.undefined().stream()
            .filter(one -> one.name().equals(arguments[0]))
            .findFirst()
            .orElseThrow();
    PlantedFault.Target target = fault.kernel();
    Problem problem =
        Problems.shipped(target.cascade(), target.schedule(), target.device(), ShippedRun.SHAPES);
    KernelProgram program = Problems.program(problem);
    Build build =
        KernelRunner.build(device, program, OpenClPrinter.print(fault.plantedInto(program)));
    ShippedRun.run(problem, program, (Build.Ready) build);
    System.out.println("ran on " + device.description().name());
  }
}
