package dev.weir.cli;

import static dev.weir.cli.CommandLineRun.file;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir simulate}: what it shows, writes and says while it runs, and how long that takes. */
class SimulateTest {

  private static final long LIMIT_SECONDS = 120;

  @Test
  void executingEveryCycleGivesTheSame() {
    CommandLineRun skipping = fuseMax("P=5000,M=3000");
    CommandLineRun executing = fuseMax("P=5000,M=3000", "--no-skip");

    assertThat(skipping.code()).isZero();
    assertThat(skipping.out()).isEqualTo(executing.out());
  }

  @Test
  void traceOfARunThatSkipsIsThatOfEveryCycle(@TempDir Path folder) throws Exception {
    Path skipping = folder.resolve("skipping.pftrace");
    Path executing = folder.resolve("executing.pftrace");

    assertThat(fuseMax("P=5000,M=3000", "--trace", skipping.toString()).code()).isZero();
    assertThat(fuseMax("P=5000,M=3000", "--no-skip", "--trace", executing.toString()).code())
        .isZero();

    assertThat(Files.size(skipping)).isPositive();
    assertThat(Files.mismatch(skipping, executing)).isEqualTo(-1);
  }

  @Test
  void aMachineThatComesWithWeirHasAName() {
    CommandLineRun named = onMachine("fusemax_cloud");

    assertThat(named.code()).isZero();
    assertThat(named.out()).isEqualTo(fuseMax("P=300,M=300").out());
    assertThat(onMachine("fusemax_clod"))
        .returns(2, CommandLineRun::code)
        .extracting(CommandLineRun::err)
        .asString()
        .contains("no machine of that name (got fusemax_clod, expected a *.yaml or one of ")
        .contains(" … -a fusemax_cloud\n");
  }

  @Test
  void aWindowIsWrittenAsShapesAre(@TempDir Path folder) throws Exception {
    Path trace = folder.resolve("out.pftrace");

    assertThat(fuseMax("P=5000,M=3000", "--trace", trace.toString(), "--trace-window", "2K").code())
        .isZero();
    assertThat(Files.readString(trace, StandardCharsets.ISO_8859_1)).contains("cycles 0 to 2,048");
  }

  private static CommandLineRun onMachine(String machine) {
    return CommandLineRun.weir(
        "simulate",
        file("configs/schedules/fusemax/binding.schedule"),
        "--cascade",
        file("configs/cascades/attention_1pass.edge"),
        "-a",
        machine,
        "--shape",
        "B=1,H=2,E=64,F=64,P=300,M=300");
  }

  private static CommandLineRun fuseMax(String shapes, String... more) {
    Stream<String> arguments =
        Stream.of(
            "simulate",
            file("configs/schedules/fusemax/binding.schedule"),
            "--cascade",
            file("configs/cascades/attention_1pass.edge"),
            "--architecture",
            file("configs/architectures/fusemax_cloud.yaml"),
            "--shape",
            "B=1,H=2,E=64,F=64," + shapes);
    return CommandLineRun.weir(Stream.concat(arguments, Stream.of(more)).toArray(String[]::new));
  }

  @Test
  void longSimulationSaysHowLongAndCanBeInterrupted(@TempDir Path folder) throws Exception {
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.weir.cli.Weir",
                "simulate",
                file("configs/schedules/fusemax/binding.schedule"),
                "--cascade",
                file("configs/cascades/attention_1pass.edge"),
                "--architecture",
                file("configs/architectures/fusemax_cloud.yaml"),
                "--shape",
                "B=1,H=1,P=1M,M=1M,E=64,F=64",
                "--no-skip")
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(err.toFile())
            .start();
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!Files.readString(err).contains(" left\n") && System.nanoTime() < giveUp) {
      Thread.sleep(50);
    }
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(Files.readString(err))
        .containsPattern(
            "simulated [0-9,]+ of at least [0-9,]+ cycles, [0-9.e-]+ %, .* cycles/s, about .* left")
        .endsWith("weir: interrupted\n");
    // What is known by then is shown, and the units' cycles add up to the cycle that was reached.
    assertThat(Files.readString(folder.resolve("out")))
        .containsPattern("interrupted in cycle [0-9,]+; the cost model says [0-9,]+ for the whole")
        .containsPattern("Array2D +busy +[0-9.]+ %")
        .containsPattern("DRAM reads +[0-9.,]+ [kMG]?words")
        .containsPattern("Array1D +[0-9.,]+ [kMGT]?operations");
  }

  private static CommandLineRun simulate(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "simulate",
                file("configs/schedules/fusemax/binding.schedule"),
                "--cascade",
                file("configs/cascades/attention_1pass.edge"),
                "--architecture",
                file("configs/architectures/fusemax_cloud.yaml"),
                "--shape",
                "B=1,H=1,P=4K,M=1K,E=64,F=64"));
    all.addAll(List.of(more));
    return CommandLineRun.weir(all.toArray(String[]::new));
  }

  @Test
  void traceIsWrittenBesideTheResult(@TempDir Path folder) throws Exception {
    Path trace = folder.resolve("out.pftrace");

    CommandLineRun run = simulate("--trace", trace.toString(), "--trace-window", "2000");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo(simulate().out());
    assertThat(run.err()).contains("wrote " + trace);
    assertThat(Files.readString(trace, StandardCharsets.ISO_8859_1))
        .contains("fusemax_binding on fusemax_cloud", "recorded: cycles 0 to 2,000, ", "left out");
  }

  @Test
  void traceThatCannotBeWrittenIsRefusedBeforeTheSimulation(@TempDir Path folder) {
    Path nowhere = folder.resolve("missing/out.pftrace");

    CommandLineRun run = simulate("--trace", nowhere.toString());

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualTo(
            "weir: cannot write the trace to %s: there is no folder %s%n"
                .formatted(nowhere, nowhere.getParent()));
  }

  @Test
  void windowWithoutACycleIsRefused() {
    CommandLineRun run = simulate("--trace-window", "0");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "weir: --trace-window is no number of cycles (got 0, expected one such as 4096 or"
                + " 20K)\n");
  }

  @Test
  void timelineShowsEpochsAndUtilisationOverTime() {
    assertThat(simulate("--timeline").out())
        .contains("Pipeline over p, epoch by epoch", "SLNV[n−2] BQK[n]")
        .contains("Schedule in time: the beginning", "Utilisation over time");
  }
}
