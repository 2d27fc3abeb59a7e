package dev.weir.simulator.pe;

import dev.weir.einsum.ir.Monoid;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.count.Movement;
import dev.weir.simulator.component.Memory;
import java.util.Arrays;

/**
 * The processing elements of a unit while they run one nest. In every cycle every element looks at
 * its links: a step that arrives is done with the operands that arrive beside it, and goes on to
 * the neighbours one hop later. How long a nest takes is not computed but seen: it is over when the
 * last step has left the last element.
 */
final class ProcessingElements {

  private static final int NO_STEP = -1;
  private static final int NOTHING = -1;
  // Of a contribution: there was a point; it has a value.
  private static final int CONTRIBUTED = 1;
  private static final int VALUED = 2;

  private final Nest nest;
  private final RankSpace space;
  private final Coordinates coordinates;
  private final Arithmetic arithmetic;
  private final Monoid reduction;
  // An operation takes interval / unit cycles.
  private final long interval;
  private final long unit;
  private final long drainCycles;
  private final int operands;
  private final boolean isPlain;
  private final boolean isReduced;
  private final PointValue.Computed value;
  private final boolean merges;
  private final Point point;
  private final Tile[] sources;
  private final long[] reads;
  private Wiring wiring;
  private IssuedSteps issued;
  private int size;
  private int history;
  private int places;

  // Links: by cycle modulo the history, place among the steps of a cycle, and element.
  private int[] steps = {};
  private long[][] numbers = {};
  private long[] sums = {};
  private byte[] sumStates = {};
  // Where they hold this cycle's, and by hops what was sent before.
  private int now;
  private int[] sentBefore = {};

  // When steps began and, by address of the first element's result, when the latest one did; only
  // where one may have to wait for another.
  private final long adding;
  private long[] begun = {};
  private long nextStart;
  private long[] starts = {};

  // Of the present run.
  private StepSequence sequence;
  private Tile target;
  private boolean isIssuing;
  private int issuedSteps;
  private int finishedSteps;
  private long firstFinish;
  private long lastFinish;
  private long points;
  private long writes;
  private long accumulatorReads;
  private long steppedCycles;

  ProcessingElements(Nest nest, RankSpace space, Coordinates coordinates, Arithmetic arithmetic) {
    this.nest = nest;
    this.space = space;
    this.coordinates = coordinates;
    this.arithmetic = arithmetic;
    Rational cycles = nest.cyclesPerStep();
    this.reduction = nest.result().reduction();
    this.interval = cycles.numerator();
    this.unit = cycles.denominator();
    this.adding = Math.multiplyExact(nest.addingCycles(), unit);
    this.drainCycles = nest.directions().stream().mapToLong(Nest.Direction::drainCycles).sum();
    this.operands = nest.operands().size();
    this.isPlain = nest.condition().isEmpty() && !nest.asksForCoordinates();
    this.isReduced = !nest.result().reduced().isEmpty();
    this.value = nest.value();
    this.merges = nest.result().use().merged().contains(true);
    this.point = new Point(operands, space.count());
    this.sources = new Tile[operands];
    this.reads = new long[operands];
    int[] single = new int[nest.directions().size()];
    Arrays.fill(single, 1);
    this.wiring = new Wiring(nest, single);
    this.issued = new IssuedSteps(nest, wiring, space, coordinates, 1);
    this.starts = new long[1];
    this.sequence = new StepSequence(nest.loops(), new CurrentRanges(space), space);
    this.target = new Tile(0, new long[0]);
  }

  /**
   * Runs the nest to its end.
   *
   * @param at where the process stands
   */
  void run(long[] at) {
    CurrentRanges leader = nest.path().ranges(at);
    sequence = new StepSequence(nest.loops(), leader, space);
    boolean allHaveTiles = connect(at);
    boolean isAlike = isPlain && allHaveTiles && sequence.isEven(space);
    issued.begin(sequence, Surroundings.of(nest, wiring.grid, space, at, leader, isAlike), at);
    for (int operand = 0; operand < operands; operand++) {
      sources[operand] = nest.operands().get(operand).store().at(at);
      reads[operand] = 0;
    }
    target = nest.result().use().store().at(at);
    points = 0;
    writes = 0;
    accumulatorReads = 0;
    begun = new long[adding > interval ? target.numbers.length : 0];
    Arrays.fill(begun, -adding);
    nextStart = 0;
    issuedSteps = 0;
    finishedSteps = 0;
    firstFinish = 0;
    lastFinish = 0;
    isIssuing = true;
    int cycle = 0;
    while (isIssuing || finishedSteps < issuedSteps) {
      step(cycle);
      cycle++;
    }
    steppedCycles += (long) cycle * size;
  }

  /**
   * Links as many elements as the first steps have tiles for, or all of an axis that fills as a
   * whole.
   *
   * @return whether there is a tile for each
   */
  private boolean connect(long[] at) {
    int[] widths = new int[nest.directions().size()];
    boolean allHaveTiles = true;
    for (int d = 0; d < widths.length; d++) {
      Nest.Direction direction = nest.directions().get(d);
      Loop loop = direction.loop();
      long tiles =
          direction.isInNest()
              ? Math.ceilDiv(sequence.around(direction.depth()).extent[loop.rank()], loop.tile())
              : nest.path().usedLanes(direction.depth(), at);
      long used = Math.min(tiles, loop.lanes());
      widths[d] = Math.toIntExact(direction.isWhole() ? loop.lanes() : used);
      allHaveTiles &= widths[d] == used;
    }
    int perCycle = Math.toIntExact(interval == 0 ? sequence.count() : Math.ceilDiv(unit, interval));
    if (size == 0 || !wiring.grid.hasWidths(widths) || perCycle != places) {
      wiring = new Wiring(nest, widths);
      size = wiring.grid.size();
      places = perCycle;
      history = wiring.grid.longestHop() + 1;
      int onTheWay = Math.multiplyExact(wiring.grid.diameterCycles() + 2, places);
      int capacity = Integer.highestOneBit(onTheWay) * 2;
      issued = new IssuedSteps(nest, wiring, space, coordinates, capacity);
      starts = new long[capacity];
      int links = Math.multiplyExact(history * places, size);
      steps = new int[links];
      numbers = new long[operands][links];
      sums = new long[links];
      sumStates = new byte[links];
      sentBefore = new int[history];
    }
    Arrays.fill(steps, NO_STEP);
    return allHaveTiles;
  }

  /** One cycle of all elements. */
  private void step(int cycle) {
    int firstIssued = issuedSteps;
    while (isIssuing && startOfNext() < (cycle + 1L) * unit) {
      starts[issuedSteps & starts.length - 1] = begin();
      issued.issue(issuedSteps);
      issuedSteps++;
      isIssuing = sequence.next();
    }
    for (int place = 0; place < places; place++) {
      look(cycle, place);
      int first = firstIssued + place < issuedSteps ? firstIssued + place : NO_STEP;
      for (int element = 0; element < size; element++) {
        int step = element == 0 ? first : arriving(element);
        steps[now + element] = step;
        if (step != NO_STEP) {
          operate(step, element);
          finish(step, element, cycle);
        }
      }
    }
  }

  /** When the present step can begin: what it adds to must be there. */
  private long startOfNext() {
    return begun.length == 0 ? nextStart : Math.max(nextStart, begun[addedTo()] + adding);
  }

  private long begin() {
    long start = startOfNext();
    if (begun.length > 0) {
      begun[addedTo()] = start;
    }
    nextStart = start + interval;
    return start;
  }

  /** Address of the first element's result. */
  private int addedTo() {
    return nest.result().use().address().at(sequence.coordinates());
  }

  /** Where links hold what was put on them now, and what so many cycles before. */
  private void look(int cycle, int place) {
    for (int hop = 0; hop < history; hop++) {
      int sent = cycle - hop;
      sentBefore[hop] = sent < 0 ? NOTHING : (sent % history * places + place) * size;
    }
    now = sentBefore[0];
  }

  private int arriving(int element) {
    int sent = sentBefore[wiring.stepHop[element]];
    return sent == NOTHING ? NO_STEP : steps[sent + wiring.stepFrom[element]];
  }

  private void finish(int step, int element, int cycle) {
    long sinceCycle = unit == 1 ? 0 : starts[step & starts.length - 1] % unit;
    long finish = cycle * unit + sinceCycle + interval;
    lastFinish = Math.max(lastFinish, finish);
    if (element == 0) {
      firstFinish = finish;
    }
    if (element == size - 1) {
      finishedSteps++;
    }
  }

  private void operate(int step, int element) {
    for (int operand = 0; operand < operands; operand++) {
      int from = wiring.operandFrom[operand][element];
      long number = 0;
      if (from != Grid.NONE) {
        number = numbers[operand][sentBefore[wiring.operandHop[operand][element]] + from];
      } else if (issued.isNeeded(step, operand, element)) {
        number = read(step, operand, element);
      }
      if (wiring.isPassedOn[operand]) {
        numbers[operand][now + element] = number;
      }
      point.operands[operand] = number;
    }
    long sum = 0;
    int state = 0;
    if (issued.isPresent(step, element)) {
      if (nest.asksForCoordinates()) {
        issued.take(step, element, point.coordinates);
      }
      points++;
      sum = value.at(point);
      state = point.isPresent ? CONTRIBUTED | VALUED : CONTRIBUTED;
    }
    if (merges) {
      merge(step, element, sum, state);
    } else if (state != 0) {
      contribute(step, element, sum, state);
    }
  }

  private long read(int step, int operand, int element) {
    if (issued.counts(step, operand)) {
      reads[operand]++;
    }
    int address = issued.address(step, operand, element);
    Tile source = sources[operand];
    if (!source.has(address, Tile.THERE)) {
      throw new IllegalStateException(
          nest.einsum() + " reads a word that " + nest.operands().get(operand).store() + " lacks");
    }
    return source.numbers[address];
  }

  /** Sums that arrive take in what the element has, and go on or leave. */
  private void merge(int step, int element, long own, int ownState) {
    long sum = own;
    int state = ownState;
    for (int i = 0; i < wiring.sumFrom.length; i++) {
      int from = wiring.sumFrom[i][element];
      if (from != Grid.NONE) {
        int arrived = sentBefore[wiring.sumHop[i][element]] + from;
        if ((sumStates[arrived] & VALUED) != 0) {
          sum =
              (state & VALUED) != 0
                  ? arithmetic.combine(reduction, sums[arrived], sum)
                  : sums[arrived];
        }
        state |= sumStates[arrived];
      }
    }
    sums[now + element] = sum;
    sumStates[now + element] = (byte) state;
    if (wiring.leaves[element] && state != 0) {
      contribute(step, element, sum, state);
    }
  }

  private void contribute(int step, int element, long sum, int state) {
    int address = issued.address(step, operands, element);
    if (!target.has(address, Tile.THERE)) {
      throw new IllegalStateException(
          nest.einsum() + " writes a word that " + nest.result().use().store() + " lacks");
    }
    if (issued.counts(step, operands)) {
      writes++;
      accumulatorReads += isReduced && target.has(address, Tile.TOUCHED) ? 1 : 0;
    }
    target.mark(address, Tile.TOUCHED);
    if ((state & VALUED) != 0) {
      target.put(
          address,
          isReduced && target.has(address, Tile.VALUED)
              ? arithmetic.combine(reduction, target.numbers[address], sum)
              : sum);
    }
  }

  /** Cycles of the last run in which the first element did operations. */
  long workCycles() {
    return Math.ceilDiv(Math.multiplyExact(interval, (long) issuedSteps), unit);
  }

  /** Cycles in which it waited for a result to add to, or the last one was not there yet. */
  long operationCycles() {
    return Math.ceilDiv(firstFinish, unit) - workCycles() + nest.lateCycles();
  }

  /** Cycles of the last run in which only others had, or merged sums were on their way out. */
  long fillCycles() {
    return Math.ceilDiv(lastFinish, unit) + drainCycles - Math.ceilDiv(firstFinish, unit);
  }

  /** Adds what the last run did. */
  void count(Tally tally) {
    for (int operand = 0; operand < operands; operand++) {
      Nest.Use use = nest.operands().get(operand);
      tally.move(use.tensor(), use.store().level(), Movement.READ, reads[operand]);
    }
    Nest.Use use = nest.result().use();
    tally.move(use.tensor(), use.store().level(), Movement.WRITE, writes);
    tally.move(use.tensor(), use.store().level(), Movement.READ, accumulatorReads);
    nest.operations()
        .forEach(
            (kind, amount) ->
                tally.operate(
                    new Counts.Work(nest.einsum(), nest.unit(), kind),
                    Math.multiplyExact(points, amount)));
  }

  /**
   * Adds what the last run asks of ports. Where points are absent their words' slots pass unused,
   * as those of the elements do.
   */
  void demand(Demands demands, long[] at) {
    if (points == 0) {
      return;
    }
    for (int operand = 0; operand < operands; operand++) {
      Memory home = nest.operands().get(operand).store().memory();
      demands.ask(home);
      demands.read(home, issued.portWords(operand));
    }
    Nest.Result result = nest.result();
    demands.write(result.use().store().memory(), issued.portWords(operands));
    if (isReduced) {
      boolean isFresh = result.mustBeFirst().stream().allMatch(loop -> at[loop] == 0);
      long first = isFresh ? issued.firstPortWords() : 0;
      demands.read(result.use().store().memory(), issued.portWords(operands) - first);
    }
  }

  /** Cycles × elements of all runs. */
  long steppedCycles() {
    return steppedCycles;
  }
}
