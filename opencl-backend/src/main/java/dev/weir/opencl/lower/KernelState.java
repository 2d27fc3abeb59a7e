package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What one kernel gathers while its body is lowered: names, local arrays, what was produced. */
final class KernelState {

  private static final List<String> DIMENSIONS = List.of("x", "y", "z");

  private final Facts facts;
  private final Grid grid;
  private final Map<TensorName, KernelBuffer> buffers;
  private final Map<TensorName, KernelBuffer> used = new LinkedHashMap<>();
  private final Map<String, Integer> names = new HashMap<>();
  private final List<Array> localArrays = new ArrayList<>();
  private final Set<TensorName> produced;
  private final Map<TensorName, Map<Integer, Parallel.Loop>> producedHere = new HashMap<>();
  private final Set<TensorName> readHere;
  private final Set<TensorName> writtenHere;
  private final Set<Value.Variable> itemCounters = new HashSet<>();

  /**
   * Starts a kernel.
   *
   * @param root what it runs
   * @param buffers of the program; scratch buffers are added
   * @param produced tensors of earlier kernels; those of this one are added
   */
  KernelState(
      Facts facts, Part root, Map<TensorName, KernelBuffer> buffers, Set<TensorName> produced) {
    this.facts = facts;
    this.grid = Grid.of(root, facts);
    this.readHere =
        root.computes()
            .flatMap(part -> facts.accesses(((Node.Compute) part.node()).einsum()).skip(1))
            .map(Access::tensor)
            .collect(Collectors.toSet());
    this.writtenHere =
        root.computes()
            .map(part -> ((Node.Compute) part.node()).einsum())
            .collect(Collectors.toSet());
    this.buffers = buffers;
    this.produced = produced;
  }

  Facts facts() {
    return facts;
  }

  Grid grid() {
    return grid;
  }

  /** An identifier that no other name of the kernel equals. */
  String fresh(String wanted) {
    int count = names.merge(wanted, 1, Integer::sum);
    return count == 1 ? wanted : fresh(wanted + "_" + count);
  }

  Value.Variable freshVariable(String wanted, Type type) {
    return new Value.Variable(fresh(wanted), type);
  }

  /** A value under a name, unless it has one. */
  Value declared(String wanted, Value value, List<Statement> out) {
    if (value instanceof Value.Variable || value instanceof Value.Real) {
      return value;
    }
    Value.Variable variable = freshVariable(wanted, value.type());
    out.add(new Statement.Declare(variable, value));
    return variable;
  }

  Value.Variable group(int dimension) {
    return new Value.Variable("group_" + DIMENSIONS.get(dimension), Type.INT);
  }

  Value.Variable item(int dimension) {
    Value.Variable item = new Value.Variable("item_" + DIMENSIONS.get(dimension), Type.INT);
    itemCounters.add(item);
    return item;
  }

  /** Number of this work-item in its group. */
  AffineForm itemNumber() {
    AffineForm number = AffineForm.of(0);
    long below = 1;
    for (int dimension = 0; dimension < DIMENSIONS.size(); dimension++) {
      if (grid.items(dimension) > 1) {
        number = number.plus(item(dimension), below);
        below *= grid.items(dimension);
      }
    }
    return number;
  }

  /** Whether a coordinate differs between the work-items of a group. */
  boolean isDivergent(AffineForm form) {
    return form.terms().keySet().stream().anyMatch(itemCounters::contains);
  }

  /** Whether a value, worked out from counters, does. */
  boolean isDivergent(Value value) {
    boolean own = value instanceof Value.Variable variable && itemCounters.contains(variable);
    return own || value.children().stream().anyMatch(this::isDivergent);
  }

  Array localArray(String wanted, Type element, long length) {
    Array array = new Array(fresh(wanted), AddressSpace.LOCAL, element, length);
    localArrays.add(array);
    return array;
  }

  List<Array> localArrays() {
    return localArrays;
  }

  /** The buffer of a tensor, made an argument of this kernel. */
  KernelBuffer buffer(TensorName name, NodePath where) {
    KernelBuffer buffer = buffers.computeIfAbsent(name, _ -> buffer(facts.tensor(name), where));
    used.put(name, buffer);
    names.putIfAbsent(buffer.array().name(), 1);
    return buffer;
  }

  List<KernelBuffer> arguments() {
    return List.copyOf(used.values());
  }

  /** Notes that a tensor was produced below these loops over work-groups. */
  void markProduced(TensorName name, Map<Integer, Parallel.Loop> groups) {
    produced.add(name);
    producedHere.put(name, groups);
  }

  /** Whether this kernel produces it. */
  boolean isWrittenHere(TensorName name) {
    return writtenHere.contains(name);
  }

  /** Whether some Einsum of this kernel reads it. */
  boolean isReadHere(TensorName name) {
    return readHere.contains(name);
  }

  boolean isProduced(TensorName name) {
    return produced.contains(name);
  }

  /** Loops over work-groups around the producer in this kernel; nothing if another has it. */
  Optional<Map<Integer, Parallel.Loop>> producerGroups(TensorName name) {
    return Optional.ofNullable(producedHere.get(name));
  }

  /** Inputs and outputs are there whole; only what a kernel makes for itself may be smaller. */
  private String fewer(Tensor tensor) {
    String shapes =
        "smaller shapes: those of "
            + tensor.ranks().stream()
                .map(rank -> rank + "=" + facts.shape(tensor, rank))
                .collect(Collectors.joining(", "))
            + " multiply to the elements";
    return tensor.role() == Tensor.Role.INTERMEDIATE
        ? shapes + ", or keep it in local or private memory"
        : shapes;
  }

  private KernelBuffer buffer(Tensor tensor, NodePath where) {
    long elements = 1;
    for (var rank : tensor.ranks()) {
      elements = Math.multiplyExact(elements, facts.shape(tensor, rank));
    }
    if (elements > Integer.MAX_VALUE) {
      throw new RefusedException(
          where,
          tensor.name()
              + " has "
              + elements
              + " elements in global memory; kernels count elements"
              + " in 32 bits, at most "
              + Integer.MAX_VALUE,
          fewer(tensor));
    }
    Type type = facts.isTable(tensor.name()) ? Type.INT : Type.FLOAT;
    KernelBuffer.Role role =
        switch (tensor.role()) {
          case INPUT -> KernelBuffer.Role.INPUT;
          case OUTPUT -> KernelBuffer.Role.OUTPUT;
          case INTERMEDIATE -> KernelBuffer.Role.SCRATCH;
        };
    return new KernelBuffer(
        tensor.name(), new Array(tensor.name().text(), AddressSpace.GLOBAL, type, elements), role);
  }
}
