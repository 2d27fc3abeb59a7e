package dev.weir.cli;

import static dev.weir.cli.CommandLineRun.file;
import static dev.weir.cli.CommandLineRun.weir;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A mistake in a shipped schedule, what is said of it, and that doing what is said mends it. */
class FollowedFixesTest {

  private static final String SHAPES = "B=1,H=1,P=128,M=128";

  @TempDir private Path folder;

  private Path schedule(String shipped, String[]... changes) throws Exception {
    String text = Files.readString(Path.of(file("configs/schedules/" + shipped + ".schedule")));
    for (String[] change : changes) {
      assertThat(text).contains(change[0]);
      text = text.replace(change[0], change[1]);
    }
    return Files.writeString(folder.resolve(shipped + ".schedule"), text);
  }

  private static CommandLineRun kernel(Path schedule, String... more) {
    boolean isGpu = schedule.toString().endsWith("_gpu.schedule");
    boolean isCausal = schedule.toString().contains("causal");
    return weir(
        Stream.concat(
                Stream.of(
                    "kernel",
                    "show",
                    schedule.toString(),
                    "-a",
                    file("configs/devices/" + (isGpu ? "generic-gpu" : "pocl-cpu") + ".yaml"),
                    "-c",
                    file(
                        "configs/cascades/attention_1pass"
                            + (isCausal ? "_triangular" : "")
                            + ".edge"),
                    "--shape",
                    SHAPES),
                Stream.of(more))
            .toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          opencl_1pass_causal_cpu | SLN, SLD, SLNV, PRM | SLN, SLD, PRM | add keep SLNV at Private as the first thing inside 'keep BQK, LM, SLN, SLD, PRM, SPD at Private' | PRM, SPD at Private | PRM, SPD at Private keep SLNV at Private
          opencl_1pass_cpu | keep SLNV, SPNV at | keep SPNV at | add keep SLNV at Private as the first thing inside 'keep SPNV at Private' | keep SPNV at Private | keep SPNV at Private keep SLNV at Private
          opencl_1pass_cpu | RM, RD, RNV at | RM, RD at | add keep RNV at Private around 'iterate m1' | iterate m1 | keep RNV at Private iterate m1
          opencl_1pass_cpu | exp_polynomial | epx | write exp_polynomial, or leave out with epx | with epx | with exp_polynomial
          opencl_1pass_cpu | exp_polynomial | epx | write exp_polynomial, or leave out with epx | with epx | ''
          opencl_1pass_cpu | compute LM on Core | compute LM on Core with exp_polynomial | leave out with exp_polynomial | compute LM on Core with exp_polynomial | compute LM on Core
          opencl_1pass_cpu | for f by COLUMNS { | for e by COLUMNS { | loop over f or p there, as nothing inside has E | for e by COLUMNS { | for f by COLUMNS {
          opencl_1pass_gpu | keep SLN at Local in | keep SLN at Private in | keep SLN at Local, or leave out in place of BQK | keep SLN at Private in | keep SLN at Local in
          opencl_1pass_gpu | keep SLN at Local in | keep SLN at Private in | keep SLN at Local, or leave out in place of BQK | keep SLN at Private in place of BQK | keep SLN at Local
          """)
  void doingWhatIsSaidMendsIt(
      String shipped, String right, String wrong, String fix, String from, String to)
      throws Exception {
    CommandLineRun refused = kernel(schedule(shipped, new String[] {right, wrong}));

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("\n    fix: " + fix + "\n");

    CommandLineRun mended =
        kernel(schedule(shipped, new String[] {right, wrong}, new String[] {from, to}));
    assertThat(mended.code()).as(mended.err()).isZero();
  }

  @Test
  void shapeOfAPartIsTheSchedulesToSay() throws Exception {
    String said =
        "schedule opencl_1pass_cpu says the shape of M0 itself (got M0=32, expected none beside"
            + " 'shape M0 = 64')\n    fix: write shape M0 = 32 there\n";
    Path fixed = schedule("opencl_1pass_cpu");
    assertThat(kernel(fixed, "--set", "M0=32").err()).contains("--set: error: " + said);
    assertThat(kernel(fixed, "--shape", "M0=32").err()).contains("--shape: error: " + said);
    assertThat(kernel(schedule("opencl_1pass_cpu", new String[] {"M0 = 64", "M0 = 32"})).code())
        .isZero();

    Path open =
        schedule(
            "opencl_1pass_cpu",
            new String[] {"shape M0 = 64", "parameter TILE = 64 shape M0 = TILE"});
    assertThat(kernel(open, "--shape", "M0=32").err()).contains("\n    fix: --set TILE=32\n");
    assertThat(kernel(open, "--set", "TILE=32").code()).isZero();
    assertThat(kernel(open, "--shape", "M1=4").err())
        .contains("M1 is a part of M, which a schedule divides", "\n    fix: leave out M1\n");
  }

  @Test
  void tensorsThatAreTooLargeNeedSmallerShapes() throws Exception {
    CommandLineRun run =
        weir(
            "kernel",
            "show",
            schedule("opencl_1pass_cpu").toString(),
            "-a",
            file("configs/devices/pocl-cpu.yaml"),
            "-c",
            file("configs/cascades/attention_1pass.edge"),
            "--shape",
            "B=1,H=1,P=100M,M=128");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("has 6710886400 elements in global memory; kernels count elements in 32 bits")
        .contains("\n    fix: smaller shapes: those of B=1, H=1, P=104857600, ")
        .doesNotContain("smaller tiles");
  }

  @Test
  void valuesAndShapesSayHowToMendThem() throws Exception {
    Path right = schedule("opencl_1pass_cpu");

    assertThat(kernel(right, "--set", "KEYS=0").err()).contains("\n    fix: --set KEYS=8\n");
    assertThat(kernel(right, "--set", "KEYS").err())
        .contains(
            "parameter KEYS has no value (got KEYS, expected KEYS=VALUE)",
            "\n    fix: --set KEYS=8\n");
    assertThat(kernel(right, "--set", "KEY=4").err()).contains("\n    fix: --set KEYS=4\n");
    assertThat(kernel(right, "--set", "KEYS=4").code()).isZero();
    assertThat(kernel(right, "--set", "KEYS=4", "--set", "KEYS=8").err())
        .contains("parameter KEYS has two values (got KEYS=4,KEYS=8, expected one)");
    assertThat(kernel(right, "--shape", "P=-5").err()).contains("\n    fix: P=5\n");
    assertThat(kernel(right, "--shape", "p=3").err()).contains("\n    fix: P=3\n");
    assertThat(kernel(right, "--set", "FOO=1").err()).contains("\n    fix: leave out --set FOO\n");
    assertThat(kernel(right, "--shape", "Z=1").err()).contains("\n    fix: leave out Z\n");
    assertThat(kernel(right, "--shape", "B=1").err())
        .contains("rank B has two shapes", "\n    fix: leave out one of them\n");
    assertThat(kernel(right, "--shape", "P=x").err()).contains("\n    fix: P=4K\n");
  }
}
