package dev.weir.opencl.emit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.NumberFormat;
import dev.weir.opencl.lower.KernelLowering;
import dev.weir.opencl.lower.Lowering;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every line of a kernel that begins a node of the schedule says so, and names the right one. */
class KernelNodesTest {

  /** A schedule, a cascade that it fits, and shapes that leave more than one trip and a tail. */
  private static List<String> cascades(String schedule) {
    return switch (schedule) {
      case "opencl_1pass_cpu", "opencl_1pass_gpu" ->
          List.of(
              "attention_1pass B=1 H=2 P=200 M=300 E=64 F=64",
              "attention_1pass_masked B=1 H=2 P=64 M=128 E=64 F=64");
      case "opencl_1pass_causal_cpu", "opencl_1pass_causal_gpu" ->
          List.of(
              "attention_1pass_triangular B=1 H=2 P=256 M=256 E=64 F=64",
              "attention_1pass_triangular B=1 H=2 P=130 M=70 E=8 F=8");
      case "opencl_3pass_cpu", "opencl_3pass_gpu", "opencl_3pass_unfused_cpu" ->
          List.of(
              "attention_3pass B=1 H=2 P=200 M=300 E=64 F=64",
              "attention_3pass_masked B=1 H=2 P=64 M=64 E=64 F=64");
      case "opencl_decode_gpu" -> List.of("attention_decode_ragged B=2 H=2 M=600 E=64 F=64");
      case "opencl_gemm_gpu" -> List.of("gemm M=300 N=200 K=100");
      case "opencl_titans_chunks_cpu", "opencl_titans_chunks_gpu" ->
          List.of("zoo/titans_chunks C=2 T=3 E=5 F=70");
      default -> throw new AssertionError(schedule + ": nobody says which cascades it fits");
    };
  }

  static List<String> shipped() throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("..", "configs", "schedules"))) {
      for (Path file : files.sorted().toList()) {
        String schedule = file.getFileName().toString().replace(".schedule", "");
        if (schedule.startsWith("opencl_")) {
          cascades(schedule).forEach(cascade -> names.add(schedule + " " + cascade));
        }
      }
    }
    return names;
  }

  private static Problem problem(String name) {
    String[] words = name.split(" ", 3);
    String device = words[0].endsWith("_gpu") ? "generic-gpu" : "pocl-cpu";
    return Problems.shipped(words[1], words[0], device, words[2]);
  }

  private static void visit(Node node, NodePath path, BiConsumer<Node, NodePath> visitor) {
    visitor.accept(node, path);
    for (int i = 0; i < node.children().size(); i++) {
      visit(node.children().get(i), path.child(i), visitor);
    }
  }

  private static Map<NodePath, Node> nodes(Problem problem) {
    Map<NodePath, Node> nodes = new HashMap<>();
    visit(problem.schedule().root(), NodePath.ROOT, (node, path) -> nodes.put(path, node));
    return nodes;
  }

  /** What a line that begins a node must look like; unrolling is asked for a line above a loop. */
  private static Optional<String> expected(Node node) {
    return switch (node) {
      case Node.For loop -> Optional.of(loop(loop.rank()));
      case Node.Pipeline loop -> Optional.of(loop(loop.rank()));
      case Node.Iterate loop ->
          Optional.of("// iterate " + loop.rank().variable() + "|" + loop(loop.rank()));
      case Node.Last last ->
          Optional.of("if \\(" + last.rank().variable() + "(_\\d+)? == \\d+\\) \\{");
      case Node.Compute compute -> Optional.of("// " + compute.einsum().text() + "(: .*)?");
      case Node.Keep keep -> Optional.of(keep(keep));
      case Node.Spatial _, Node.Seq _, Node.Par _, Node.Stage _, Node.Interleave _ ->
          Optional.empty();
    };
  }

  private static String loop(RankName rank) {
    return "for \\(int %s(_\\d+)? = 0; .*".formatted(rank.variable());
  }

  private static String keep(Node.Keep keep) {
    String tensors =
        keep.tensors().stream().map(tensor -> tensor.text()).collect(Collectors.joining("|"));
    return "\\w+ (%1$s)_(next_)?tile(_\\d+)?\\[\\d+\\];|// (load|load the sums so far of|generation 0 of) (%1$s)"
        .formatted(tensors);
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void everyLineNamesTheNodeThatItBegins(String name) {
    Problem problem = problem(name);
    Map<NodePath, Node> nodes = nodes(problem);
    List<KernelLine> lines = OpenClPrinter.lines(Problems.program(problem));

    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).node().isPresent()) {
        Node node = nodes.get(lines.get(i).node().get());
        boolean isAsked = lines.get(i).text().strip().startsWith("#pragma unroll");
        String text = lines.get(isAsked ? i + 1 : i).text().strip();
        assertThat(text).as("%s: %s", name, node).matches(expected(node).orElseThrow());
      }
    }
  }

  /** The rank of each loop that takes more than one step, by what the loops around leave of it. */
  private static Map<NodePath, RankName> stepping(Problem problem) {
    Map<NodePath, RankName> stepping = new HashMap<>();
    stepping(problem, problem.schedule().root(), NodePath.ROOT, new TreeMap<>(), stepping);
    return stepping;
  }

  private static void stepping(
      Problem problem,
      Node node,
      NodePath path,
      Map<RankName, Long> left,
      Map<NodePath, RankName> stepping) {
    Map<RankName, Long> inside = new TreeMap<>(left);
    switch (node) {
      case Node.For l -> step(problem, l.rank(), problem.value(l.tile()), path, inside, stepping);
      case Node.Pipeline l ->
          step(problem, l.rank(), problem.value(l.tile()), path, inside, stepping);
      case Node.Iterate l -> step(problem, l.rank(), 1, path, inside, stepping);
      case Node.Spatial l ->
          step(problem, l.rank(), problem.value(l.tile()), path, inside, new HashMap<>());
      case Node.Last _, Node.Keep _, Node.Seq _, Node.Par _ -> {}
      case Node.Stage _, Node.Interleave _, Node.Compute _ -> {}
    }
    for (int i = 0; i < node.children().size(); i++) {
      stepping(problem, node.children().get(i), path.child(i), inside, stepping);
    }
  }

  private static void step(
      Problem problem,
      RankName rank,
      long tile,
      NodePath path,
      Map<RankName, Long> left,
      Map<NodePath, RankName> stepping) {
    long range = left.getOrDefault(rank, problem.shapes().of(rank));
    if (range > tile) {
      stepping.put(path, rank);
    }
    left.put(rank, Math.min(range, tile));
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void everyLoopWithSeveralStepsAndEveryComputeIsNamed(String name) {
    Problem problem = problem(name);
    List<NodePath> named =
        OpenClPrinter.lines(Problems.program(problem)).stream()
            .flatMap(line -> line.node().stream())
            .toList();
    Map<NodePath, RankName> loops = stepping(problem);
    List<NodePath> computes = new ArrayList<>();
    nodes(problem)
        .forEach(
            (path, node) -> {
              if (node instanceof Node.Compute) {
                computes.add(path);
              }
            });

    assertThat(loops).as(name).isNotEmpty();
    assertThat(named).as(name).containsAll(loops.keySet()).containsAll(computes);
  }

  /** The body of a loop marked skip: once where all points are present, once where some are. */
  @Test
  void bothCopiesOfABodyNameTheirNodes() {
    Problem problem =
        problem("opencl_1pass_causal_cpu attention_1pass_triangular B=1 H=2 P=256 M=256 E=64 F=64");
    Map<NodePath, Node> nodes = nodes(problem);
    Map<String, Long> times =
        OpenClPrinter.lines(Problems.program(problem)).stream()
            .flatMap(line -> line.node().stream())
            .map(nodes::get)
            .filter(Node.Compute.class::isInstance)
            .collect(
                Collectors.groupingBy(
                    node -> ((Node.Compute) node).einsum().text(), Collectors.counting()));

    assertThat(times)
        .containsEntry("BQK", 2L)
        .containsEntry("LM", 2L)
        .containsEntry("SLN", 2L)
        .containsEntry("SLNV", 2L)
        .containsEntry("RM", 1L)
        .containsEntry("AV", 1L);
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void nodesDoNotDependOnTheFormat(String name) {
    Problem problem = problem(name);
    List<NodePath> single = named(Problems.program(problem));

    for (NumberFormat format : NumberFormat.values()) {
      if (KernelLowering.lower(problem, format) instanceof Lowering.Lowered lowered) {
        assertThat(named(lowered.program())).as("%s, %s", name, format.text()).isEqualTo(single);
      }
    }
  }

  private static List<NodePath> named(KernelProgram program) {
    return OpenClPrinter.lines(program).stream().flatMap(line -> line.node().stream()).toList();
  }
}
