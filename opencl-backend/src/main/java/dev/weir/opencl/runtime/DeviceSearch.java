package dev.weir.opencl.runtime;

import java.util.List;

/** What a search for devices found. */
public sealed interface DeviceSearch {

  /**
   * At least one device.
   *
   * @param devices the best first: GPUs, then PoCL, then the rest
   * @param notes what could not be asked, a line each
   */
  record Found(List<Device> devices, List<String> notes) implements DeviceSearch {
    public Found {
      devices = List.copyOf(devices);
      notes = List.copyOf(notes);
    }
  }

  /**
   * None.
   *
   * @param reason why
   * @param remedy how to get one
   */
  record NoDevice(String reason, String remedy) implements DeviceSearch {}
}
