package dev.weir.opencl.execute;

import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Value;
import java.util.HashMap;
import java.util.Map;

/** What names mean in a block, and which registers are taken there. */
final class Scope {

  /** Finds the elements of an array for a work-item. */
  @FunctionalInterface
  interface Locator {
    Storage of(WorkItem item);
  }

  /** Places of a work-item, counted over all scopes of a kernel. */
  private static final class Places {
    private int registers;
    private int arrays;
  }

  private final String kernel;
  private final Places most;
  private final Map<String, Operand> variables;
  private final Map<String, Locator> locators;
  private final Map<String, Array> arrays;
  private int registers;

  private Scope(
      String kernel,
      Places most,
      Map<String, Operand> variables,
      Map<String, Locator> locators,
      Map<String, Array> arrays,
      int registers) {
    this.kernel = kernel;
    this.most = most;
    this.variables = variables;
    this.locators = locators;
    this.arrays = arrays;
    this.registers = registers;
  }

  /** The scope of a kernel. */
  static Scope of(String kernel, Map<Array, Storage> shared) {
    Scope scope =
        new Scope(kernel, new Places(), new HashMap<>(), new HashMap<>(), new HashMap<>(), 0);
    shared.forEach((array, storage) -> scope.declare(array, _ -> storage));
    return scope;
  }

  /** A block within: sees what stands here, and what it declares itself ends with it. */
  Scope block() {
    return new Scope(
        kernel,
        most,
        new HashMap<>(variables),
        new HashMap<>(locators),
        new HashMap<>(arrays),
        registers);
  }

  int takeRegisters(int lanes) {
    int first = registers;
    registers += lanes;
    most.registers = Math.max(most.registers, registers);
    return first;
  }

  /** What is taken now; registers taken later can be {@link #release released} to it. */
  int takenRegisters() {
    return registers;
  }

  void release(int taken) {
    registers = taken;
  }

  /** A private array's place in each work-item. */
  int takeArray() {
    return most.arrays++;
  }

  int allRegisters() {
    return most.registers;
  }

  int allArrays() {
    return most.arrays;
  }

  void declare(Value.Variable variable, Operand operand) {
    variables.put(variable.name(), operand);
  }

  void declare(Array array, Locator locator) {
    locators.put(array.name(), locator);
    arrays.put(array.name(), array);
  }

  Operand variable(Value.Variable variable) {
    Operand found = variables.get(variable.name());
    if (found == null || !found.type().equals(variable.type())) {
      throw new IllegalArgumentException(
          "kernel %s uses %s, declared as %s (expected a declaration of this type before)"
              .formatted(kernel, variable, found == null ? "nothing" : found.type()));
    }
    return found;
  }

  Locator locate(Array array) {
    if (!array.equals(arrays.get(array.name()))) {
      String space = array.space() == AddressSpace.PRIVATE ? "in a block around" : "of the kernel";
      throw new IllegalArgumentException(
          "kernel %s uses %s, declared as %s (expected this array %s)"
              .formatted(kernel, array, arrays.get(array.name()), space));
    }
    return locators.get(array.name());
  }
}
