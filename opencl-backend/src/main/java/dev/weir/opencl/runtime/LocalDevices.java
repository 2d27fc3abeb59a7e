package dev.weir.opencl.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/**
 * The devices that the drivers in this process offer. Every platform is asked for itself, as one
 * that fails must not hide the others, and after an error nothing that it wrote is trusted. A
 * driver that crashes takes the process with it: {@link DeviceSession} looks in another one.
 */
public final class LocalDevices {

  private static final String REMEDY =
      "install an OpenCL driver, on Debian and Ubuntu: apt-get install pocl-opencl-icd"
          + " ocl-icd-libopencl1";

  private final List<LocalDevice> all;
  private final DeviceSearch search;

  private LocalDevices(List<LocalDevice> all, DeviceSearch search) {
    this.all = List.copyOf(all);
    this.search = search;
  }

  /** All devices, except those of platforms that are known to compute wrongly. */
  public static LocalDevices find() {
    return find(PlatformChoice.usual(List.of()), _ -> {});
  }

  /**
   * The devices of some platforms.
   *
   * @param asking is told the name of each platform before it is asked for its devices
   */
  static LocalDevices find(PlatformChoice choice, Consumer<String> asking) {
    List<String> notes = new ArrayList<>();
    List<LocalDevice> devices = new ArrayList<>();
    try {
      CL.setExceptionsEnabled(true);
      for (cl_platform_id platform : platforms()) {
        devices.addAll(devices(platform, choice, asking, notes));
      }
    } catch (LinkageError | UnsupportedOperationException missing) {
      return none("the OpenCL library cannot be loaded (" + missing.getMessage() + ")");
    } catch (CLException failed) {
      return none("no OpenCL platform is installed (" + failed.getMessage() + ")");
    }
    if (devices.isEmpty()) {
      String because = notes.isEmpty() ? "" : ": " + String.join("; ", notes);
      return none("no OpenCL device was found" + because);
    }
    devices.sort(Comparator.comparingInt(device -> order(device.description())));
    List<Device> found = devices.stream().map(LocalDevice::device).toList();
    return new LocalDevices(devices, new DeviceSearch.Found(found, notes));
  }

  private static LocalDevices none(String reason) {
    return new LocalDevices(List.of(), new DeviceSearch.NoDevice(reason, remedy()));
  }

  /** The best first: GPUs, then PoCL, then the rest; none when there is none. */
  public List<LocalDevice> all() {
    return all;
  }

  /** What was found, in a form that any process understands. */
  DeviceSearch search() {
    return search;
  }

  /** A device that this or another process found. */
  Optional<LocalDevice> of(Device device) {
    return all.stream().filter(local -> local.device().isSame(device)).findFirst();
  }

  private static String remedy() {
    return remedy(Optional.ofNullable(System.getenv("OCL_ICD_VENDORS")).filter(v -> !v.isEmpty()));
  }

  /**
   * How to get a device.
   *
   * @param vendors where the loader is told to look, instead of the system's folder
   */
  static String remedy(Optional<String> vendors) {
    return vendors
        .map(
            folder ->
                "unset OCL_ICD_VENDORS, which lets drivers be looked for only in "
                    + folder
                    + "; or, if there is none elsewhere, "
                    + REMEDY)
        .orElse(REMEDY);
  }

  private static int order(DeviceDescription device) {
    if (device.kind() == DeviceDescription.Kind.GPU) {
      return 0;
    }
    return device.platform().contains("Portable Computing Language") ? 1 : 2;
  }

  private static cl_platform_id[] platforms() {
    int[] count = new int[1];
    CL.clGetPlatformIDs(0, null, count);
    cl_platform_id[] platforms = new cl_platform_id[count[0]];
    CL.clGetPlatformIDs(platforms.length, platforms, null);
    return platforms;
  }

  private static List<LocalDevice> devices(
      cl_platform_id platform, PlatformChoice choice, Consumer<String> asking, List<String> notes) {
    String name = "a platform without a name";
    List<LocalDevice> devices = new ArrayList<>();
    try {
      name = text(platform);
      if (!choice.asks(name)) {
        return List.of();
      }
      if (choice.shuns(name)) {
        notes.add(name + " is not used unless it is named");
        return List.of();
      }
      asking.accept(name);
      int[] count = new int[1];
      CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, 0, null, count);
      cl_device_id[] handles = new cl_device_id[count[0]];
      CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, handles.length, handles, null);
      Map<String, Integer> namesakes = new HashMap<>();
      for (cl_device_id handle : handles) {
        DeviceDescription description = description(name, handle);
        int ordinal = namesakes.merge(description.name(), 1, Integer::sum) - 1;
        devices.add(new LocalDevice(platform, handle, new Device(description, ordinal)));
      }
      return devices;
    } catch (CLException failed) {
      notes.add(name + " offers no device (" + failed.getMessage() + ")");
      return List.of();
    }
  }

  private static DeviceDescription description(String platform, cl_device_id device) {
    long type = number(device, CL.CL_DEVICE_TYPE, 8);
    DeviceDescription.Kind kind = DeviceDescription.Kind.OTHER;
    if ((type & CL.CL_DEVICE_TYPE_GPU) != 0) {
      kind = DeviceDescription.Kind.GPU;
    } else if ((type & CL.CL_DEVICE_TYPE_CPU) != 0) {
      kind = DeviceDescription.Kind.CPU;
    }
    return new DeviceDescription(
        text(device, CL.CL_DEVICE_NAME),
        platform,
        text(device, CL.CL_DRIVER_VERSION),
        text(device, CL.CL_DEVICE_VERSION),
        kind,
        number(device, CL.CL_DEVICE_MAX_COMPUTE_UNITS, 4),
        number(device, CL.CL_DEVICE_LOCAL_MEM_SIZE, 8),
        number(device, CL.CL_DEVICE_MAX_WORK_GROUP_SIZE, 8),
        number(device, CL.CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT, 4),
        text(device, CL.CL_DEVICE_EXTENSIONS).contains("cl_khr_fp64"),
        number(device, CL.CL_DEVICE_GLOBAL_MEM_SIZE, 8),
        number(device, CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE, 8));
  }

  private static String text(cl_platform_id platform) {
    long[] size = new long[1];
    CL.clGetPlatformInfo(platform, CL.CL_PLATFORM_NAME, 0, null, size);
    byte[] bytes = new byte[Math.toIntExact(size[0])];
    CL.clGetPlatformInfo(platform, CL.CL_PLATFORM_NAME, bytes.length, Pointer.to(bytes), null);
    return text(bytes);
  }

  private static String text(cl_device_id device, int what) {
    long[] size = new long[1];
    CL.clGetDeviceInfo(device, what, 0, null, size);
    byte[] bytes = new byte[Math.toIntExact(size[0])];
    CL.clGetDeviceInfo(device, what, bytes.length, Pointer.to(bytes), null);
    return text(bytes);
  }

  private static String text(byte[] zeroEnded) {
    return new String(zeroEnded, StandardCharsets.UTF_8).replace("\0", "").strip();
  }

  private static long number(cl_device_id device, int what, int bytes) {
    byte[] raw = new byte[8];
    CL.clGetDeviceInfo(device, what, bytes, Pointer.to(raw), null);
    return ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder()).getLong();
  }
}
