package dev.weir.simulator.engine;

import dev.weir.simulator.machine.Program;

/** Sets of units by number, as bits. */
final class Units {

  private Units() {}

  /** Units that a program has work for. */
  static long of(Program program) {
    return switch (program) {
      case Program.Work work -> 1L << work.slots().getFirst().nest().unit();
      case Program.Repeat repeat -> of(repeat.body());
      case Program.OnlyLast last -> of(last.body());
      case Program.Resident resident -> of(resident.body());
      case Program.Sequential sequential -> of(sequential.parts());
      case Program.Concurrent concurrent -> of(concurrent.parts());
      case Program.Epochs epochs -> of(epochs.body());
      case Program.Staged staged -> of(staged.body());
    };
  }

  private static long of(Iterable<Program> parts) {
    long units = 0;
    for (Program part : parts) {
      units |= of(part);
    }
    return units;
  }
}
