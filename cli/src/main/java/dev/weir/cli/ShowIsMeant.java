package dev.weir.cli;

import java.util.List;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A verb that is followed by a schedule or an option instead of a verb of its own: show is meant.
 */
final class ShowIsMeant implements IParameterPreprocessor {

  private static final List<String> HELP = List.of("-h", "--help");

  @Override
  @SuppressWarnings("JdkObsolete") // The type is picocli's.
  public boolean preprocess(
      Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
    if (!arguments.isEmpty()) {
      String first = arguments.peek();
      boolean isOption = first.startsWith("-") && !HELP.contains(first);
      if (isOption || first.endsWith(".schedule")) {
        arguments.push("show");
      }
    }
    return false;
  }
}
