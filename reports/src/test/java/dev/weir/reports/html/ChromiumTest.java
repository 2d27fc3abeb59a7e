package dev.weir.reports.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weir.reports.model.SampleReports;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens the page in a browser without a screen. */
class ChromiumTest {

  private static final int LIMIT_SECONDS = 60;

  @TempDir Path folder;

  @BeforeAll
  static void chromiumIsThere() {
    if ("true".equals(System.getenv("CI"))) {
      assertThat(chromium()).as("Chromium must be on the PATH in CI").isPresent();
    }
    assumeThat(chromium()).as("chromium is not on the PATH").isPresent();
  }

  /** The probe runs in a page of its own around the report, whose policy would refuse it. */
  @Test
  void thePageRunsItsScriptWithoutAnErrorAndFetchesNothing() throws Exception {
    Files.writeString(folder.resolve("report.html"), HtmlReport.render(SampleReports.everyKind()));
    Path frame = folder.resolve("frame.html");
    Files.writeString(
        frame,
        """
        <iframe src="report.html" onload="
          const page = this.contentWindow;
          const report = this.contentDocument;
          report.querySelector('[data-tip]')
            .dispatchEvent(new page.MouseEvent('mousemove', {bubbles: true}));
          report.getElementById('theme').click();
          document.title = [
            report.documentElement.dataset.theme,
            report.getElementById('tip').textContent,
            page.getComputedStyle(report.querySelector('.card')).borderRadius,
            page.performance.getEntriesByType('resource').length].join('|');
        "></iframe>
        """);

    Run run = run("--allow-file-access-from-files", "--dump-dom", frame.toUri().toString());

    assertThat(run.errors()).doesNotContain("Refused to", "Uncaught", "CONSOLE");
    assertThat(run.output())
        .containsPattern(
            "<title>(light|dark)\\|48,235,520 cycles — cost model: [^|]*\\|12px\\|0</title>");
  }

  private record Run(String output, String errors) {}

  private Run run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(chromium().orElseThrow());
    command.addAll(
        List.of(
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--enable-logging=stderr",
            "--user-data-dir=" + folder.resolve("profile")));
    command.addAll(List.of(arguments));
    File output = folder.resolve("output").toFile();
    File errors = folder.resolve("errors").toFile();
    Process process =
        new ProcessBuilder(command).redirectOutput(output).redirectError(errors).start();
    boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as("Chromium ended within %d s", LIMIT_SECONDS).isTrue();
    return new Run(
        Files.readString(output.toPath()),
        Files.readString(errors.toPath(), StandardCharsets.ISO_8859_1));
  }

  private static Optional<String> chromium() {
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}
