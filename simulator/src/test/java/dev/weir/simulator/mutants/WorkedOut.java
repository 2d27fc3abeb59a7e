package dev.weir.simulator.mutants;

import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.model.mutants.HandMade;
import dev.weir.mapper.model.mutants.HandMadeSkew;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.engine.Generation0;
import dev.weir.simulator.engine.Machines;
import dev.weir.simulator.engine.SideBySide;
import dev.weir.simulator.engine.SmallMachine;
import java.util.ArrayList;
import java.util.List;

/** Problems that are small enough to work out by hand, or of forms that few random ones have. */
final class WorkedOut {

  private static final SmallMachine DRAM_OF_2 = new SmallMachine(2, 0, 0);
  private static final SmallMachine UNLIMITED = new SmallMachine(0, 0, 0);

  private static final String SINGLE =
      """
        for h by 1  for n by 1 {
          keep A, X at Buffer
          for w by 1  compute X on U
        }
      """;

  private static final String DOUBLE =
      """
        for h by 1  for n by 1 {
          keep A, X at Buffer double
          for w by 1  compute X on U
        }
      """;

  private static final String ALONE = "for w by 1";
  private static final String U_LANES = "for w by 4  spatial w by 1 on U.lanes";

  private static final String STAGES =
      """
      pipeline n by 1 {
          keep X at Buffer copies 2
          par {
            stage 0  %s  compute X on U
            stage 1  %s  compute Z on V
          }
        }
      """;

  private final List<Reference> all = new ArrayList<>();

  private WorkedOut() {
    addKeeps();
    addPorts();
    addPipelines();
    addSteady();
    addOfInstances();
    int number = 0;
    for (Problem skewed : HandMadeSkew.all()) {
      all.add(
          Reference.of("skew %d".formatted(number++), skewed)
              .with(
                  new Reference.Known(
                      Fate.COST_MODEL, CostModel.evaluate(skewed).latencyCycles())));
    }
  }

  /** Whose cycles were worked out for the cost model. */
  private void addOfInstances() {
    addOfInstances(HandMade.bandwidthOfInstances(), HandMade.BANDWIDTH_OF_INSTANCES_CYCLES);
    addOfInstances(
        HandMade.bandwidthOfChosenInstances(), HandMade.BANDWIDTH_OF_CHOSEN_INSTANCES_CYCLES);
    addOfInstances(HandMade.servedByItsOwnInstance(), HandMade.SERVED_BY_ITS_OWN_INSTANCE_CYCLES);
  }

  private void addOfInstances(Problem problem, long cycles) {
    all.add(
        Reference.of("ports of instances %d".formatted(cycles), problem)
            .with(new Reference.Known(Fate.BY_HAND, cycles)));
  }

  static List<Reference> all() {
    return new WorkedOut().all;
  }

  private void add(String name, Problem problem, String outline) {
    all.add(Reference.of(name, problem).byHand(outline));
  }

  /** Ten words take five cycles in and five out, and ten of work. */
  private void addKeeps() {
    add(
        "single keep",
        DRAM_OF_2.problem("H=1 N=6 W=10", SINGLE),
        "120; U 60, load 30, store 30; DRAM 60");
    add(
        "half a word's time",
        DRAM_OF_2.problem("H=1 N=2 W=9", SINGLE),
        "38; U 18, load 10, store 10; DRAM 20");
    add(
        "double keep",
        DRAM_OF_2.problem("H=1 N=6 W=10", DOUBLE),
        "70; U 60, load 5, store 5; DRAM 60");
    add(
        "double keep that is full",
        Machines.withBuffers(DRAM_OF_2.problem("H=1 N=6 W=10", DOUBLE), 40),
        "70; U 60, load 5, store 5; DRAM 60");
    // 20 cycles in, 20 out, 10 of work: 20 + 20 + 4 × 40 + 20 + 20, of which waits of 10 for the
    // second load, of 30 in four steps and of 10 in the last, which all begin while a store runs.
    add(
        "double keep that moves longer than it works",
        DRAM_OF_2.problem(
            "H=1 N=6 W=40", DOUBLE.replace("for w by 1  compute", U_LANES + "  compute")),
        "240; U 60, load 30, store 150; DRAM 240");
    add(
        "phases",
        DRAM_OF_2.problem(
            "H=1 N=6 W=10", DOUBLE + DOUBLE.replace("A, X", "B, Y").replace("X on U", "Y on V")),
        "140; U 60, load 5, store 5, work elsewhere 70; V 60, load 5, store 5, work elsewhere 70;"
            + " DRAM 120");
  }

  private void addPorts() {
    String work = "  for h by 1  for n by 1  for w by 1  compute %s\n";
    String x = work.formatted("X on U");
    String y = work.formatted("Y on V");
    // Two reads and a write a point at two words a cycle.
    add("operands", DRAM_OF_2.problem("H=1 N=1 W=10", x), "15; U 10, bandwidth of DRAM 5; DRAM 15");
    add(
        "branches at one port",
        DRAM_OF_2.problem("H=1 N=1 W=10", "par {\n" + x + y + "}\n"),
        "30; U 10, bandwidth of DRAM 20; V 10, bandwidth of DRAM 20; DRAM 30");
    // X moves 3 words a cycle of 4 for 100 cycles; the next 100 of B come in what is left.
    add(
        "prefetch beside operands",
        new SmallMachine(4, 4, 0)
            .problem(
                "H=2 N=1 W=100",
                """
                  keep A, X at Buffer
                  for h by 1 {
                    keep B at Buffer double
                    for n by 1  for w by 1  compute X on U
                    for n by 1  for w by 1  compute Y on U
                  }
                """),
        "525; U 400, load 75, store 50; Buffer 525; DRAM 425");
    // A comes in 5 cycles. X wants 2 words a cycle of the buffer and 1 of DRAM, Y 2 of DRAM for 15
    // cycles: both go on at 2/3 for 15 cycles; then Y, of which 5 cycles are left, goes on alone.
    add(
        "branches at one port of two",
        new SmallMachine(2, 4, 0)
            .problem("H=1 N=1 W=10", "keep A at Buffer par {\n" + x + y + "}\n"),
        "25; U 10, bandwidth of DRAM 5, load 5, work elsewhere 5; V 10, bandwidth of DRAM 10, load"
            + " 5; Buffer 20; DRAM 25");
    // Three steps for each n; four lanes pass operands three times, three cycles each.
    add(
        "fill",
        new SmallMachine(0, 0, 3)
            .problem(
                "H=1 N=2 W=10",
                "  for h by 1  for n by 1  for w by 4  spatial w by 1 on U.lanes  compute X on"
                    + " U\n"),
        "15; U 6, fill 9");
  }

  private void addPipelines() {
    String flat = "  for h by 1  " + STAGES.formatted(ALONE, ALONE);
    add(
        "pipeline",
        UNLIMITED.problem("H=1 N=6 W=10", flat),
        "70; U 60, epoch imbalance 10; V 60, epoch imbalance 10");
    add(
        "pipeline that drains",
        UNLIMITED.problem("H=4 N=6 W=10", flat),
        "280; U 240, epoch imbalance 40; V 240, epoch imbalance 40");
    add(
        "pipeline that flows",
        UNLIMITED.problem("H=4 N=6 W=10", flat.replace("h by 1", "h by 1 flow")),
        "250; U 240, epoch imbalance 10; V 240, epoch imbalance 10");
    add(
        "pipeline with a fast stage",
        UNLIMITED.problem("H=1 N=6 W=10", "  for h by 1  " + STAGES.formatted(U_LANES, ALONE)),
        "63; U 18, epoch imbalance 45; V 60, epoch imbalance 3");
    // Two cycles a hop past three lanes, once.
    add(
        "pipeline on skewed lanes",
        Machines.withInstances(
            UNLIMITED.problem(
                "H=1 N=6 W=10",
                "  for h by 1  " + STAGES.formatted(U_LANES, U_LANES.replace("U", "V"))),
            4,
            Axis.Fill.SKEWED),
        "27; U 18, epoch imbalance 3, fill 6; V 18, epoch imbalance 3, fill 6");
    add(
        "slot by slot",
        UNLIMITED.problem(
            "H=1 N=6 W=10",
            """
              for h by 1  pipeline n by 1 {
                keep X at Buffer copies 2
                interleave U {
                  stage 1  for w by 1  compute Z on U
                  stage 0  for w by 1  compute X on U
                }
              }
            """),
        "120; U 120");
  }

  private void addSteady() {
    addSteady(
        "steady double keep",
        DRAM_OF_2.problem("H=1 N=3000 W=10", DOUBLE),
        "30010; U 30000, load 5, store 5; DRAM 30000");
    addSteady(
        "steady single keep",
        DRAM_OF_2.problem("H=40 N=50 W=10", SINGLE),
        "40000; U 20000, load 10000, store 10000; DRAM 20000");
    addSteady(
        "steady pipeline",
        UNLIMITED.problem("H=40 N=60 W=10", "  for h by 1 flow  " + STAGES.formatted(ALONE, ALONE)),
        "24010; U 24000, epoch imbalance 10; V 24000, epoch imbalance 10");
    // Operands come first, so eight words of generation 0 pass behind 2 × 16 of these.
    add(
        "generation 0",
        Generation0.problem(),
        "40; Array1D 8, bandwidth of GlobalBuffer 8, store 8, work elsewhere 16;"
            + " Array2D 8, bandwidth of GlobalBuffer 8, store 8, work elsewhere 16;"
            + " GlobalBuffer 40");
    // B comes and Y goes at a word a cycle; between, A comes and X goes while V does Y word by
    // word:
    // nothing of that comes again, as the tile of A is on its way.
    add(
        "short steps beside a long load",
        new SmallMachine(1, 0, 0)
            .problem(
                "H=1 N=40 W=1",
                """
                  keep B, Y at Buffer
                  par {
                    for h by 1 {
                      keep A, X at Buffer
                      for n by 1  for w by 1  compute X on U
                    }
                    for h by 1  for n by 1 {
                      keep Y at Buffer
                      for w by 1  compute Y on V
                    }
                  }
                """),
        "200; U 40, load 80, store 80; V 40, load 40, store 40, work elsewhere 80; DRAM 160");
    int number = 0;
    for (String schedule : SideBySide.schedules()) {
      for (long dram : new long[] {0, 1, 3, 5}) {
        SmallMachine machine = new SmallMachine(dram, dram == 3 ? 3 : 8, 2);
        long tile = 1 + dram % 4;
        Problem problem = machine.problem("H=17 N=31 W=7", schedule.formatted(tile));
        all.add(Corpus.longer("side by side %d".formatted(number++), problem));
      }
    }
  }

  private void addSteady(String name, Problem problem, String outline) {
    all.add(Reference.of(name, problem).byHand(outline).with(Reference.Steady.CERTAINLY));
  }
}
