package dev.weir.cli;

import static dev.weir.cli.CommandLineRun.file;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Simulations that take too long, and what keeps others from it. */
class SimulateTest {

  private static final long LIMIT_SECONDS = 120;

  @Test
  void executingEveryCycleGivesTheSame() {
    CommandLineRun skipping = fuseMax("P=5000,M=3000");
    CommandLineRun executing = fuseMax("P=5000,M=3000", "--no-skip");

    assertThat(skipping.code()).isZero();
    assertThat(skipping.out()).isEqualTo(executing.out());
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
        .containsPattern("simulated [0-9,]+ of at least [0-9,]+ cycles, [0-9.e-]+ %, about .* left")
        .endsWith("weir: interrupted\n");
    assertThat(folder.resolve("out")).isEmptyFile();
  }
}
