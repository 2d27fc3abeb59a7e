package dev.weir.opencl.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.opencl.example.Tools;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever ends the process that a session belongs to, its device process ends too. */
class ParentEndTest {

  @ParameterizedTest
  @ValueSource(strings = {"-KILL", "-INT", "-TERM"})
  @Timeout(120)
  void endOfTheParentEndsTheChildInTheMiddleOfAKernel(String signal) throws Exception {
    Process parent = parent();
    ProcessHandle child = child(parent);

    send(signal, List.of(parent.pid()));

    assertThat(parent.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(child.onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
  }

  /** A terminal sends Ctrl-C to both: the parent decides, so the child must not look crashed. */
  @Test
  @Timeout(120)
  void interruptionOfTheChildAloneDoesNotEndIt() throws Exception {
    Process parent = parent();
    ProcessHandle child = child(parent);

    send("-INT", List.of(child.pid()));

    assertThat(parent.waitFor(2, TimeUnit.SECONDS)).isFalse();
    assertThat(child.isAlive()).isTrue();
    send("-INT", List.of(parent.pid(), child.pid()));
    assertThat(parent.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(child.onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
  }

  private static Process parent() throws Exception {
    try (DeviceSession session = DeviceSession.open()) {
      Device _ = Tools.processor(session);
    }
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Parent.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** The child, once it is about to run the kernel that does not end. */
  private static ProcessHandle child(Process parent) throws Exception {
    BufferedReader printed =
        new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8));
    return ProcessHandle.of(Long.parseLong(printed.readLine())).orElseThrow();
  }

  private static void send(String signal, List<Long> processes) throws Exception {
    List<String> command = new ArrayList<>(List.of("kill", signal));
    processes.forEach(process -> command.add(process.toString()));
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  /** Runs a kernel that does not end in a Java of its own. */
  static final class Parent {
    private Parent() {}

    /** Entry point. */
    public static void main(String[] arguments) {
      try (DeviceSession session = DeviceSession.open()) {
        Device device = ((DeviceSearch.Found) session.devices()).devices().getFirst();
        Answer<DeviceProgram> built = session.build(device, Sums.program(3), Sums.withoutEnd());
        System.out.println(session.pid().orElseThrow());
        System.out.println(built.then(program -> program.run(Sums.INPUTS)));
      }
    }
  }
}
