package dev.weir.opencl.runtime;

import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A program on a device in another process: its buffers, and its kernels ready to run. Before every
 * run each element that kernels write is set to NaN, so that one that is left out cannot pass for a
 * result. After the first failure it is closed.
 */
public final class DeviceProgram implements AutoCloseable {

  private final DeviceSession session;
  private final KernelProgram program;

  DeviceProgram(DeviceSession session, KernelProgram program) {
    this.session = session;
    this.program = program;
  }

  /** What was built. */
  public KernelProgram program() {
    return program;
  }

  /**
   * Sets some inputs and runs all kernels once.
   *
   * @param inputs row-major, finite: kernels rely on it (docs/kernels.md); not modified
   */
  public Answer<DeviceProgram> run(Map<TensorName, double[]> inputs) {
    Answer<DeviceProgram> state = new Answer.Given<>(this);
    for (KernelBuffer buffer : program.buffers()) {
      double[] values = inputs.get(buffer.tensor());
      if (values != null) {
        state = state.then(_ -> write(buffer, values));
      }
    }
    return state
        .then(_ -> session.ask(this, new Request.Run(), Activity.RUNNING))
        .then(_ -> self());
  }

  private Answer<DeviceProgram> write(KernelBuffer buffer, double[] values) {
    Request.Write request = new Request.Write(buffer.tensor(), Elements.bytes(buffer, values));
    return session.ask(this, request, Activity.WRITING).then(_ -> self());
  }

  private Answer<DeviceProgram> self() {
    return new Answer.Given<>(this);
  }

  /** The elements of a tensor, row-major, as the last run left them. */
  public Answer<float[]> read(TensorName output) {
    KernelBuffer buffer = Elements.buffer(program, output);
    return session
        .ask(this, new Request.Read(buffer.tensor()), Activity.READING)
        .then(reply -> new Answer.Given<>(Elements.floats(((Reply.Values) reply).bytes())));
  }

  /**
   * Times all kernels together, by the device's clock. The first run, in which some drivers still
   * compile, should have been another one.
   *
   * @param repetitions timed runs, at least 1; unless all of them succeed there is no time
   */
  public Answer<RunTimes> time(int repetitions) {
    return time(repetitions, _ -> true);
  }

  /**
   * Times some kernels while all run.
   *
   * @param timed whether a kernel's time counts
   */
  public Answer<RunTimes> time(int repetitions, Predicate<Kernel> timed) {
    long[] nanoseconds = new long[repetitions];
    Answer<DeviceProgram> state = self();
    for (int i = 0; i < repetitions; i++) {
      int run = i;
      state =
          state
              .then(_ -> session.ask(this, new Request.Run(), Activity.RUNNING))
              .then(
                  reply -> {
                    nanoseconds[run] = total(((Reply.Ran) reply).nanoseconds(), timed);
                    return self();
                  });
    }
    return state.then(_ -> new Answer.Given<>(new RunTimes(nanoseconds)));
  }

  private long total(List<Long> nanoseconds, Predicate<Kernel> timed) {
    long total = 0;
    for (int i = 0; i < nanoseconds.size(); i++) {
      if (timed.test(program.kernels().get(i))) {
        total += nanoseconds.get(i);
      }
    }
    return total;
  }

  @Override
  public void close() {
    session.release(this);
  }
}
