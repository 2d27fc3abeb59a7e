package dev.weir.cli;

import dev.weir.opencl.runtime.DeviceDescription;
import dev.weir.opencl.runtime.DeviceSearch;
import dev.weir.opencl.runtime.Devices;
import dev.weir.reports.text.TextTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir doctor}: what the launcher cannot see without Java. */
@Command(
    name = "doctor",
    description = {
      "Show which needed programs and OpenCL devices are there.",
      "It reports and does not judge: a device or tool that is missing is named, with what to",
      "install, and is no failure. Whoever needs a device runs ./weir validate, which ends with 3",
      "without one."
    },
    footer = {"", "Exit codes: 0 shown, whatever is missing, 3 no JDK 25"})
final class DoctorCommand extends HelpOption implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.println();
    switch (Devices.list()) {
      case DeviceSearch.NoDevice none -> {
        out.println("missing  OpenCL device: " + none.reason());
        out.println("         " + none.remedy());
      }
      case DeviceSearch.Found found -> {
        out.println("OpenCL devices, the one that is used first");
        List<List<String>> rows = new ArrayList<>();
        found.devices().forEach(device -> rows.add(row(device.description())));
        out.print(TextTable.of(rows));
        found.notes().forEach(note -> out.println("note     " + note));
      }
    }
    return ExitCode.OK;
  }

  private static List<String> row(DeviceDescription device) {
    return List.of(
        "found   ",
        device.name(),
        device.kind().name().toLowerCase(Locale.ROOT),
        device.platform(),
        "driver " + device.driver(),
        device.version(),
        device.computeUnits() + " compute units",
        "%,d KiB local".formatted(device.localBytes() / 1024),
        "groups to " + device.maxGroupSize() + " work-items");
  }
}
