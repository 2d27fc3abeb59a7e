package dev.weir.opencl.execute;

import dev.weir.opencl.kernel.Array;
import java.util.ArrayList;
import java.util.List;

/** Straight code in the making: what it does, and what a compiler makes of it. */
final class Code {

  private final List<Region> regions;
  private final Region entry;
  private final Region region;
  private final List<Operation> operations = new ArrayList<>();

  private Code(List<Region> regions, Region entry, Region region) {
    this.regions = regions;
    this.entry = entry;
    this.region = region;
  }

  /** Code at the top of a kernel; {@code regions} receives all that it is made of. */
  static Code ofKernel(List<Region> regions) {
    Region entry = new Region();
    regions.add(entry);
    return new Code(regions, entry, entry);
  }

  /** Code that nobody will run, to learn what a compiler knows of a value. */
  static Code discarded() {
    return ofKernel(new ArrayList<>());
  }

  /** Code that runs whenever this does, with operations of its own. */
  Code beside() {
    return new Code(regions, entry, region);
  }

  /** Code that runs less often or more often than this. */
  Code inside() {
    Region inner = new Region();
    regions.add(inner);
    return new Code(regions, entry, inner);
  }

  Region region() {
    return region;
  }

  Profile profile() {
    return region.profile();
  }

  void add(Operation operation) {
    operations.add(operation);
  }

  void count(Instruction.Opcode opcode, int lanes) {
    profile().count(opcode, lanes);
  }

  void count(Instruction instruction) {
    profile().count(instruction);
  }

  void load(Array array, int lanes) {
    profile().load(array, lanes);
  }

  void store(Array array, int lanes) {
    profile().store(array, lanes);
  }

  /** Memory of a function stands at its top, however deep the block that needs it. */
  void allocate() {
    entry.profile().count(Instruction.Opcode.ALLOCA, 1);
  }

  /** What it does, as one operation. */
  Operation operation() {
    Operation[] all = operations.toArray(Operation[]::new);
    return switch (all.length) {
      case 1 -> all[0];
      default ->
          item -> {
            for (Operation operation : all) {
              operation.run(item);
            }
          };
    };
  }

  /** The same, counting that it ran. */
  Operation counted() {
    Operation all = operation();
    return item -> {
      region.execute(1);
      all.run(item);
    };
  }
}
