package dev.weir.opencl.execute;

import dev.weir.opencl.kernel.Array;
import java.util.HashMap;
import java.util.Map;

/** What one execution of some straight code does. */
final class Profile {

  /** Lanes of an array that one access moves. */
  record Access(Array array, boolean isStore, int lanes) {}

  private final Map<Instruction, Long> instructions = new HashMap<>();
  private final Map<Access, Long> accesses = new HashMap<>();

  void count(Instruction instruction, long times) {
    instructions.merge(instruction, times, Math::addExact);
  }

  void count(Instruction instruction) {
    count(instruction, 1);
  }

  void count(Instruction.Opcode opcode, int lanes) {
    count(new Instruction.Plain(opcode, lanes), 1);
  }

  void load(Array array, int lanes) {
    accesses.merge(new Access(array, false, lanes), 1L, Math::addExact);
  }

  void store(Array array, int lanes) {
    accesses.merge(new Access(array, true, lanes), 1L, Math::addExact);
  }

  Map<Instruction, Long> instructions() {
    return instructions;
  }

  Map<Access, Long> accesses() {
    return accesses;
  }
}
