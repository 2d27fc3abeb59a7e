package dev.weir.opencl.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/**
 * Finds devices. Every platform is asked for itself, as one that fails must not hide the others,
 * and after an error nothing that it wrote is trusted.
 */
public final class Devices {

  /** Platforms that gave wrong results or crash: only used when asked for by name. */
  private static final List<String> ONLY_WHEN_NAMED = List.of("rusticl", "clover");

  private static final String REMEDY =
      "install an OpenCL driver, on Debian and Ubuntu: apt-get install pocl-opencl-icd"
          + " ocl-icd-libopencl1";

  private Devices() {}

  /** All devices, except those of platforms that are known to compute wrongly. */
  public static DeviceSearch list() {
    return list(List.of());
  }

  /**
   * All devices.
   *
   * @param named platforms to use although they are known to compute wrongly: {@code rusticl}
   */
  public static DeviceSearch list(List<String> named) {
    List<String> notes = new ArrayList<>();
    List<Device> devices = new ArrayList<>();
    try {
      CL.setExceptionsEnabled(true);
      for (cl_platform_id platform : platforms()) {
        devices.addAll(devices(platform, named, notes));
      }
    } catch (LinkageError | UnsupportedOperationException missing) {
      return new DeviceSearch.NoDevice(
          "the OpenCL library cannot be loaded (" + missing.getMessage() + ")", remedy());
    } catch (CLException failed) {
      return new DeviceSearch.NoDevice(
          "no OpenCL platform is installed (" + failed.getMessage() + ")", remedy());
    }
    if (devices.isEmpty()) {
      String because = notes.isEmpty() ? "" : ": " + String.join("; ", notes);
      return new DeviceSearch.NoDevice("no OpenCL device was found" + because, remedy());
    }
    devices.sort(Comparator.comparingInt(device -> order(device.description())));
    return new DeviceSearch.Found(devices, notes);
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

  private static List<Device> devices(
      cl_platform_id platform, List<String> named, List<String> notes) {
    String name = "a platform without a name";
    List<Device> devices = new ArrayList<>();
    try {
      name = text(platform);
      String lower = name.toLowerCase(Locale.ROOT);
      boolean isShunned =
          ONLY_WHEN_NAMED.stream()
              .anyMatch(shunned -> lower.contains(shunned) && !named.contains(shunned));
      if (isShunned) {
        notes.add(name + " is not used unless it is named");
        return List.of();
      }
      int[] count = new int[1];
      CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, 0, null, count);
      cl_device_id[] handles = new cl_device_id[count[0]];
      CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, handles.length, handles, null);
      for (cl_device_id handle : handles) {
        devices.add(new Device(platform, handle, description(name, handle)));
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
