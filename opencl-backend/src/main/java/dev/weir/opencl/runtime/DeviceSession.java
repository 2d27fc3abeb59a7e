package dev.weir.opencl.runtime;

import dev.weir.opencl.emit.OpenClPrinter;
import dev.weir.opencl.kernel.KernelProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Devices, reached through a process of its own: a driver that crashes or never comes back costs
 * one program, not the run. The process serves one program after another; one that has ended, or
 * that a driver's error has left in doubt, is replaced when the next program comes. It ends when
 * this process does, however that ends. Not for use by several threads.
 */
public final class DeviceSession implements AutoCloseable {

  private static final String REMEDY =
      "remove that driver, or name the good ones to the loader: OCL_ICD_VENDORS=pocl.icd";

  private final Limits limits;
  private Optional<DeviceProcess> process = Optional.empty();
  private Optional<DeviceProgram> program = Optional.empty();

  private DeviceSession(Limits limits) {
    this.limits = limits;
  }

  /** Starts nothing yet. */
  public static DeviceSession open(Limits limits) {
    return new DeviceSession(limits);
  }

  /** The same with the usual limits. */
  public static DeviceSession open() {
    return open(Limits.usual());
  }

  /** How long a device may take. */
  public Limits limits() {
    return limits;
  }

  /** All devices, except those of platforms that are known to compute wrongly. */
  public DeviceSearch devices() {
    return devices(List.of());
  }

  /**
   * All devices. A platform whose driver crashes is noted, and the others are asked again.
   *
   * @param named platforms to use although they are known to compute wrongly: {@code rusticl}
   */
  public DeviceSearch devices(List<String> named) {
    PlatformChoice choice = PlatformChoice.usual(named);
    List<String> crashes = new ArrayList<>();
    while (true) {
      Optional<String> asked = Optional.empty();
      try {
        DeviceProcess asking = running();
        Reply reply = asking.ask(new Request.Find(choice), Activity.FINDING, limits.build());
        while (reply instanceof Reply.Asking one) {
          asked = Optional.of(one.platform());
          reply = asking.next(Activity.FINDING, limits.build());
        }
        return withNotes(((Reply.Devices) reply).search(), crashes);
      } catch (DeviceProcess.EndedException ended) {
        discard();
        if (asked.isEmpty()) {
          return new DeviceSearch.NoDevice(
              "no OpenCL driver could be asked for its devices: " + ended.getMessage(), REMEDY);
        }
        choice = choice.without(asked.get());
        crashes.add(asked.get() + " is not used: " + ended.getMessage());
      }
    }
  }

  private static DeviceSearch withNotes(DeviceSearch search, List<String> crashes) {
    if (crashes.isEmpty()) {
      return search;
    }
    return switch (search) {
      case DeviceSearch.Found found -> {
        List<String> notes = new ArrayList<>(found.notes());
        crashes.forEach(crash -> notes.add(crash + "; " + REMEDY));
        yield new DeviceSearch.Found(found.devices(), notes);
      }
      case DeviceSearch.NoDevice none ->
          new DeviceSearch.NoDevice(
              none.reason() + "; " + String.join("; ", crashes), REMEDY + "; or " + none.remedy());
    };
  }

  /** Compiles a program for a device and makes its buffers; one built earlier is closed. */
  public Answer<DeviceProgram> build(Device device, KernelProgram wanted) {
    return build(device, wanted, OpenClPrinter.print(wanted));
  }

  /** The same with another text of the program. */
  public Answer<DeviceProgram> build(Device device, KernelProgram wanted, String source) {
    program.ifPresent(DeviceProgram::close);
    try {
      Reply reply =
          running()
              .ask(new Request.Build(device, wanted, source), Activity.BUILDING, limits.build());
      return switch (reply) {
        case Reply.Done _ -> {
          DeviceProgram built = new DeviceProgram(this, wanted);
          program = Optional.of(built);
          yield new Answer.Given<>(built);
        }
        case Reply.NotBuilt notBuilt -> new Answer.Failed<>(notBuilt.reason(), notBuilt.log());
        case Reply.Failed _, Reply.Asking _, Reply.Devices _, Reply.Ran _, Reply.Values _ ->
            throw new IllegalStateException("a build was answered by " + reply);
      };
    } catch (DeviceProcess.EndedException ended) {
      discard();
      return new Answer.Failed<>(ended.getMessage(), List.of());
    }
  }

  /** What a program asks of the process that built it; after a failure that process is no more. */
  Answer<Reply> ask(DeviceProgram asking, Request request, Activity activity) {
    if (!isOpen(asking)) {
      throw new IllegalStateException(
          "program %s is closed, or has failed".formatted(asking.program().name()));
    }
    try {
      Reply reply = process.orElseThrow().ask(request, activity, limits.run());
      if (reply instanceof Reply.Failed failed) {
        discard();
        return new Answer.Failed<>(failed.reason() + " while " + activity.during(), List.of());
      }
      return new Answer.Given<>(reply);
    } catch (DeviceProcess.EndedException ended) {
      discard();
      return new Answer.Failed<>(ended.getMessage(), List.of());
    }
  }

  private boolean isOpen(DeviceProgram asking) {
    return program.filter(open -> open == asking).isPresent();
  }

  /** Frees what a program holds on the device. */
  void release(DeviceProgram released) {
    if (isOpen(released)) {
      program = Optional.empty();
      process.ifPresent(running -> running.tell(new Request.Release()));
    }
  }

  /** The process, a new one when there is none that answers. */
  private DeviceProcess running() throws DeviceProcess.EndedException {
    if (process.isPresent() && !process.get().isAlive(limits.build())) {
      discard();
    }
    if (process.isEmpty()) {
      process = Optional.of(DeviceProcess.start(limits.build()));
    }
    return process.get();
  }

  /** The number of the process in the system, while there is one. */
  OptionalLong pid() {
    return process.map(running -> OptionalLong.of(running.pid())).orElse(OptionalLong.empty());
  }

  private void discard() {
    process.ifPresent(DeviceProcess::close);
    process = Optional.empty();
    program = Optional.empty();
  }

  @Override
  public void close() {
    discard();
  }
}
