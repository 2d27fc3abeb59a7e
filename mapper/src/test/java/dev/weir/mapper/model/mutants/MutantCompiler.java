package dev.weir.mapper.model.mutants;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** Compiles single classes against the class path, from memory to memory. */
public final class MutantCompiler implements AutoCloseable {

  /** No release: that of the running compiler, whose own classes are read faster. */
  private static final List<String> OPTIONS = List.of("-proc:none", "-implicit:none", "-nowarn");

  private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
  private final InMemory files = new InMemory(compiler.getStandardFileManager(null, null, null));

  /**
   * Class files by binary name, nested classes included.
   *
   * @throws IllegalArgumentException if the source is not legal
   */
  public Map<String, byte[]> compile(String name, String source) {
    files.written.clear();
    StringWriter complaints = new StringWriter();
    boolean isCompiled =
        compiler
            .getTask(complaints, files, null, OPTIONS, null, List.of(new Source(name, source)))
            .call();
    if (!isCompiled) {
      throw new IllegalArgumentException("does not compile: " + complaints);
    }
    Map<String, byte[]> classes = new HashMap<>();
    files.written.forEach((type, bytes) -> classes.put(type, bytes.toByteArray()));
    return classes;
  }

  @Override
  public void close() {
    try {
      files.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static final class Source extends SimpleJavaFileObject {

    private final String text;

    Source(String name, String text) {
      super(URI.create("memory:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Class files are read from the class path and written to memory. */
  private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {

    private final Map<String, ByteArrayOutputStream> written = new HashMap<>();

    InMemory(JavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      if (location != StandardLocation.CLASS_OUTPUT) {
        throw new IllegalArgumentException("no output expected at " + location);
      }
      return new SimpleJavaFileObject(URI.create("memory:///" + name + kind.extension), kind) {
        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          written.put(name, bytes);
          return bytes;
        }
      };
    }
  }
}
