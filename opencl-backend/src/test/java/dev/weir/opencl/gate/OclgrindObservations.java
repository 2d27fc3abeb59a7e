package dev.weir.opencl.gate;

import dev.weir.opencl.execute.AccessCounts;
import dev.weir.opencl.execute.Instruction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Oclgrind did with problems, and the executor's counts under the names that it uses. */
final class OclgrindObservations {

  /** Local memory as the device of tests has it. */
  static final Map<String, String> ENVIRONMENT =
      Map.of(
          "OCLGRIND_LOCAL_MEM_SIZE", "1048576",
          "OCLGRIND_INST_COUNTS", "1",
          "OCLGRIND_BUILD_OPTIONS", "-cl-opt-disable",
          "OCLGRIND_NUM_THREADS", "1",
          "LC_ALL", "C");

  private static final Pattern KERNEL = Pattern.compile("Instructions executed for kernel '(.*)':");
  private static final Pattern LINE = Pattern.compile("\\s*(\\d+) - (.*)");
  private static final Pattern MEMORY = Pattern.compile("(load|store) (\\w+) \\((\\d+) bytes\\)");
  private static final Pattern MANGLED = Pattern.compile("call _Z(\\d+)(\\w+)\\(\\)");
  private static final Pattern INTRINSIC =
      Pattern.compile("call (llvm\\.\\w+)\\.(v(\\d+))?f32\\(\\)");
  private static final Pattern PLAIN_CALL = Pattern.compile("call (\\w+?(\\d+))\\(\\)");
  private static final Pattern VECTOR = Pattern.compile("Dv(\\d+)_");

  private OclgrindObservations() {}

  /**
   * What a problem did.
   *
   * @param kernels for each the names of instructions and how often they ran
   * @param outputs for each tensor its elements, as Java prints floats
   * @param log complaints; none of a right kernel
   */
  record Observed(
      List<Map<String, Long>> kernels, Map<String, List<String>> outputs, StringBuilder log) {}

  /** What {@link CountRun} printed, problem by problem. */
  static Map<String, Observed> parse(String text) {
    Map<String, Observed> problems = new LinkedHashMap<>();
    Observed problem = new Observed(List.of(), Map.of(), new StringBuilder());
    for (String line : text.split("\n", -1)) {
      Matcher counted = LINE.matcher(line);
      if (line.startsWith("problem ")) {
        problem = new Observed(new ArrayList<>(), new TreeMap<>(), new StringBuilder());
        problems.put(line.substring("problem ".length()), problem);
      } else if (line.startsWith("output ")) {
        List<String> words = List.of(line.split(" ", -1));
        problem.outputs().put(words.get(1), words.subList(2, words.size()));
      } else if (line.startsWith("log ")) {
        problem.log().append(line.substring("log ".length()));
      } else if (KERNEL.matcher(line).matches()) {
        problem.kernels().add(new TreeMap<>());
      } else if (counted.matches()) {
        long times = Long.parseLong(counted.group(1));
        add(problem.kernels().getLast(), counted.group(2), times);
      }
    }
    return problems;
  }

  private static void add(Map<String, Long> counts, String name, long times) {
    Matcher memory = MEMORY.matcher(name);
    Matcher mangled = MANGLED.matcher(name);
    Matcher intrinsic = INTRINSIC.matcher(name);
    Matcher plain = PLAIN_CALL.matcher(name);
    if (memory.matches()) {
      String what = memory.group(1) + " " + memory.group(2);
      counts.merge(what, times, Math::addExact);
      counts.merge(what + " bytes", Long.parseLong(memory.group(3)), Math::addExact);
    } else if (mangled.matches()) {
      int length = Integer.parseInt(mangled.group(1));
      String function = mangled.group(2).substring(0, length);
      String arguments = mangled.group(2).substring(length);
      counts.merge(builtIn(function, arguments), times, Math::addExact);
    } else if (intrinsic.matches()) {
      int lanes = intrinsic.group(3) == null ? 1 : Integer.parseInt(intrinsic.group(3));
      counts.merge(call(intrinsic.group(1), lanes), times, Math::addExact);
    } else if (plain.matches()) {
      counts.merge(call(plain.group(1), Integer.parseInt(plain.group(2))), times, Math::addExact);
    } else {
      counts.merge(name, times, Math::addExact);
    }
  }

  /** Arguments follow the name: {@code Dv4_f} is a float4, {@code PU3AS1f} points to global. */
  private static String builtIn(String name, String arguments) {
    if (name.startsWith("vload") || name.startsWith("vstore")) {
      String space =
          arguments.contains("AS1") ? "global" : arguments.contains("AS3") ? "local" : "private";
      return "call " + name + " " + space;
    }
    Matcher vector = VECTOR.matcher(arguments);
    return call(name, vector.find() ? Integer.parseInt(vector.group(1)) : 1);
  }

  private static String call(String function, int lanes) {
    return "call " + function + " of " + lanes;
  }

  /** The executor's counts of a kernel. */
  static Map<String, Long> of(AccessCounts.Kernel kernel) {
    TreeMap<String, Long> counts = new TreeMap<>();
    kernel
        .instructions()
        .forEach(
            (instruction, times) -> {
              counts.merge(name(instruction), times, Math::addExact);
              switch (instruction) {
                case Instruction.Load load ->
                    counts.merge(name(load) + " bytes", times * load.bytes(), Math::addExact);
                case Instruction.Store store ->
                    counts.merge(name(store) + " bytes", times * store.bytes(), Math::addExact);
                case Instruction.VectorLoad _, Instruction.VectorStore _ -> {}
                case Instruction.Call _, Instruction.Plain _ -> {}
              }
            });
    return counts;
  }

  private static String name(Instruction instruction) {
    return switch (instruction) {
      case Instruction.Load load -> "load " + lower(load.space());
      case Instruction.Store store -> "store " + lower(store.space());
      case Instruction.VectorLoad load -> "call vload" + load.lanes() + " " + lower(load.space());
      case Instruction.VectorStore store ->
          "call vstore" + store.lanes() + " " + lower(store.space());
      case Instruction.Call call -> call(call.function(), call.lanes());
      case Instruction.Plain plain -> lower(plain.opcode());
    };
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
