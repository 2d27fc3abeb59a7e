package dev.weir.opencl.runtime;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jocl.CLException;

/**
 * The process that talks to a driver for a {@link DeviceSession}. It takes requests from a socket
 * that nobody else knows, so that what drivers print goes elsewhere, and ends when that closes:
 * whatever the driver does then, as waiting for requests and working are two threads.
 */
final class DeviceWorker {

  private final SocketChannel channel;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private Optional<LocalDevices> devices = Optional.empty();
  private Optional<KernelRunner> runner = Optional.empty();

  private DeviceWorker(SocketChannel channel) {
    this.channel = channel;
    this.in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
    this.out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)));
  }

  /**
   * Entry point.
   *
   * @param arguments the socket's file
   */
  public static void main(String[] arguments) throws IOException {
    CountDownLatch ended = new CountDownLatch(1);
    outliveInterruption(ended);
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(arguments[0]));
      new DeviceWorker(channel).serve();
    } finally {
      ended.countDown();
    }
  }

  /**
   * Ctrl-C reaches every process of a terminal. This one goes on until the other ends or closes the
   * socket, or it would look like a driver that crashed.
   */
  private static void outliveInterruption(CountDownLatch ended) {
    Thread waiting =
        new Thread(
            () -> {
              try {
                ended.await();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
    Runtime.getRuntime().addShutdownHook(waiting);
  }

  private void serve() throws IOException {
    Thread working = new Thread(this::work, "device");
    working.setDaemon(true);
    working.start();
    try {
      while (true) {
        requests.add(Request.read(in));
      }
    } catch (EOFException _) {
      // The other process has ended, or needs this one no longer.
    } catch (AsynchronousCloseException broken) {
      throw new IOException("the device thread has ended", broken);
    }
  }

  private void work() {
    try (channel) {
      while (true) {
        answer(requests.take());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException | Error failed) {
      System.err.println(failed);
    }
  }

  private void answer(Request request) throws IOException {
    switch (request) {
      case Request.Ping _ -> say(new Reply.Done());
      case Request.Find find -> {
        LocalDevices found = LocalDevices.find(find.choice(), this::asking);
        devices = Optional.of(found);
        say(new Reply.Devices(found.search()));
      }
      case Request.Build build -> say(built(build));
      case Request.Write write ->
          say(
              guarded(
                  ready -> {
                    ready.write(write.input(), write.bytes());
                    return new Reply.Done();
                  }));
      case Request.Run _ -> say(guarded(ready -> new Reply.Ran(ready.runOnce())));
      case Request.Read read ->
          say(guarded(ready -> new Reply.Values(ready.readBytes(read.output()))));
      case Request.Release _ -> release();
    }
  }

  private void say(Reply reply) throws IOException {
    Reply.write(out, reply);
  }

  private void asking(String platform) {
    try {
      say(new Reply.Asking(platform));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private Reply built(Request.Build build) {
    release();
    Device wanted = build.device();
    Optional<LocalDevice> local =
        devices.flatMap(known -> known.of(wanted)).or(() -> search(wanted));
    if (local.isEmpty()) {
      return new Reply.NotBuilt(
          "the device is gone (got none of the name %s on %s, expected one)"
              .formatted(wanted.description().name(), wanted.description().platform()),
          List.of());
    }
    return switch (KernelRunner.build(local.get(), build.program(), build.source())) {
      case Build.Failed failed -> new Reply.NotBuilt(failed.reason(), failed.log());
      case Build.Ready ready -> {
        runner = Optional.of(ready.runner());
        yield new Reply.Done();
      }
    };
  }

  /** A process that was started for this device has found none yet. */
  private Optional<LocalDevice> search(Device wanted) {
    PlatformChoice choice = PlatformChoice.only(wanted.description().platform());
    LocalDevices found = LocalDevices.find(choice, _ -> {});
    devices = Optional.of(found);
    return found.of(wanted);
  }

  /** Something that is done with the program that was built. */
  private interface Work {
    Reply with(KernelRunner ready);
  }

  private Reply guarded(Work work) {
    try {
      return work.with(runner.orElseThrow());
    } catch (CLException failed) {
      return new Reply.Failed("the driver reported " + failed.getMessage());
    }
  }

  private void release() {
    Optional<KernelRunner> old = runner;
    runner = Optional.empty();
    old.ifPresent(KernelRunner::close);
  }
}
