package dev.weir.mapper.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every schedule of {@code docs/schedule.md} can be read. */
class SchedulePageTest {

  private static final Path PAGE = Path.of("..", "docs", "schedule.md");
  private static final Pattern BLOCK = Pattern.compile("(?s)```schedule\n(.*?)```");

  @Test
  void everyScheduleOfThePageIsRead() throws IOException {
    List<String> blocks =
        BLOCK.matcher(Files.readString(PAGE)).results().map(block -> block.group(1)).toList();

    assertThat(blocks).isNotEmpty();
    for (String block : blocks) {
      Diagnostics diagnostics = new Diagnostics();
      Optional<ParsedSchedule> read =
          ScheduleReader.read(new SourceFile("page", block), diagnostics);
      assertThat(diagnostics.render()).as(block).isEmpty();
      assertThat(read).isPresent();
    }
  }
}
