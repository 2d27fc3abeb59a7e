package dev.weir.opencl.runtime;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A {@link DeviceWorker} as its parent sees it. What goes wrong once has ended it for good. */
final class DeviceProcess implements AutoCloseable {

  /** 128 and the signal that kills: sent by a person, by the system for want of memory, by us. */
  private static final int KILLED = 137;

  private final Process process;
  private final LastWords words;
  private final SocketChannel channel;
  private final DataInputStream in;
  private final DataOutputStream out;

  private DeviceProcess(Process process, LastWords words, SocketChannel channel) {
    this.process = process;
    this.words = words;
    this.channel = channel;
    this.in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
    this.out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)));
  }

  /** A device process has ended, or was ended. */
  static final class EndedException extends Exception {
    EndedException(String reason) {
      super(reason);
    }
  }

  /** Starts one and waits until it listens. */
  static DeviceProcess start(Duration limit) throws EndedException {
    try {
      Path folder = Files.createTempDirectory("weir-device-");
      Path socket = folder.resolve("socket");
      try {
        return start(socket, limit);
      } finally {
        // Once connected nobody needs its name, and a process that is killed leaves no file.
        Files.deleteIfExists(socket);
        Files.deleteIfExists(folder);
      }
    } catch (IOException failed) {
      throw new EndedException("no process for the device can be started (" + failed + ")");
    }
  }

  private static DeviceProcess start(Path socket, Duration limit)
      throws IOException, EndedException {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Process process =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "--enable-native-access=ALL-UNNAMED",
                      "-XX:TieredStopAtLevel=1",
                      "-XX:+UseSerialGC",
                      // Its report of a crash goes where its last words are read from.
                      "-XX:+ErrorFileToStdout",
                      "-XX:-CreateCoredumpOnCrash",
                      "-cp",
                      System.getProperty("java.class.path"),
                      DeviceWorker.class.getName(),
                      socket.toString()))
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      LastWords words = LastWords.of(process.getInputStream());
      CompletableFuture<Void> unblocked = process.onExit().thenAccept(_ -> close(server));
      Watch watch = new Watch(process, limit);
      try (watch) {
        return new DeviceProcess(process, words, server.accept());
      } catch (IOException failed) {
        throw ended(process, words, Activity.STARTING, watch);
      } finally {
        unblocked.cancel(false);
      }
    }
  }

  private static void close(ServerSocketChannel server) {
    try {
      server.close();
    } catch (IOException _) {
      // Then nobody waits for it either.
    }
  }

  /** Whether it is still there, asked for certain: it may have been killed while it was idle. */
  boolean isAlive(Duration limit) {
    try {
      return ask(new Request.Ping(), Activity.STARTING, limit) instanceof Reply.Done;
    } catch (EndedException _) {
      return false;
    }
  }

  /** Its number in the system. */
  long pid() {
    return process.pid();
  }

  /** Asks for something and waits for the first answer. */
  Reply ask(Request request, Activity activity, Duration limit) throws EndedException {
    return exchange(
        () -> {
          Request.write(out, request);
          return Reply.read(in);
        },
        activity,
        limit);
  }

  /** Waits for the next answer. */
  Reply next(Activity activity, Duration limit) throws EndedException {
    return exchange(() -> Reply.read(in), activity, limit);
  }

  private interface Exchange {
    Reply reply() throws IOException;
  }

  private Reply exchange(Exchange exchange, Activity activity, Duration limit)
      throws EndedException {
    Watch watch = new Watch(process, limit);
    try (watch) {
      return exchange.reply();
    } catch (IOException _) {
      throw ended(process, words, activity, watch);
    }
  }

  private static EndedException ended(
      Process process, LastWords words, Activity activity, Watch watch) {
    try {
      if (watch.hasKilled()) {
        return new EndedException(
            "%s did not finish within %s; it was stopped".formatted(activity.doing(), watch));
      }
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new EndedException("the process of the device closed its connection");
      }
      int status = process.exitValue();
      String line = words.line();
      String why = line.isEmpty() ? "" : ": " + line;
      return new EndedException(
          status == KILLED
              ? "the driver's process was killed while %s (exit status %d), by hand or because memory ran out%s"
                  .formatted(activity.during(), status, why)
              : "the driver crashed while %s (exit status %d)%s"
                  .formatted(activity.during(), status, why));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      return new EndedException(activity.doing() + " was interrupted");
    }
  }

  /** Tells it something that it does not answer; a process that has ended need not hear it. */
  void tell(Request request) {
    try {
      Request.write(out, request);
    } catch (IOException _) {
      process.destroyForcibly();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      channel.close();
    } catch (IOException _) {
      // It was this process's end of the connection to one that is gone.
    }
  }

  /** Kills a process that takes too long. */
  private static final class Watch implements AutoCloseable {

    private final Duration limit;
    private final AtomicBoolean hasKilled = new AtomicBoolean();
    private final CompletableFuture<Void> killing;

    Watch(Process process, Duration limit) {
      this.limit = limit;
      Executor later = CompletableFuture.delayedExecutor(limit.toNanos(), TimeUnit.NANOSECONDS);
      this.killing =
          CompletableFuture.runAsync(
              () -> {
                hasKilled.set(true);
                process.destroyForcibly();
              },
              later);
    }

    boolean hasKilled() {
      return hasKilled.get();
    }

    @Override
    public void close() {
      killing.cancel(false);
    }

    @Override
    public String toString() {
      return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }
  }
}
