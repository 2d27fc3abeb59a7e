package dev.weir.mapper.model;

import dev.weir.mapper.program.Compiler;
import dev.weir.mapper.program.Function;
import dev.weir.mapper.program.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A plan as a program over its arguments. It gives what {@link WorkTime}, {@link Occupancy} and
 * {@link Formula} give, many times faster, for plans in which sizes alone decide: without loops
 * that skip, conditions, and tiles whose words depend on where they are.
 *
 * @param memory length of the memory
 * @param levels how many levels there are, the top first
 * @param flows what the program calls
 */
record PlanProgram(Program program, int memory, int levels, List<FlowTime.Form> flows) {

  /** A program has all kinds of iterations that a tiling can have: at some point that is slower. */
  static final int MOST_EXPRESSIONS = 20_000;

  /** A program; none for a plan in which more than sizes decides. */
  static Optional<PlanProgram> of(Plan plan) {
    if (!isDecidedBySizes(plan)) {
      return Optional.empty();
    }
    Symbols symbols = new Symbols(plan);
    SymbolicCounts counts = new SymbolicCounts(plan, symbols);
    List<Integer> results = new ArrayList<>();
    SymbolicTime time = new SymbolicTime(plan, symbols, counts);
    results.add(time.cycles());
    SymbolicOccupancy occupancy = new SymbolicOccupancy(plan, symbols);
    int levels = plan.architecture().levels().size();
    for (int level = 1; level < levels; level++) {
      results.add(occupancy.peak(level));
    }
    for (int count : counts.of(plan.timedRoot(), SymbolicKind.whole(plan, symbols))) {
      results.add(count);
    }
    if (!time.isComplete() || symbols.expressions.size() > MOST_EXPRESSIONS) {
      return Optional.empty();
    }

    Compiler.Compiled compiled = Compiler.compile(symbols.expressions, results);
    return Optional.of(
        new PlanProgram(compiled.program(), compiled.memory(), levels, time.flows()));
  }

  private static boolean isDecidedBySizes(Plan plan) {
    return plan.tree().skips().isEmpty()
        && !plan.isSkewed()
        && plan.arguments().draws().isEmpty()
        && plan.phases().stream().allMatch(phase -> phase.formula().isSymbolic())
        && plan.keeps().noneMatch(KeepPlan::isMapped);
  }

  /** A place in which one thread at a time runs it. */
  Workspace workspace() {
    Function[] functions = flows.stream().map(FlowTime::new).toArray(Function[]::new);
    return new Workspace(program, new long[memory], functions, levels);
  }

  /** Arguments and results of one tiling after another. */
  static final class Workspace {

    private final Program program;
    private final long[] memory;
    private final Function[] functions;
    private final int levels;

    private Workspace(Program program, long[] memory, Function[] functions, int levels) {
      this.program = program;
      this.memory = memory;
      this.functions = functions;
      this.levels = levels;
    }

    /**
     * Works out a tiling.
     *
     * @throws ArithmeticException if a value on the way does not fit a {@code long}
     */
    void run(long[] arguments) {
      program.run(arguments, memory, functions);
    }

    /** Cycles of the whole schedule. */
    long cycles() {
      return memory[0];
    }

    /** Words allocated in the fullest instance of a level. */
    long peak(int level) {
      return memory[level];
    }

    /** Counts by output, from a position on; overwritten by the next tiling. */
    long[] memory() {
      return memory;
    }

    /** The position of the first. */
    int firstCount() {
      return levels;
    }
  }
}
