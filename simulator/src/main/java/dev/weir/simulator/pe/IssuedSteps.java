package dev.weir.simulator.pe;

import java.util.Arrays;
import java.util.List;

/**
 * The steps of a nest that are on their way through the array: what an element must know of a step
 * when it comes by. Accesses are numbered, operands first, then the result.
 */
final class IssuedSteps {

  private final Nest nest;
  private final Wiring wiring;
  private final Coordinates coordinates;
  private final int accesses;
  private final int size;
  private final int mask;

  // By step and access, steps taken modulo the capacity.
  private final int[] addresses;
  private final boolean[] counts;
  // The same by element, where elements differ by more than an offset.
  private final boolean[] present;
  private final boolean[] needed;
  private final int[] ownAddresses;
  private final long[][] points;

  private final long[] portWords;
  private long firstPortWords;

  private final boolean[] countsAround;
  private final CurrentRanges scratch;
  private final long[] lanes;
  private final int[] directionOfLoop;

  // Of the present run.
  private StepSequence sequence;
  private Surroundings around;

  /**
   * For steps of a nest.
   *
   * @param capacity how many of them are on their way at most; a power of two
   */
  IssuedSteps(Nest nest, Wiring wiring, RankSpace space, Coordinates coordinates, int capacity) {
    this.nest = nest;
    this.wiring = wiring;
    this.coordinates = coordinates;
    this.accesses = nest.operands().size() + 1;
    this.size = wiring.grid.size();
    this.mask = capacity - 1;
    this.addresses = new int[capacity * accesses];
    this.counts = new boolean[capacity * accesses];
    this.present = new boolean[capacity * size];
    this.needed = new boolean[capacity * accesses * size];
    this.ownAddresses = new int[capacity * accesses * size];
    this.points = new long[nest.asksForCoordinates() ? capacity * size : 0][space.count()];
    this.portWords = new long[accesses];
    this.countsAround = new boolean[accesses];
    this.scratch = new CurrentRanges(space);
    this.lanes = new long[nest.loops().size()];
    this.directionOfLoop = new int[nest.loops().size()];
    this.sequence = new StepSequence(List.of(), scratch, space);
    this.around = Surroundings.NONE;
    Arrays.fill(directionOfLoop, Grid.NONE);
    for (int d = 0; d < nest.directions().size(); d++) {
      if (nest.directions().get(d).isInNest()) {
        directionOfLoop[nest.directions().get(d).depth()] = d;
      }
    }
  }

  /**
   * Begins a run at its first step, which is not issued yet.
   *
   * @param surroundings what is around each element
   * @param steps where the process stands
   */
  void begin(StepSequence first, Surroundings surroundings, long[] steps) {
    sequence = first;
    around = surroundings;
    Arrays.fill(portWords, 0);
    firstPortWords = 0;
    for (int access = 0; access < accesses; access++) {
      countsAround[access] = true;
      for (int d = 0; d < nest.directions().size(); d++) {
        Nest.Direction direction = nest.directions().get(d);
        if (!direction.isInNest() && use(access).merged().get(d)) {
          countsAround[access] &= steps[direction.loop().number()] == 0;
        }
      }
    }
  }

  private Nest.Use use(int access) {
    return access < accesses - 1 ? nest.operands().get(access) : nest.result().use();
  }

  /** Issues the present step of the sequence under this number. */
  void issue(int number) {
    int step = number & mask;
    long[] leader = sequence.coordinates();
    for (int access = 0; access < accesses; access++) {
      addresses[step * accesses + access] = use(access).address().at(leader);
      counts[step * accesses + access] = countsAround[access] && isFirstWave(use(access));
    }
    if (around.isEven()) {
      countPortsEvenly();
    } else {
      place(step);
    }
  }

  /** Whether all loops of the nest along which the access is merged are in their first wave. */
  private boolean isFirstWave(Nest.Use use) {
    for (int d = 0; d < use.merged().size(); d++) {
      Nest.Direction direction = nest.directions().get(d);
      if (direction.isInNest() && use.merged().get(d) && sequence.step(direction.depth()) > 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether elements of the output get their first contribution, as far as the nest decides. */
  private boolean isFirstOfSums() {
    for (int at = 0; at < lanes.length; at++) {
      if (sequence.step(at) > 0 && nest.result().reduced().contains(nest.loops().get(at).rank())) {
        return false;
      }
    }
    return true;
  }

  private void countPortsEvenly() {
    for (int access = 0; access < accesses; access++) {
      if (isFirstWave(use(access))) {
        portWords[access] += wiring.portElements[access];
      }
    }
    if (isFirstOfSums()) {
      firstPortWords += wiring.portElements[accesses - 1];
    }
  }

  private void place(int step) {
    Arrays.fill(needed, step * accesses * size, (step + 1) * accesses * size, false);
    boolean isFirstOfSums = isFirstOfSums();
    for (int element = 0; element < size; element++) {
      boolean isThere = follow(element);
      boolean isPresent = isThere && isPresent();
      present[step * size + element] = isPresent;
      if (isThere) {
        countPorts(element, isFirstOfSums);
      }
      if (isPresent) {
        ask(step, element);
      }
    }
  }

  private boolean follow(int element) {
    for (int at = 0; at < lanes.length; at++) {
      int direction = directionOfLoop[at];
      lanes[at] = direction == Grid.NONE ? 0 : wiring.grid.position(element, direction);
    }
    return around.enter(element, scratch) && sequence.follow(scratch, lanes);
  }

  private boolean isPresent() {
    return nest.condition().isEmpty() || coordinates.holds(nest.condition().get(), scratch.low);
  }

  /** Ports are asked for the words of all points: the slots of absent ones pass unused. */
  private void countPorts(int element, boolean isFirstOfSums) {
    for (int access = 0; access < accesses; access++) {
      if (wiring.isAtPort[access][element] && isFirstWave(use(access))) {
        portWords[access]++;
      }
    }
    if (isFirstOfSums && wiring.isAtPort[accesses - 1][element]) {
      firstPortWords++;
    }
  }

  /** An element with a point has its operands read, each at the edge that it starts from. */
  private void ask(int step, int element) {
    for (int access = 0; access < accesses; access++) {
      int reader =
          access < accesses - 1 ? wiring.operandEdge[access][element] : wiring.sumEnd[element];
      int at = (step * accesses + access) * size + reader;
      needed[at] = true;
      ownAddresses[at] = use(access).address().at(scratch.low);
    }
    if (points.length > 0) {
      System.arraycopy(scratch.low, 0, points[step * size + element], 0, scratch.low.length);
    }
  }

  /** Whether the element has a point in this step. */
  boolean isPresent(int number, int element) {
    return around.isEven() || present[(number & mask) * size + element];
  }

  /** Whether the element must read this operand, for itself or for others. */
  boolean isNeeded(int number, int operand, int element) {
    return around.isEven() || needed[((number & mask) * accesses + operand) * size + element];
  }

  int address(int number, int access, int element) {
    int at = (number & mask) * accesses + access;
    return around.isEven()
        ? addresses[at] + wiring.offset[access][element]
        : ownAddresses[at * size + element];
  }

  /** Whether words of this access count: where waves share one read, those of the first do. */
  boolean counts(int number, int access) {
    return counts[(number & mask) * accesses + access];
  }

  /** Gives the coordinates of an element's point; only where the nest asks for them. */
  void take(int number, int element, long[] into) {
    long[] known = points[(number & mask) * size + element];
    System.arraycopy(known, 0, into, 0, into.length);
  }

  /** Words of an access at the busiest instance of its home, of all steps issued. */
  long portWords(int access) {
    return portWords[access];
  }

  /** Those of the result that come first to their element, as far as the nest decides. */
  long firstPortWords() {
    return firstPortWords;
  }
}
