package dev.weir.mapper.model;

import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.schedule.NodePath;
import java.util.List;

/** The schedule tree as time sees it: nests in one piece, sizes worked out, nodes numbered. */
sealed interface Work {

  /** Number of the node. */
  int id();

  /**
   * A nest.
   *
   * @param number among the nests
   * @param loops its loops, the outermost first
   * @param steps factors of waves times iterations
   * @param cyclesPerStep Σ operations × initiation interval of a point
   * @param fills spatial loops whose fill shows and depends on how many instances are used
   * @param fixedCycles what fills of whole axes and merging contributions along axes take besides
   */
  record Nest(
      int id,
      int number,
      List<PlannedLoop> loops,
      List<PathSum> steps,
      Rational cyclesPerStep,
      List<Fill> fills,
      long fixedCycles)
      implements Work {}

  /**
   * A spatial loop along which operands or sums travel visibly.
   *
   * @param loops loops of the nest down to the spatial one, which is the last
   */
  record Fill(List<PlannedLoop> loops) {}

  /**
   * A temporal loop around more than a nest.
   *
   * @param flows whether a pipeline below runs on through its iterations
   */
  record Loop(int id, PlannedLoop loop, boolean flows, Work body) implements Work {}

  /** A spatial loop around more than a nest. */
  record Waves(int id, PlannedLoop loop, Work body) implements Work {}

  /** What runs only in the last iteration of a loop. */
  record OnlyLast(int id, PlannedLoop loop, Work body) implements Work {}

  /**
   * A keep.
   *
   * @param number among the keeps
   * @param exposure which of its transfers the work waits for
   */
  record Residence(int id, int number, List<KeepSite> sites, Exposure exposure, Work body)
      implements Work {
    boolean doubled() {
      return exposure != Exposure.ALL;
    }
  }

  /** Which transfers of a keep the work waits for. */
  enum Exposure {
    /** Those of a single keep. */
    ALL,
    /** The first load, the last store, and in every step what takes longer than its work. */
    STEPS,
    /**
     * The first load and the last store: inside a pipeline other tiles may arrive and leave over
     * many epochs.
     */
    ENDS,
    /**
     * The last store: between flow loops the tiles of a late stage arrive while earlier stages
     * already work.
     */
    LAST_STORE
  }

  /**
   * One after another, or slot by slot on a shared unit: times add.
   *
   * @param interleaved slot by slot, so that all begin and end together
   */
  record Sequence(int id, List<Work> parts, boolean interleaved) implements Work {}

  /** At the same time. */
  record Branches(int id, List<Work> parts) implements Work {}

  /**
   * A pipeline.
   *
   * @param number among the pipelines
   * @param deepest its largest stage
   * @param skew what passes along skewed axes
   */
  record Pipeline(int id, int number, PlannedLoop loop, int deepest, Skew skew, Work body)
      implements Work {}

  /**
   * What passes along skewed axes in a pipeline.
   *
   * @param travels from nests to nests of later epochs
   * @param passages by nest: the spatial loops that its operands and sums pass along
   */
  record Skew(List<Travel> travels, List<List<Fill>> passages) {
    static final Skew NONE = new Skew(List.of(), List.of());

    boolean isNone() {
      return travels.isEmpty() && passages.isEmpty();
    }
  }

  /**
   * A tensor on its way.
   *
   * @param from node of the stage that produces it
   * @param to node of the stage that reads it
   * @param epochs how many later
   * @param fills spatial loops that it passes along, their loops from the stage on
   */
  record Travel(int from, int to, int epochs, List<Fill> fills) {}

  /** A stage. */
  record Stage(int id, int offset, Work body) implements Work {}

  /**
   * A part that starts when all before it is done, transfers included.
   *
   * @param number among the phases, the whole schedule first
   * @param scope what is around it
   * @param fromSite the first site inside
   * @param toSite the first site after it
   */
  record Phase(int id, int number, PlanScope scope, int fromSite, int toSite, Work body)
      implements Work {
    NodePath path() {
      return scope.path();
    }
  }

  /** Direct children in order. */
  default List<Work> children() {
    return switch (this) {
      case Nest _ -> List.of();
      case Loop loop -> List.of(loop.body());
      case Waves waves -> List.of(waves.body());
      case OnlyLast last -> List.of(last.body());
      case Residence residence -> List.of(residence.body());
      case Sequence sequence -> sequence.parts();
      case Branches branches -> branches.parts();
      case Pipeline pipeline -> List.of(pipeline.body());
      case Stage stage -> List.of(stage.body());
      case Phase phase -> List.of(phase.body());
    };
  }
}
