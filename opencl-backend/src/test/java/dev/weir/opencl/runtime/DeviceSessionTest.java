package dev.weir.opencl.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.opencl.example.Tools;
import dev.weir.opencl.kernel.KernelProgram;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeviceSessionTest {

  private static final KernelProgram SUM = Sums.program(3);

  /** A run that must end is far below it, even on a busy machine. */
  private static final Limits SHORT = new Limits(Duration.ofSeconds(60), Duration.ofSeconds(3));

  private DeviceSession session = DeviceSession.open();
  private Device device = Tools.processor(session);

  @AfterEach
  void end() {
    session.close();
  }

  private Answer<double[]> sum(String source) {
    return session
        .build(device, SUM, source)
        .then(built -> built.run(Sums.INPUTS))
        .then(ran -> ran.read(Sums.C));
  }

  private void assertRight() {
    assertThat(sum(Sums.source()))
        .isInstanceOfSatisfying(
            Answer.Given.class,
            given -> assertThat(given.value()).isEqualTo(new double[] {11, 22, 33}));
  }

  private static void assertFailed(Answer<?> answer, String reason) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Failed.class, failed -> assertThat(failed.reason()).matches(reason));
  }

  @Test
  void oneProcessServesManyPrograms() {
    assertRight();
    long first = session.pid().orElseThrow();

    assertRight();

    assertThat(session.pid()).hasValue(first);
    assertThat(first).isNotEqualTo(ProcessHandle.current().pid());
  }

  @Test
  void runsAreTimedKernelByKernel() {
    Answer<DeviceProgram> ran = session.build(device, SUM).then(built -> built.run(Sums.INPUTS));

    assertThat(ran.then(program -> program.time(3)))
        .isInstanceOfSatisfying(
            Answer.Given.class,
            given ->
                assertThat((RunTimes) given.value())
                    .satisfies(times -> assertThat(times.runs()).isEqualTo(3))
                    .satisfies(times -> assertThat(times.minimumMilliseconds()).isPositive()));
    assertThat(ran.then(program -> program.time(3, _ -> false)))
        .isInstanceOfSatisfying(
            Answer.Given.class,
            given -> assertThat(((RunTimes) given.value()).medianMilliseconds()).isZero());
  }

  @Test
  void slowProgramIsTimedThreeTimes() {
    Answer<DeviceProgram> ran = session.build(device, SUM).then(built -> built.run(Sums.INPUTS));

    assertThat(runs(ran.then(program -> program.time(9, Duration.ZERO)))).isEqualTo(3);
    assertThat(runs(ran.then(program -> program.time(9, Duration.ofDays(1))))).isEqualTo(9);
  }

  private static int runs(Answer<RunTimes> answer) {
    return ((Answer.Given<RunTimes>) answer).value().runs();
  }

  @Test
  void syntaxErrorComesWithTheLogAndCostsNoProcess() {
    assertRight();
    long before = session.pid().orElseThrow();

    assertThat(sum(Sums.with("nonsense;")))
        .isInstanceOfSatisfying(
            Answer.Failed.class,
            failed -> {
              assertThat(failed.reason()).startsWith("the kernel does not build");
              assertThat(failed.log().toString()).contains("nonsense");
            });
    assertRight();
    assertThat(session.pid()).hasValue(before);
  }

  @Test
  void kernelThatNeverEndsIsStoppedAndTheNextIsRight() {
    session.close();
    session = DeviceSession.open(SHORT);
    assertFailed(
        sum(Sums.withoutEnd()), "running the kernel did not finish within 3 s; it was stopped");

    assertRight();
  }

  @Test
  void crashCostsOnlyTheKernelThatCausedIt() {
    assertFailed(
        sum(Sums.writingFarOutside()),
        "the driver crashed while it ran the kernel \\(exit status \\d+\\): SIGSEGV in \\S.*");

    assertRight();
  }

  @Test
  void crashBetweenRepetitionsGivesNoTime() {
    Answer<DeviceProgram> ran = session.build(device, SUM).then(built -> built.run(Sums.INPUTS));
    assertThat(ran).isInstanceOf(Answer.Given.class);
    kill();

    assertFailed(
        ran.then(program -> program.time(3)),
        "the driver's process was killed while it ran the kernel \\(exit status 137\\), by hand or"
            + " because memory ran out");
    assertRight();
  }

  @Test
  void processKilledWhileIdleIsReplaced() {
    assertRight();
    long first = session.pid().orElseThrow();
    kill();

    assertRight();

    assertThat(session.pid().orElseThrow()).isNotEqualTo(first);
  }

  private void kill() {
    Optional<ProcessHandle> process = ProcessHandle.of(session.pid().orElseThrow());
    assertThat(process.orElseThrow().destroyForcibly()).isTrue();
  }

  @Test
  void programThatWasReplacedIsRefused() {
    Answer<DeviceProgram> first = session.build(device, SUM);
    assertRight();

    assertThatThrownBy(() -> first.then(program -> program.time(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("program %s is closed, or has failed".formatted(SUM.name()));
  }

  @Test
  void limitsAreAboveZero() {
    assertThatThrownBy(() -> new Limits(Duration.ZERO, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limits are above 0 s (got PT0S and PT1S)");
  }

  @Test
  void closedSessionLeavesNoProcess() throws Exception {
    assertRight();
    ProcessHandle child = ProcessHandle.of(session.pid().orElseThrow()).orElseThrow();

    session.close();

    assertThat(child.onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
  }
}
