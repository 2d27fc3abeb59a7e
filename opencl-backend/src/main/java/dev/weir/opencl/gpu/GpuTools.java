package dev.weir.opencl.gpu;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the tools are looked for.
 *
 * @param programs folders of programs, in the order in which they are searched
 * @param libraries folders of libclc's files
 */
public record GpuTools(List<Path> programs, List<Path> libraries) {

  static final String CLANG = "clang-15";
  static final String PTXAS = "ptxas";

  static final String CLANG_REMEDY =
      "on Debian 12: apt-get install clang-15 libclc-15 libclc-15-dev";
  static final String PTXAS_REMEDY =
      "it is part of NVIDIA's CUDA toolkit; put it on the PATH or under /usr/local/cuda/bin";

  public GpuTools {
    programs = List.copyOf(programs);
    libraries = List.copyOf(libraries);
  }

  /** The PATH, and the folders in which LLVM, libclc and CUDA are usually installed. */
  public static GpuTools ofMachine() {
    List<Path> programs = new ArrayList<>();
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    Arrays.stream(path.split(File.pathSeparator, -1))
        .filter(folder -> !folder.isBlank())
        .map(Path::of)
        .forEach(programs::add);
    programs.add(Path.of("/usr/lib/llvm-15/bin"));
    programs.addAll(cudaFolders(Path.of("/usr/local")));
    return new GpuTools(
        programs,
        List.of(
            Path.of("/usr/lib/clc"),
            Path.of("/usr/share/clc"),
            Path.of("/usr/lib/llvm-15/share/clc")));
  }

  private static List<Path> cudaFolders(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .filter(path -> path.getFileName().toString().startsWith("cuda"))
          .sorted()
          .map(path -> path.resolve("bin"))
          .toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The first program of that name. */
  Optional<Path> program(String name) {
    return programs.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isRegularFile)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The first file of libclc of that name. */
  Optional<Path> library(String name) {
    return libraries.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isReadable)
        .findFirst();
  }
}
