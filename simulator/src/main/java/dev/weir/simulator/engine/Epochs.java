package dev.weir.simulator.engine;

import dev.weir.simulator.component.Flow;
import dev.weir.simulator.component.Service;
import dev.weir.simulator.machine.Loop;
import dev.weir.simulator.machine.Odometer;
import dev.weir.simulator.machine.Program;
import dev.weir.simulator.machine.Ranges;
import dev.weir.simulator.machine.SkewedEpochs;
import dev.weir.simulator.state.Recurrence;
import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.stats.Segment;
import dev.weir.simulator.stats.StallReason;
import dev.weir.simulator.trace.Recorder;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a pipeline, through all iterations of the flow loops around it: epoch after epoch, each a
 * barrier. Every stage has an odometer of its own over these loops, so that a later stage may still
 * be in an earlier outer step. An epoch enters the keeps that its first stage comes to, runs the
 * body, and leaves the keeps whose last stage is through.
 */
final class Epochs extends Activity implements Clock.Listener {

  /** A keep among the loops. */
  record Link(Transfers transfers, int depth, int firstStage, int lastStage) {

    /** Between flow loops, and first used by a stage that begins later than the pipeline. */
    boolean isLate(int loops) {
      return depth < loops && firstStage > 0;
    }
  }

  /** Room that a keep takes; told only when somebody watches. */
  private record Room(Program.LinkedKeep keep, Recorder.Room room) {}

  private static final class Walker {
    private final int stage;
    private final Ranges ranges;
    private boolean active;
    // The outermost loop that moved when this epoch began; END when all of them did.
    private int moved;

    Walker(int stage, Ranges ranges) {
      this.stage = stage;
      this.ranges = ranges;
    }
  }

  private enum Step {
    /** The arrays fill before the first epoch. */
    FILL,
    ENTER,
    BODY,
    /** Something is still on its way along an array to what runs in the next epochs. */
    ARRIVE,
    SETTLE,
    LEAVE
  }

  private final Run run;
  private final Clock clock;
  private final SteadyState steadyState;
  private final List<Recurrence> states;
  private final long unitSet;
  private final Ranges start;
  private final Program.Epochs program;
  private final Odometer odometer;
  private final Ranges atKeep;
  private final List<Walker> walkers = new ArrayList<>();
  private final Walker[] byStage;
  private List<Link> links = List.of();
  private Activity body = Activity.NOBODY;
  private Step step = Step.ENTER;
  private long epoch;
  private int link;
  private boolean running;
  private boolean goesOn;
  private final int number;
  // Not walked: only who watches asks for them, and they follow from where the walkers stand.
  private final List<Room> rooms = new ArrayList<>();
  private final Flow passing = new Flow(Flow.Urgency.TILE);
  private SkewedEpochs.Lengths lengths = SkewedEpochs.Lengths.NOTHING;
  private long began;
  // When its keeps had been entered: what its body passes on is under way from then on.
  private long bodyBegan;

  Epochs(Run run, Program.Epochs program, Ranges start, long unitSet) {
    this.run = run;
    this.clock = run.clock();
    this.steadyState = run.steadyState();
    this.states = program.loops().stream().map(_ -> new Recurrence()).toList();
    this.unitSet = unitSet;
    this.start = start;
    this.program = program;
    this.atKeep = start.copy();
    this.odometer = new Odometer(program.loops());
    this.number = run.recorder().pipeline();
    for (Program.LinkedKeep keep : program.keeps()) {
      rooms.add(new Room(keep, run.recorder().room(keep.kept().allocation())));
    }
    this.byStage = new Walker[program.stages().getLast() + 1];
    for (int stage : program.stages()) {
      Walker walker = new Walker(stage, start.copy());
      walkers.add(walker);
      byStage[stage] = walker;
    }
  }

  void fill(List<Link> keeps, Activity stages) {
    links = keeps;
    body = adopt(stages, this::bodyDone);
  }

  /** Whether a stage has a tile in this epoch. */
  boolean isActive(int stage) {
    return byStage[stage].active;
  }

  /** Where a stage stands. */
  Ranges ranges(int stage) {
    return byStage[stage].ranges;
  }

  /** The epoch that runs. */
  Segment.InEpoch inEpoch() {
    return new Segment.InEpoch(number, epoch);
  }

  @Override
  void begin() {
    clock.epochs(unitSet, true);
    epoch = -1;
    for (Walker walker : walkers) {
      walker.active = false;
    }
    announceLateKeeps();
    lengths = program.skew().lengths(start);
    if (!isPassing(Step.FILL, lengths.once()) && next()) {
      proceed();
    }
  }

  /** Begins to wait for so many cycles; false if there are none. */
  private boolean isPassing(Step what, long cycles) {
    if (cycles <= 0) {
      return false;
    }
    step = what;
    clock.wait(StallReason.Cause.FILL, unitSet, true);
    clock.start(passing, new Service(cycles, List.of()), this);
    return true;
  }

  @Override
  public void flowDone() {
    clock.wait(StallReason.Cause.FILL, unitSet, false);
    if (step == Step.ARRIVE) {
      beginToSettle();
      proceed();
    } else if (next()) {
      proceed();
    }
  }

  /** Their first tiles arrive while earlier stages work. */
  private void announceLateKeeps() {
    Ranges first = start.copy();
    odometer.begin(first);
    for (Link late : links) {
      if (late.isLate(program.loops().size())) {
        late.transfers().announce(around(first, late.depth()));
      }
    }
  }

  private void beginEpoch() {
    began = clock.now();
    for (int i = 0; i < walkers.size(); i++) {
      Walker walker = walkers.get(i);
      if (walker.stage == epoch) {
        walker.ranges.take(start);
        odometer.begin(walker.ranges);
        walker.active = true;
        walker.moved = Odometer.END;
      } else if (walker.active) {
        walker.moved = odometer.advance(walker.ranges);
        walker.active = walker.moved != Odometer.END;
      }
    }
    tellSteadyState(walkers.getFirst());
    step = Step.ENTER;
    link = 0;
    if (run.recorder().isOn()) {
      recordStart();
    }
  }

  private void recordStart() {
    for (Room taken : rooms) {
      Walker walker = byStage[taken.keep().firstStage()];
      if (walker.active && walker.moved < taken.keep().depth()) {
        taken.room().entered(around(walker.ranges, taken.keep().depth()));
      }
    }
  }

  private void recordEnd() {
    Loop loop = program.loops().getLast();
    run.recorder().epoch(inEpoch(), loop, began, clock.now());
    for (Room taken : rooms) {
      Walker walker = byStage[taken.keep().lastStage()];
      if (walker.active && isThrough(walker, taken.keep().depth())) {
        taken.room().left();
      }
    }
  }

  private void tellSteadyState(Walker first) {
    if (first.active && first.moved != Odometer.END) {
      Loop moved = program.loops().get(first.moved);
      steadyState.stepped(moved, first.ranges, states.get(first.moved));
    }
  }

  private void bodyDone() {
    if (!isPassing(Step.ARRIVE, bodyBegan + lengths.least() - clock.now())) {
      beginToSettle();
      proceed();
    }
  }

  private void beginToSettle() {
    step = Step.SETTLE;
    link = links.size() - 1;
  }

  @Override
  void resume() {
    proceed();
  }

  @Override
  String where() {
    String rank = run.prepared().coordinates().variable(program.loops().getLast());
    return "epoch %,d of the pipeline over %s".formatted(epoch, rank);
  }

  @Override
  String leaving(Transfers keep) {
    return links.stream()
        .filter(linked -> linked.transfers().equals(keep))
        .findFirst()
        .map(
            linked ->
                "stage %d has used it, in an epoch that comes after this one"
                    .formatted(linked.lastStage()))
        .orElseGet(() -> super.leaving(keep));
  }

  /** A loop, not a recursion: whatever takes no time is done before it returns. */
  private void proceed() {
    goesOn = true;
    if (running) {
      return;
    }
    running = true;
    while (goesOn) {
      goesOn = false;
      switch (step) {
        case ENTER -> enter();
        case BODY -> work();
        case SETTLE -> settle();
        case LEAVE -> leave();
        case FILL, ARRIVE -> throw new IllegalStateException("goes on by itself");
      }
    }
    running = false;
  }

  /** Outer keeps first: those around which a loop has come to a new step. */
  private void enter() {
    while (link < links.size()) {
      Link next = links.get(link++);
      Walker walker = byStage[next.firstStage()];
      if (walker.active
          && walker.moved < next.depth()
          && !next.transfers().enter(around(walker.ranges, next.depth()), this)) {
        return;
      }
    }
    step = Step.BODY;
    goesOn = true;
  }

  private void work() {
    bodyBegan = clock.now();
    body.start();
  }

  /** A step of the flow loops lasts until what moves beside it has moved. */
  private void settle() {
    Walker first = walkers.getFirst();
    while (link >= 0) {
      Link next = links.get(link--);
      if (first.active
          && next.depth() < program.loops().size()
          && next.firstStage() == 0
          && isThrough(first, next.depth())
          && !next.transfers().settle(this)) {
        return;
      }
    }
    step = Step.LEAVE;
    link = links.size() - 1;
    goesOn = true;
  }

  private void leave() {
    while (link >= 0) {
      Link next = links.get(link--);
      Walker walker = byStage[next.lastStage()];
      if (walker.active
          && isThrough(walker, next.depth())
          && !next.transfers().leave(around(walker.ranges, next.depth()), this)) {
        return;
      }
    }
    // Whoever waits for the last epoch may begin all over again at once.
    if (next()) {
      goesOn = true;
    }
  }

  /** Goes on to the next epoch; false, and all is done, after the last one. */
  private boolean next() {
    if (epoch >= 0 && run.recorder().isOn()) {
      recordEnd();
    }
    Walker last = walkers.getLast();
    if (last.active && isThrough(last, 0)) {
      clock.epochs(unitSet, false);
      finish();
      return false;
    }
    epoch++;
    beginEpoch();
    return true;
  }

  /** Where a stage stands, as a keep sees it that is not below all of the loops. */
  private Ranges around(Ranges inside, int depth) {
    if (depth == program.loops().size()) {
      return inside;
    }
    atKeep.take(inside);
    for (int i = program.loops().size() - 1; i >= depth; i--) {
      atKeep.leave(program.loops().get(i));
    }
    return atKeep;
  }

  /** Whether a stage is at the last tile of the step of the loops that are around a keep. */
  private boolean isThrough(Walker walker, int depth) {
    for (int i = depth; i < program.loops().size(); i++) {
      if (!walker.ranges.isLast(program.loops().get(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  void walkRunning(StateWalk walk) {
    // How many epochs have passed is of interest only until all stages have begun.
    walk.same(Math.min(epoch, byStage.length));
    epoch = walk.total(epoch);
    walk.same(step);
    walk.same(link);
    walk.same(lengths);
    began = walk.since(began);
    // When the body began matters only if the epoch may have to wait; else loops in it may repeat.
    bodyBegan = lengths.least() > 0 ? walk.moment(bodyBegan) : walk.since(bodyBegan);
    for (int i = 0; i < walkers.size(); i++) {
      Walker walker = walkers.get(i);
      walk.same(walker.active);
      if (walker.active) {
        walk.same(walker.moved);
        walker.ranges.walk(walk);
      }
    }
  }
}
