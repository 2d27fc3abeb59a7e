package dev.weir.opencl.pass;

import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds arrays of halves whose elements go into what is stored there later: sums in global memory
 * that would be rounded at every step, so that half precision were no mere format of storage.
 * Values that flow through variables and other arrays count; indices and conditions do not.
 */
public final class RepeatedRounding {

  /** For each array or variable that takes a value, those that the value is made of. */
  private final Map<String, Set<String>> sources = new HashMap<>();

  private RepeatedRounding() {}

  /** The first buffer of halves that some kernel reads to write it again. */
  public static Optional<KernelBuffer> in(KernelProgram program) {
    for (Kernel kernel : program.kernels()) {
      RepeatedRounding flow = new RepeatedRounding();
      kernel.body().forEach(flow::add);
      for (KernelBuffer buffer : kernel.arguments()) {
        if (buffer.array().element().kind() == Type.Kind.HALF
            && flow.reaches(buffer.array().name())) {
          return Optional.of(buffer);
        }
      }
    }
    return Optional.empty();
  }

  private boolean reaches(String array) {
    Deque<String> next = new ArrayDeque<>(sources.getOrDefault(array, Set.of()));
    Set<String> seen = new HashSet<>();
    while (!next.isEmpty()) {
      String name = next.pop();
      if (name.equals(array)) {
        return true;
      }
      if (seen.add(name)) {
        next.addAll(sources.getOrDefault(name, Set.of()));
      }
    }
    return false;
  }

  private void add(Statement statement) {
    switch (statement) {
      case Statement.Declare d -> flow(d.variable().name(), d.value());
      case Statement.Assign a -> flow(a.array().name(), a.value());
      case Statement.AssignNeighbours a -> flow(a.array().name(), a.value());
      case Statement.Scatter s -> flow(s.array().name(), s.value());
      case Statement.Comment _, Statement.DeclareArray _, Statement.Barrier _ -> {}
      case Statement.Loop _, Statement.If _, Statement.Block _ ->
          statement.children().forEach(this::add);
    }
  }

  private void flow(String to, Value from) {
    collect(from, sources.computeIfAbsent(to, _ -> new HashSet<>()));
  }

  private static void collect(Value value, Set<String> found) {
    switch (value) {
      case Value.Variable variable -> found.add(variable.name());
      case Value.Element element -> read(element.array(), found);
      case Value.Neighbours neighbours -> read(neighbours.array(), found);
      case Value.Gathered gathered -> read(gathered.array(), found);
      case Value.Select select ->
          List.of(select.then(), select.otherwise()).forEach(side -> collect(side, found));
      case Value.Real _, Value.Whole _, Value.LaneNumbers _, Value.GridPosition _ -> {}
      case Value.Broadcast _, Value.Infix _, Value.Call _, Value.Negated _, Value.Not _ ->
          value.children().forEach(child -> collect(child, found));
      case Value.ToBits _, Value.FromBits _, Value.ExponentialPolynomial _ ->
          value.children().forEach(child -> collect(child, found));
      case Value.ToFloat _, Value.ToDouble _, Value.ToInt _, Value.Half _ ->
          value.children().forEach(child -> collect(child, found));
    }
  }

  private static void read(Array array, Set<String> found) {
    found.add(array.name());
  }
}
