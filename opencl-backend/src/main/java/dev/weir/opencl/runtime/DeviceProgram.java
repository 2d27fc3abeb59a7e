package dev.weir.opencl.runtime;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A program on a device in another process: its buffers, and its kernels ready to run. Before every
 * run each element that kernels write is set to NaN, so that one that is left out cannot pass for a
 * result. After the first failure it is closed.
 */
public final class DeviceProgram implements AutoCloseable {

  /** Of which a median means something. */
  private static final int FEWEST_RUNS = 3;

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
    return run(
        buffer ->
            Optional.ofNullable(inputs.get(buffer.tensor()))
                .map(values -> Elements.bytes(buffer, values)));
  }

  /**
   * The same for any numbers but infinite ones that mean absent: kernels take every element of an
   * input whose empty value is infinite for present (docs/kernels.md).
   *
   * @param inputs not modified
   */
  public Answer<DeviceProgram> runOn(Map<TensorName, DenseTensor> inputs) {
    return run(
        buffer ->
            Optional.ofNullable(inputs.get(buffer.tensor()))
                .map(tensor -> Elements.bytes(buffer, tensor)));
  }

  private Answer<DeviceProgram> run(Function<KernelBuffer, Optional<ByteBuffer>> contents) {
    Answer<DeviceProgram> state = new Answer.Given<>(this);
    for (KernelBuffer buffer : program.buffers()) {
      Optional<ByteBuffer> bytes = contents.apply(buffer);
      if (bytes.isPresent()) {
        state = state.then(_ -> write(buffer, bytes.get()));
      }
    }
    return state
        .then(_ -> session.ask(this, new Request.Run(), Activity.RUNNING))
        .then(_ -> self());
  }

  private Answer<DeviceProgram> write(KernelBuffer buffer, ByteBuffer bytes) {
    Request.Write request = new Request.Write(buffer.tensor(), bytes);
    return session.ask(this, request, Activity.WRITING).then(_ -> self());
  }

  private Answer<DeviceProgram> self() {
    return new Answer.Given<>(this);
  }

  /** The elements of a tensor, row-major, as the last run left them. */
  public Answer<double[]> read(TensorName output) {
    KernelBuffer buffer = Elements.buffer(program, output);
    return session
        .ask(this, new Request.Read(buffer.tensor()), Activity.READING)
        .then(reply -> new Answer.Given<>(Elements.values(buffer, ((Reply.Values) reply).bytes())));
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
   * The same, with fewer runs of a slow program: none is begun after so much time on the device, so
   * long as there are three.
   *
   * @param most timed runs, at least 3
   */
  public Answer<RunTimes> time(int most, Duration enough) {
    return time(most, enough.toNanos(), _ -> true);
  }

  /**
   * Times some kernels while all run.
   *
   * @param timed whether a kernel's time counts
   */
  public Answer<RunTimes> time(int repetitions, Predicate<Kernel> timed) {
    return time(repetitions, Long.MAX_VALUE, timed);
  }

  private Answer<RunTimes> time(int most, long enough, Predicate<Kernel> timed) {
    List<Long> nanoseconds = new ArrayList<>();
    long total = 0;
    while (nanoseconds.size() < most && (nanoseconds.size() < FEWEST_RUNS || total < enough)) {
      switch (session.ask(this, new Request.Run(), Activity.RUNNING)) {
        case Answer.Failed<Reply> failed -> {
          return new Answer.Failed<>(failed.reason(), failed.log());
        }
        case Answer.Given<Reply> given -> {
          long run = total(((Reply.Ran) given.value()).nanoseconds(), timed);
          nanoseconds.add(run);
          total += run;
        }
      }
    }
    return new Answer.Given<>(
        new RunTimes(nanoseconds.stream().mapToLong(Long::longValue).toArray()));
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
