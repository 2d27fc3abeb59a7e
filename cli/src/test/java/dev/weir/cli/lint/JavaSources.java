package dev.weir.cli.lint;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Java files as the JDK's own compiler reads them. */
record JavaSources(JavacTask task, List<CompilationUnitTree> units) {

  static JavaSources ofTree() {
    var files = ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null);
    var sources = new ArrayList<JavaFileObject>();
    files.getJavaFileObjectsFromPaths(SourceTree.javaFiles()).forEach(sources::add);
    return parse(sources);
  }

  static JavaSources ofText(String... texts) {
    var sources = new ArrayList<JavaFileObject>();
    for (int i = 0; i < texts.length; i++) {
      sources.add(new Text("Planted" + i, texts[i]));
    }
    return parse(sources);
  }

  /**
   * Gives every expression its type. Errors are tolerated, as the class path of this module's tests
   * lacks what only other modules need; who asks for a type must expect an erroneous one.
   */
  void attribute() {
    try {
      task.analyze();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  Trees trees() {
    return Trees.instance(task);
  }

  static Path path(CompilationUnitTree unit) {
    Path file = Path.of(unit.getSourceFile().toUri().getPath());
    return file.startsWith(SourceTree.ROOT) ? SourceTree.ROOT.relativize(file) : file;
  }

  private static JavaSources parse(Collection<JavaFileObject> sources) {
    var options =
        List.of(
            "-proc:none",
            "-Xlint:none",
            "--should-stop=ifError=FLOW",
            "-classpath",
            System.getProperty("java.class.path"));
    var task =
        (JavacTask)
            ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, ignoredDiagnostic -> {}, options, null, sources);
    try {
      var units = new ArrayList<CompilationUnitTree>();
      task.parse().forEach(units::add);
      return new JavaSources(task, List.copyOf(units));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(String name, String text) {
      super(URI.create("text:///" + name + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
