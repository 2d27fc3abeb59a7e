package dev.weir.mapper.model.mutants;

import dev.weir.mapper.model.CostModel;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * Loads the package of the cost model a second time, with some classes replaced. All other packages
 * are the test's own, so problems and counts can be handed over.
 */
final class ModelLoader extends ClassLoader {

  private static final String PACKAGE = CostModel.class.getPackageName();

  private final Map<String, byte[]> replaced;

  /**
   * @param replaced class files by binary name
   */
  ModelLoader(Map<String, byte[]> replaced) {
    super(ModelLoader.class.getClassLoader());
    this.replaced = Map.copyOf(replaced);
  }

  /** Binary name of a class of the package. */
  static String name(String type) {
    return PACKAGE + "." + type;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    int end = name.lastIndexOf('.');
    if (end < 0 || !name.substring(0, end).equals(PACKAGE)) {
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
      bytes = original(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  private byte[] original(String name) throws ClassNotFoundException {
    try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (file == null) {
        throw new ClassNotFoundException(name);
      }
      return file.readAllBytes();
    } catch (IOException failure) {
      throw new ClassNotFoundException(name, failure);
    }
  }
}
