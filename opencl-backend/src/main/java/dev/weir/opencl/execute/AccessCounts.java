package dev.weir.opencl.execute;

import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * What the kernels of a program executed, all work-items together.
 *
 * @param kernels in launch order
 */
public record AccessCounts(List<Kernel> kernels) {
  public AccessCounts {
    kernels = List.copyOf(kernels);
  }

  /**
   * What one kernel executed.
   *
   * @param name its identifier
   * @param instructions how often each instruction of the unoptimised code ran; rules in {@link
   *     UnoptimisedCode}
   * @param arrays accesses to each array that was accessed, as the kernel states them: variables
   *     are values there, no memory
   */
  public record Kernel(
      String name, Map<Instruction, Long> instructions, Map<Array, ArrayCounts> arrays) {
    public Kernel {
      instructions = Map.copyOf(instructions);
      arrays = Map.copyOf(arrays);
    }

    /** Bytes that loads read from a space, {@code vloadN} included. */
    public long bytesLoaded(AddressSpace space) {
      return sum(
          instruction ->
              switch (instruction) {
                case Instruction.Load load when load.space() == space -> load.bytes();
                case Instruction.VectorLoad load when load.space() == space -> load.bytes();
                case Instruction.Load _, Instruction.VectorLoad _ -> 0;
                case Instruction.Store _, Instruction.VectorStore _ -> 0;
                case Instruction.Call _, Instruction.Plain _ -> 0;
              });
    }

    /** Bytes that stores write to a space, {@code vstoreN} included. */
    public long bytesStored(AddressSpace space) {
      return sum(
          instruction ->
              switch (instruction) {
                case Instruction.Store store when store.space() == space -> store.bytes();
                case Instruction.VectorStore store when store.space() == space -> store.bytes();
                case Instruction.Store _, Instruction.VectorStore _ -> 0;
                case Instruction.Load _, Instruction.VectorLoad _ -> 0;
                case Instruction.Call _, Instruction.Plain _ -> 0;
              });
    }

    /** How often an instruction ran, at any width. */
    public long executed(Instruction.Opcode opcode) {
      return sum(
          instruction ->
              instruction instanceof Instruction.Plain plain && plain.opcode() == opcode ? 1 : 0);
    }

    /** How often a function was called, at any width. */
    public long called(String function) {
      return sum(
          instruction ->
              instruction instanceof Instruction.Call call && call.function().equals(function)
                  ? 1
                  : 0);
    }

    private long sum(ToLongFunction<Instruction> each) {
      return instructions.entrySet().stream()
          .mapToLong(e -> Math.multiplyExact(each.applyAsLong(e.getKey()), e.getValue()))
          .reduce(0, Math::addExact);
    }
  }

  /** Accesses to one array. */
  public record ArrayCounts(Transfers loads, Transfers stores) {}

  /**
   * Accesses in one direction.
   *
   * @param accesses loads or stores, a vector counting once, a gather once
   * @param words lanes that moved: a scalar that every lane of a vector uses is one word, as the
   *     lanes share its load
   * @param bytes of these words
   */
  public record Transfers(long accesses, long words, long bytes) {
    static final Transfers NONE = new Transfers(0, 0, 0);

    /** Both together. */
    public Transfers plus(Transfers other) {
      return new Transfers(
          Math.addExact(accesses, other.accesses),
          Math.addExact(words, other.words),
          Math.addExact(bytes, other.bytes));
    }
  }
}
