package dev.weir.opencl.runtime;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.emit.OpenClPrinter;
import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_program;
import org.jocl.cl_queue_properties;

/**
 * A program on a device of this process: its buffers, and its kernels ready to run. A driver that
 * crashes or never comes back takes the process with it: {@link DeviceSession} runs it in another
 * one. Before every run each element that kernels write is set to NaN, so that one that is left out
 * cannot pass for a result.
 */
public final class KernelRunner implements AutoCloseable {

  private final KernelProgram program;
  private final cl_context context;
  private final cl_command_queue queue;
  private final cl_program compiled;
  private final Map<TensorName, cl_mem> memory = new HashMap<>();
  private final List<cl_kernel> kernels = new ArrayList<>();

  private KernelRunner(
      KernelProgram program, cl_context context, cl_command_queue queue, cl_program compiled) {
    this.program = program;
    this.context = context;
    this.queue = queue;
    this.compiled = compiled;
  }

  /** Compiles a program for a device and makes its buffers. */
  public static Build build(LocalDevice device, KernelProgram program) {
    return build(device, program, OpenClPrinter.print(program));
  }

  /** The same with another text of the program, as a test that plants a fault needs it. */
  public static Build build(LocalDevice device, KernelProgram program, String source) {
    List<String> unfit = Fitness.problems(program, device.description());
    if (!unfit.isEmpty()) {
      return new Build.Failed(String.join("; ", unfit), List.of());
    }
    try {
      return compile(device, program, source);
    } catch (CLException failed) {
      return new Build.Failed("the device refused (" + failed.getMessage() + ")", List.of());
    }
  }

  private static Build compile(LocalDevice device, KernelProgram program, String source) {
    cl_device_id[] devices = {device.handle()};
    cl_context context = device.context();
    cl_queue_properties timed = new cl_queue_properties();
    timed.addProperty(CL.CL_QUEUE_PROPERTIES, CL.CL_QUEUE_PROFILING_ENABLE);
    cl_command_queue queue = queue(context, device, timed);
    cl_program compiled =
        CL.clCreateProgramWithSource(context, 1, new String[] {source}, null, null);
    KernelRunner runner = new KernelRunner(program, context, queue, compiled);
    try {
      CL.clBuildProgram(compiled, 1, devices, "-cl-std=CL1.2", null, null);
      runner.prepare();
      return new Build.Ready(runner);
    } catch (CLException failed) {
      List<String> log = CompilerLog.withSource(log(compiled, device), source);
      runner.close();
      return new Build.Failed(
          "the kernel does not build (" + failed.getMessage().lines().findFirst().orElse("") + ")",
          log);
    }
  }

  @SuppressWarnings("deprecation") // The only call that devices of OpenCL 1.2 know.
  private static cl_command_queue queue(
      cl_context context, LocalDevice device, cl_queue_properties timed) {
    return device.description().version().startsWith("OpenCL 1.")
        ? CL.clCreateCommandQueue(context, device.handle(), CL.CL_QUEUE_PROFILING_ENABLE, null)
        : CL.clCreateCommandQueueWithProperties(context, device.handle(), timed, null);
  }

  private static String log(cl_program compiled, LocalDevice device) {
    long[] size = new long[1];
    CL.clGetProgramBuildInfo(compiled, device.handle(), CL.CL_PROGRAM_BUILD_LOG, 0, null, size);
    byte[] bytes = new byte[Math.toIntExact(size[0])];
    CL.clGetProgramBuildInfo(
        compiled, device.handle(), CL.CL_PROGRAM_BUILD_LOG, bytes.length, Pointer.to(bytes), null);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private void prepare() {
    for (KernelBuffer buffer : program.buffers()) {
      long flags =
          buffer.role() == KernelBuffer.Role.INPUT ? CL.CL_MEM_READ_ONLY : CL.CL_MEM_READ_WRITE;
      memory.put(
          buffer.tensor(), CL.clCreateBuffer(context, flags, buffer.array().bytes(), null, null));
    }
    for (Kernel kernel : program.kernels()) {
      cl_kernel handle = CL.clCreateKernel(compiled, kernel.name(), null);
      kernels.add(handle);
      for (int i = 0; i < kernel.arguments().size(); i++) {
        cl_mem argument = memory.get(kernel.arguments().get(i).tensor());
        CL.clSetKernelArg(handle, i, Sizeof.cl_mem, Pointer.to(argument));
      }
    }
  }

  /**
   * Sets an input.
   *
   * @param values row-major, finite; not modified
   */
  public void write(TensorName input, double[] values) {
    write(input, Elements.bytes(buffer(input), values));
  }

  /**
   * Sets an input to any numbers but infinite ones that mean absent: kernels take every element of
   * such an input for present (docs/kernels.md).
   *
   * @param tensor its elements, and which value of one means absent; not modified
   */
  public void write(TensorName input, DenseTensor tensor) {
    write(input, Elements.bytes(buffer(input), tensor));
  }

  /**
   * Sets an input.
   *
   * @param bytes from {@link Elements}; not modified
   */
  void write(TensorName input, ByteBuffer bytes) {
    CL.clEnqueueWriteBuffer(
        queue, memory.get(input), true, 0, bytes.remaining(), Pointer.to(bytes), 0, null, null);
  }

  /** The elements of a tensor, row-major, as the last run left them. */
  public double[] read(TensorName output) {
    return Elements.values(buffer(output), readBytes(output));
  }

  /** The same as the bytes of the buffer. */
  ByteBuffer readBytes(TensorName output) {
    KernelBuffer buffer = buffer(output);
    ByteBuffer bytes = Elements.room(buffer);
    CL.clEnqueueReadBuffer(
        queue,
        memory.get(output),
        true,
        0,
        buffer.array().bytes(),
        Pointer.to(bytes),
        0,
        null,
        null);
    return bytes;
  }

  /** Runs all kernels once. */
  public void launch() {
    List<Long> _ = runOnce();
  }

  /**
   * Runs all kernels once without setting what they write before: a tool that reports reads of
   * memory that nothing wrote needs it so.
   */
  public void launchOnFreshMemory() {
    List<Long> _ = launchAll();
  }

  /**
   * Runs all kernels once without timing, as that compiles them for good, then so many times.
   *
   * @param repetitions timed runs, at least 1
   */
  public RunTimes run(int repetitions) {
    launch();
    long[] nanoseconds = new long[repetitions];
    for (int i = 0; i < repetitions; i++) {
      nanoseconds[i] = runOnce().stream().mapToLong(Long::longValue).sum();
    }
    return new RunTimes(nanoseconds);
  }

  /** Runs all kernels once; nanoseconds of each. */
  List<Long> runOnce() {
    poison();
    return launchAll();
  }

  private List<Long> launchAll() {
    List<Long> nanoseconds = new ArrayList<>();
    for (int i = 0; i < kernels.size(); i++) {
      nanoseconds.add(launch(kernels.get(i), program.kernels().get(i)));
    }
    return nanoseconds;
  }

  private void poison() {
    for (KernelBuffer buffer : program.buffers()) {
      if (buffer.role() != KernelBuffer.Role.INPUT) {
        ByteBuffer notANumber = Elements.notANumber(buffer);
        CL.clEnqueueFillBuffer(
            queue,
            memory.get(buffer.tensor()),
            Pointer.to(notANumber),
            notANumber.remaining(),
            0,
            buffer.array().bytes(),
            0,
            null,
            null);
      }
    }
    CL.clFinish(queue);
  }

  private long launch(cl_kernel handle, Kernel kernel) {
    long[] items = kernel.items().stream().mapToLong(Long::longValue).toArray();
    long[] all = new long[items.length];
    for (int i = 0; i < items.length; i++) {
      all[i] = Math.multiplyExact(items[i], kernel.groups().get(i));
    }
    cl_event event = new cl_event();
    CL.clEnqueueNDRangeKernel(queue, handle, items.length, null, all, items, 0, null, event);
    CL.clFinish(queue);
    long duration =
        time(event, CL.CL_PROFILING_COMMAND_END) - time(event, CL.CL_PROFILING_COMMAND_START);
    CL.clReleaseEvent(event);
    return duration;
  }

  private static long time(cl_event event, int what) {
    long[] nanoseconds = new long[1];
    CL.clGetEventProfilingInfo(event, what, Sizeof.cl_ulong, Pointer.to(nanoseconds), null);
    return nanoseconds[0];
  }

  private KernelBuffer buffer(TensorName tensor) {
    return Elements.buffer(program, tensor);
  }

  @Override
  public void close() {
    kernels.forEach(CL::clReleaseKernel);
    memory.values().forEach(CL::clReleaseMemObject);
    CL.clReleaseProgram(compiled);
    CL.clReleaseCommandQueue(queue);
  }
}
