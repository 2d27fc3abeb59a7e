package dev.weir.einsum.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each wrong cascade beside this class says exactly what the file next to it expects. */
class DiagnosticFixturesTest {

  static final Path FOLDER =
      ShippedCascades.root().resolve("einsum/src/test/resources/dev/weir/einsum/check/wrong");

  @TestFactory
  Stream<DynamicTest> saysWhatIsExpected() throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(FOLDER)) {
      files = listed.filter(path -> path.toString().endsWith(".edge")).sorted().toList();
    }
    assertThat(files).hasSizeGreaterThan(50);
    return files.stream()
        .map(path -> DynamicTest.dynamicTest(path.getFileName().toString(), () -> check(path)));
  }

  private static void check(Path path) throws IOException {
    Diagnostics diagnostics = new Diagnostics();
    String name = path.getFileName().toString();
    var cascade = CascadeReader.read(SourceFile.read(path), diagnostics);
    String rendered = diagnostics.render().replace(FOLDER + "/", "");

    Path expected = path.resolveSibling(name.replace(".edge", ".expected"));
    if ("update".equals(System.getProperty("weir.golden"))) {
      Files.writeString(expected, rendered);
    }
    assertThat(rendered).isEqualTo(Files.readString(expected));
    assertThat(cascade.isPresent()).isEqualTo(!diagnostics.hasErrors());
  }
}
