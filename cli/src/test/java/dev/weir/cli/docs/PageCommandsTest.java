package dev.weir.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.weir.cli.CommandLineRun;
import dev.weir.cli.CommandLineSyntax;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands and their output as the pages print them. */
class PageCommandsTest {

  private static final Pattern COMMAND =
      Pattern.compile("(?m)`(?:\\./)?weir ([^`]+)`|^ {4}\\./weir ([^#\n]+)");

  static Stream<String> commands() {
    return Pages.all()
        .flatMap(page -> COMMAND.matcher(Pages.text(page)).results())
        .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
        .map(String::strip)
        .filter(command -> !command.equals("VERB"))
        .filter(command -> !command.startsWith("verify ")) // What follows goes to Maven.
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void commandsAreUnderstoodAndTheirFilesExist(String command) {
    List<String> words = List.of(command.split("\\s+"));

    assertThatCode(() -> CommandLineSyntax.parse(words)).as(command).doesNotThrowAnyException();
    assertThat(words.stream().filter(word -> word.startsWith("configs/")))
        .allMatch(file -> Files.exists(Pages.ROOT.resolve(file)));
  }

  @Test
  void analysisOfThePageIsWhatAnalyzePrints() {
    CommandLineRun run =
        CommandLineRun.weir(
            "analyze", CommandLineRun.file("configs/cascades/attention_3pass.edge"));

    assertThat(run.out()).contains(Pages.block("docs/analysis.md", "rank M: 3 passes"));
  }
}
