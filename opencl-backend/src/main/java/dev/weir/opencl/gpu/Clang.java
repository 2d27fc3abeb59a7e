package dev.weir.opencl.gpu;

import dev.weir.opencl.runtime.CompilerLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The compiler of OpenCL C.
 *
 * @param program its file
 * @param library bitcode of OpenCL's built-in functions
 * @param process runs it
 */
record Clang(Path program, Path library, ChildProcess process) {

  /**
   * Assembly of OpenCL C, built-in functions linked in.
   *
   * @param target options that name the target
   */
  String assembly(Path source, List<String> target) throws IOException, ToolFailedException {
    Path assembly = source.resolveSibling("kernel.s");
    List<String> command = new ArrayList<>(List.of(program.toString(), "-x", "cl"));
    command.addAll(target);
    command.addAll(List.of("-Xclang", "-finclude-default-header", "-O3"));
    command.addAll(List.of("-Xclang", "-mlink-bitcode-file", "-Xclang", library.toString()));
    command.addAll(List.of("-fno-caret-diagnostics", "-S", source.toString()));
    command.addAll(List.of("-o", assembly.toString()));
    run(command, source);
    return Files.readString(assembly);
  }

  /**
   * Runs a tool.
   *
   * @param text what its messages are about
   * @return what it said
   * @throws ToolFailedException when it fails or takes too long
   */
  String run(List<String> command, Path text) throws IOException, ToolFailedException {
    return switch (process.run(command)) {
      case ChildProcess.Ending.Done done -> done.output();
      case ChildProcess.Ending.Unsuccessful bad ->
          throw new ToolFailedException(
              bad.reason(), CompilerLog.withSource(bad.output(), Files.readString(text)));
    };
  }
}
