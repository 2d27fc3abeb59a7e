package dev.weir.cli;

import static dev.weir.cli.CommandLineRun.ROOT;
import static dev.weir.cli.CommandLineRun.file;
import static dev.weir.cli.CommandLineRun.weir;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A schedule without a machine, or with one that does not serve, is told which ones do. */
class FittingMachinesTest {

  private static final String SHAPES = "B=1,H=2,P=128,M=128";

  @BeforeAll
  static void findShippedFiles() {
    System.setProperty("weir.home", ROOT.toString());
  }

  private static String schedule(String name) {
    return file("configs/schedules/" + name + ".schedule");
  }

  private static CommandLineRun run(String verbs, String... arguments) {
    return weir(
        Stream.concat(Stream.of(verbs.split(" ", -1)), Stream.of(arguments))
            .toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "kernel show, opencl_1pass_cpu, pocl-cpu",
    "kernel compile, opencl_1pass_gpu, generic-gpu",
    "validate, opencl_1pass_causal_gpu, generic-gpu",
    "validate, opencl_3pass_cpu, pocl-cpu",
    "schedule show, opencl_1pass_gpu, generic-gpu"
  })
  void missingMachineIsOneThatHasTheAxes(String verbs, String name, String machine) {
    String command = "./weir " + verbs + " " + schedule(name);

    CommandLineRun alone = run(verbs, schedule(name));
    CommandLineRun withShapes = run(verbs, schedule(name), "--shape", SHAPES);

    assertThat(alone.code()).isEqualTo(2);
    assertThat(alone.err())
        .startsWith("weir: Missing required option: '--architecture=NAME|FILE'\n")
        .contains("\n    fix: " + command + " -a " + machine + "\n");
    assertThat(withShapes.err()).contains("\n    fix: " + command + " … -a " + machine + "\n");
  }

  /** Following the fix gives a kernel. */
  @Test
  void machineThatIsNamedServes() {
    assertThat(run("kernel show", schedule("opencl_1pass_cpu"), "--shape", SHAPES).err())
        .contains(" -a pocl-cpu\n");
    CommandLineRun mended =
        run("kernel show", schedule("opencl_1pass_cpu"), "-a", "pocl-cpu", "--shape", SHAPES);
    assertThat(mended.code()).as(mended.err()).isZero();
  }

  @Test
  void unreadableScheduleHasNoMachine() {
    CommandLineRun run = run("kernel show", Path.of("no", "such.schedule").toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("Missing required option").doesNotContain("fix:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kernel show", "kernel compile", "validate"})
  void machineThatIsNoDeviceIsRefusedFirst(String verbs) {
    CommandLineRun run =
        run(verbs, schedule("opencl_1pass_cpu"), "-a", "fusemax_cloud", "--shape", SHAPES);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            "error: fusemax_cloud is no OpenCL device (got axes Array2D.rows, Array2D.columns,"
                + " Array1D.lanes, expected one with axes of work-groups, such as generic-gpu,"
                + " pocl-cpu)\n    fix: ./weir "
                + verbs
                + " "
                + schedule("opencl_1pass_cpu")
                + " … -a pocl-cpu\n");
  }

  @Test
  void scheduleThatNoDeviceFitsIsSaidToBeWrong() {
    CommandLineRun run =
        run("kernel show", schedule("fusemax/binding"), "-a", "fusemax_cloud", "--shape", SHAPES);

    assertThat(run.err())
        .contains("fusemax_cloud is no OpenCL device")
        .contains(
            "\n"
                + "    fix: take a schedule with axes of the machine, and -a generic-gpu, or -a"
                + " pocl-cpu\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kernel show", "validate", "schedule show"})
  void axisThatAnotherMachineHas(String verbs) {
    String[] arguments = {schedule("opencl_1pass_causal_gpu"), "--shape", SHAPES, "-a"};

    CommandLineRun refused =
        run(
            verbs,
            Stream.concat(Stream.of(arguments), Stream.of("pocl-cpu")).toArray(String[]::new));

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .contains(
            ":17:9: error: pocl-cpu has no axis items.z (got axes groups.x, groups.y, groups.z,"
                + " items.x, items.y, lanes.x, expected also items.z)\n")
        .contains("\n    fix: -a generic-gpu\n")
        .doesNotContain("write items.x", "too wide");
    if (verbs.startsWith("validate")) {
      return;
    }
    CommandLineRun mended =
        run(
            verbs,
            Stream.concat(Stream.of(arguments), Stream.of("generic-gpu")).toArray(String[]::new));
    assertThat(mended.code()).as(mended.err()).isZero();
  }

  /** Of another cascade nothing else is worth saying, least of all to leave out its shapes. */
  @ParameterizedTest
  @ValueSource(strings = {"kernel show", "validate", "schedule check"})
  void wrongCascadeIsSaidBeforeItsRanks(String verbs) {
    CommandLineRun run =
        run(verbs, schedule("opencl_1pass_cpu"), "-a", "pocl-cpu", "--shape", SHAPES, "-c", "gemm");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "error: wrong cascade: this schedule is for attention_1pass (got cascade gemm, which"
                + " has no Einsum AV, ")
        .contains("\n    fix: use the cascade attention_1pass, or a schedule for gemm\n")
        .doesNotContain("unknown rank", "leave out");
  }
}
