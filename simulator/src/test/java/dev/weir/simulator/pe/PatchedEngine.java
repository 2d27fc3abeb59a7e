package dev.weir.simulator.pe;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.stats.SimulationResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The engine loaded a second time, with one class compiled from another source. */
final class PatchedEngine extends ClassLoader {

  /** What it says of a problem. */
  record Answer(SimulationResult result, Map<TensorName, DenseTensor> outputs) {}

  private static final String PACKAGE = PatchedEngine.class.getPackageName() + ".";

  private final Map<String, byte[]> replaced;

  private PatchedEngine(Map<String, byte[]> replaced) {
    super(PatchedEngine.class.getClassLoader());
    this.replaced = Map.copyOf(replaced);
  }

  /**
   * With another source for a class.
   *
   * @param type its simple name; none when empty
   */
  static PatchedEngine of(String type, String source) {
    return new PatchedEngine(type.isEmpty() ? Map.of() : compile(type, source));
  }

  /** What it finds; nothing when it fails. */
  Optional<Answer> simulate(Problem problem, Map<TensorName, DenseTensor> inputs) {
    try {
      Object run =
          loadClass(PACKAGE + "PeSimulator")
              .getMethod("simulate", Problem.class, Map.class)
              .invoke(null, problem, inputs);
      @SuppressWarnings("unchecked")
      Map<TensorName, DenseTensor> outputs =
          (Map<TensorName, DenseTensor>) run.getClass().getMethod("outputs").invoke(run);
      SimulationResult result = (SimulationResult) run.getClass().getMethod("result").invoke(run);
      return Optional.of(new Answer(result, outputs));
    } catch (InvocationTargetException failure) {
      return Optional.empty();
    } catch (ReflectiveOperationException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(PACKAGE)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte[] bytes = replaced.get(name);
    if (bytes == null) {
      try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
        bytes = file.readAllBytes();
      } catch (IOException failure) {
        throw new ClassNotFoundException(name, failure);
      }
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  private static Map<String, byte[]> compile(String type, String source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter complaints = new StringWriter();
    Map<String, ByteArrayOutputStream> written = new HashMap<>();
    try (JavaFileManager files = inMemory(compiler, written)) {
      boolean isCompiled =
          compiler
              .getTask(
                  complaints,
                  files,
                  null,
                  List.of("-proc:none", "-implicit:none", "-nowarn"),
                  null,
                  List.of(source(type, source)))
              .call();
      if (!isCompiled) {
        throw new IllegalArgumentException("does not compile: " + complaints);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    Map<String, byte[]> classes = new HashMap<>();
    written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
    return classes;
  }

  private static JavaFileObject source(String type, String text) {
    URI name = URI.create("memory:///" + PACKAGE.replace('.', '/') + type + ".java");
    return new SimpleJavaFileObject(name, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  private static JavaFileManager inMemory(
      JavaCompiler compiler, Map<String, ByteArrayOutputStream> written) {
    return new ForwardingJavaFileManager<>(compiler.getStandardFileManager(null, null, null)) {
      @Override
      public JavaFileObject getJavaFileForOutput(
          Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
        return new SimpleJavaFileObject(URI.create("memory:///" + name + kind.extension), kind) {
          @Override
          public OutputStream openOutputStream() {
            return written.computeIfAbsent(name, _ -> new ByteArrayOutputStream());
          }
        };
      }
    };
  }
}
