package dev.weir.mapper.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.schedule.Problem;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProblemTextTest {

  /** A class with the tests, as they are printed. */
  private static final class Source extends SimpleJavaFileObject {

    private final String text;

    Source(List<String> tests) {
      super(URI.create("string:///Found.java"), Kind.SOURCE);
      this.text =
          """
          import dev.weir.mapper.example.ExampleArchitectures;
          import dev.weir.mapper.random.ProblemText;
          import dev.weir.mapper.schedule.Problem;
          import org.junit.jupiter.api.Test;

          public class Found {
            public Problem found;

          %s}
          """
              .formatted(String.join("\n", tests));
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  @Test
  void printedTestsCompileAndMakeTheSameProblems(@TempDir Path folder) throws Exception {
    List<Problem> problems = new ArrayList<>();
    List<String> tests = new ArrayList<>();
    for (int seed = 0; seed < 40; seed++) {
      problems.add(RandomProblems.legal(seed));
      tests.add(
          ProblemText.test(problems.getLast(), seed, "found = problem;")
              .replace("  void ", "  public void "));
    }
    compile(new Source(tests), folder);

    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {folder.toUri().toURL()}, ProblemTextTest.class.getClassLoader())) {
      Class<?> type = loader.loadClass("Found");
      Object instance = type.getConstructor().newInstance();
      for (int seed = 0; seed < problems.size(); seed++) {
        type.getMethod("seed" + seed).invoke(instance);
        isSame((Problem) type.getField("found").get(instance), problems.get(seed));
      }
    }
  }

  private static void compile(JavaFileObject source, Path folder) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options =
        List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path"));

    assertThat(compiler.getTask(null, null, null, options, null, List.of(source)).call()).isTrue();
  }

  private static void isSame(Problem actual, Problem expected) {
    assertThat(actual.cascade()).isEqualTo(expected.cascade());
    assertThat(actual.schedule()).isEqualTo(expected.schedule());
    assertThat(actual.architecture()).isEqualTo(expected.architecture());
    for (RankName rank : expected.cascade().ranks()) {
      assertThat(actual.shapes().of(rank)).isEqualTo(expected.shapes().of(rank));
    }
  }

  @Test
  void onlyExampleMachinesHaveACall() {
    Problem problem = RandomProblems.legal(0);
    Architecture example = ExampleArchitectures.fuseMax(2, 64);
    Architecture other =
        new Architecture(
            "mine",
            "",
            example.clockHertz(),
            example.wordBits(),
            example.levels(),
            example.units(),
            example.links(),
            example.sources());

    assertThatThrownBy(
            () ->
                ProblemText.test(
                    new Problem(problem.cascade(), problem.schedule(), other, problem.shapes()),
                    0,
                    ""))
        .hasMessage("no example machine: mine");
  }
}
