package dev.weir.mapper.model.mutants;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Loads some classes a second time, a few of them from other class files. All others are the test's
 * own, so problems and results can be handed over.
 */
public class PatchedLoader extends ClassLoader {

  /** As the same ones are loaded again and again. */
  private static final Map<String, byte[]> ORIGINALS = new ConcurrentHashMap<>();

  private final Predicate<String> anew;
  private final Map<String, byte[]> replaced;

  /**
   * A loader.
   *
   * @param anew whether a class of this binary name is loaded again
   * @param replaced class files by binary name
   */
  public PatchedLoader(Predicate<String> anew, Map<String, byte[]> replaced) {
    super(PatchedLoader.class.getClassLoader());
    this.anew = anew;
    this.replaced = Map.copyOf(replaced);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!anew.test(name)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) {
    byte[] bytes = replaced.getOrDefault(name, ORIGINALS.get(name));
    if (bytes == null) {
      bytes = ORIGINALS.computeIfAbsent(name, PatchedLoader::original);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  private static byte[] original(String name) {
    String path = name.replace('.', '/') + ".class";
    try (InputStream file = PatchedLoader.class.getClassLoader().getResourceAsStream(path)) {
      if (file == null) {
        throw new IllegalArgumentException("no class file of " + name);
      }
      return file.readAllBytes();
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
